// The pad on which somebody signs. What is sent are the strokes, in units of the pad; the server draws the picture. The
// name can be typed instead, so that nobody needs a hand or an eye for it.
import { say, sendFor } from "./files";

type Stroke = number[];

const strokes = new WeakMap<HTMLCanvasElement, Stroke[]>();
const drawing = new WeakMap<HTMLCanvasElement, Stroke>();

function padOf(target: EventTarget | null): HTMLCanvasElement | null {
  return target instanceof HTMLCanvasElement && target.closest("[data-pad]") ? target : null;
}

function place(pad: HTMLCanvasElement, event: PointerEvent): [number, number] {
  const frame = pad.getBoundingClientRect();
  const within = (value: number, most: number): number => Math.round(Math.min(Math.max(value, 0), most));
  return [
    within(((event.clientX - frame.left) / frame.width) * pad.width, pad.width),
    within(((event.clientY - frame.top) / frame.height) * pad.height, pad.height),
  ];
}

function pen(pad: HTMLCanvasElement): CanvasRenderingContext2D | null {
  const context = pad.getContext("2d");
  if (!context) return null;
  context.lineWidth = 5;
  context.lineCap = context.lineJoin = "round";
  context.strokeStyle = "#141414";
  return context;
}

function extend(pad: HTMLCanvasElement, stroke: Stroke, [x, y]: [number, number]): void {
  const [fromX, fromY] = stroke.slice(-2);
  if (fromX === x && fromY === y) return;
  stroke.push(x, y);
  const context = pen(pad);
  context?.beginPath();
  context?.moveTo(fromX ?? x, fromY ?? y);
  context?.lineTo(x, y);
  context?.stroke();
}

function note(pad: HTMLCanvasElement): void {
  const input = pad.parentElement?.querySelector<HTMLInputElement>("input[type=hidden]");
  const drawn = strokes.get(pad) ?? [];
  // Without the button, what was drawn goes with the form.
  if (input) input.value = drawn.length ? JSON.stringify(drawn) : "";
}

function clear(signing: HTMLElement): void {
  const pad = signing.querySelector("canvas");
  if (pad) {
    pen(pad)?.clearRect(0, 0, pad.width, pad.height);
    strokes.set(pad, []);
    note(pad);
  }
  const name = signing.querySelector<HTMLInputElement>("input[type=text]");
  if (name) name.value = "";
}

async function sign(signing: HTMLDetailsElement, holder: HTMLElement): Promise<void> {
  const key = holder.dataset.file ?? "";
  const value = (name: string): string => signing.querySelector<HTMLInputElement>(`input[name="${key}.${name}"]`)?.value ?? "";
  try {
    const parts = { strokes: value("strokes"), typed: value("typed") };
    if (!(await sendFor(holder, parts))) return;
    clear(signing);
    signing.open = false;
    const summary = signing.querySelector("summary");
    if (summary) summary.textContent = signing.dataset.textAgain ?? "";
    summary?.focus();
  } catch {
    // What was drawn stays, and goes with the form.
    say(holder, holder.dataset.textWaiting ?? "", true);
  }
}

document.addEventListener("pointerdown", (event) => {
  const pad = padOf(event.target);
  if (!pad || pad.closest("fieldset:disabled") || (event.pointerType === "mouse" && event.button !== 0)) return;
  pad.setPointerCapture(event.pointerId);
  const stroke: Stroke = [];
  drawing.set(pad, stroke);
  strokes.set(pad, [...(strokes.get(pad) ?? []), stroke]);
  extend(pad, stroke, place(pad, event));
});
document.addEventListener("pointermove", (event) => {
  const pad = padOf(event.target);
  const stroke = pad && drawing.get(pad);
  if (!pad || !stroke) return;
  const passed = event.getCoalescedEvents?.() ?? [];
  for (const one of passed.length ? passed : [event]) extend(pad, stroke, place(pad, one));
});
for (const end of ["pointerup", "pointercancel"] as const) {
  document.addEventListener(end, (event) => {
    const pad = padOf(event.target);
    if (!pad || !drawing.delete(pad)) return;
    note(pad);
  });
}
document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("[data-sign], [data-clear]") : null;
  const signing = button?.closest<HTMLDetailsElement>("[data-signing]");
  const holder = signing?.closest<HTMLElement>("[data-file]");
  if (!button || !signing || !holder) return;
  if (button.matches("[data-clear]")) clear(signing);
  else void sign(signing, holder);
});
// Enter in the name signs; it must not send the whole form.
document.addEventListener(
  "keydown",
  (event) => {
    const name = event.target;
    if (event.key !== "Enter" || event.isComposing || !(name instanceof HTMLInputElement)) return;
    const signing = name.closest<HTMLDetailsElement>("[data-signing]");
    const holder = signing?.closest<HTMLElement>("[data-file]");
    if (!signing || !holder) return;
    event.preventDefault();
    void sign(signing, holder);
  },
  true,
);

/** The pad and its buttons do nothing without a script, so they are there only with one. */
function reveal(within: ParentNode): void {
  for (const part of within.querySelectorAll<HTMLElement>("[data-pad], [data-signing-buttons]")) part.hidden = false;
}
document.addEventListener("htmx:load", (event) => reveal(event.target as HTMLElement));
reveal(document);
