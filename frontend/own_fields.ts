// Forms with fields of the organisation's own. What is asked depends on what is typed: the page asks the server, which
// knows the rules, and shows, hides and adds up accordingly. Repeating lines get a button to add and to remove one.

const PAUSE = 250;

interface Asked {
  asked: string[];
  totals: Record<string, string>;
  lines: Record<string, string[][]>;
}

const timers = new WeakMap<HTMLElement, number>();
const latest = new WeakMap<HTMLElement, number>();

function typedIn(line: Element): boolean {
  return [...line.querySelectorAll<HTMLInputElement | HTMLSelectElement>("input, select")].some((control) =>
    control instanceof HTMLInputElement && control.type === "checkbox" ? control.checked : control.value.trim() !== "",
  );
}

async function ask(around: HTMLElement): Promise<void> {
  const form = around.closest("form");
  const address = around.dataset.asked;
  if (!form || !address) return;
  const turn = (latest.get(around) ?? 0) + 1;
  latest.set(around, turn);
  const typed = new FormData(form);
  const sent = new FormData();
  // Also what is not asked now is sent: it may be asked again, and is as it stands.
  // A file is not: once it has come, its id stands in the form.
  for (const [name, value] of typed) if (typeof value === "string" && /^(f\d+(\..*)?|own|csrfmiddlewaretoken)$/.test(name)) sent.append(name, value);
  let answer: Asked;
  try {
    const response = await fetch(address, { method: "POST", body: sent, redirect: "error" });
    if (!response.ok) return;
    answer = (await response.json()) as Asked;
  } catch {
    // Without the server nothing new is asked; what must be filled in is told when the form is sent.
    return;
  }
  if (latest.get(around) !== turn || !around.isConnected) return;
  show(around, answer);
}

function show(around: HTMLElement, answer: Asked): void {
  const asked = new Set(answer.asked);
  let changed = false;
  for (const field of around.querySelectorAll<HTMLFieldSetElement>("[data-own]")) {
    const wanted = asked.has(field.dataset.own ?? "");
    // Nothing vanishes under the hand of whoever is typing in it.
    if (field.hidden === !wanted || (!wanted && field.contains(document.activeElement))) continue;
    field.hidden = field.disabled = !wanted;
    changed = true;
  }
  for (const section of around.querySelectorAll<HTMLElement>("[data-own-section]")) {
    section.hidden = ![...section.querySelectorAll<HTMLElement>("[data-own], [data-built-in]")].some((one) => !one.hidden);
  }
  for (const output of around.querySelectorAll<HTMLOutputElement>("[data-total]")) {
    output.textContent = answer.totals[output.dataset.total ?? ""] || "–";
  }
  for (const lines of around.querySelectorAll<HTMLElement>("[data-lines]")) {
    const totals = answer.lines[lines.dataset.lines ?? ""] ?? [];
    let at = 0;
    for (const line of lines.querySelectorAll("[data-line]")) {
      const known = typedIn(line) ? (totals[at++] ?? []) : [];
      line.querySelectorAll("[data-line-total]").forEach((output, column) => (output.textContent = known[column] ?? ""));
    }
  }
  // What was not asked before may ask for more in its turn.
  if (changed) void ask(around);
}

function later(target: EventTarget | null, pause: number): void {
  const around = target instanceof Element ? target.closest<HTMLElement>("[data-asked]") : null;
  if (!around) return;
  window.clearTimeout(timers.get(around));
  timers.set(
    around,
    window.setTimeout(() => void ask(around), pause),
  );
}

function addLine(lines: HTMLElement): void {
  const rows = lines.querySelector("[data-rows]");
  const empty = lines.querySelector("template");
  if (!rows || !empty) return;
  const count = rows.querySelectorAll("[data-line]").length;
  if (count >= Number(lines.dataset.most)) return;
  const taken = [...rows.querySelectorAll<HTMLInputElement>("[name]")].map((one) => Number(one.name.split(".")[1]));
  const number = Math.max(-1, ...taken) + 1;
  const holder = document.createElement("template");
  holder.innerHTML = empty.innerHTML.replaceAll(".%n.", `.${number}.`).replaceAll("%n", String(count + 1));
  const row = holder.content.querySelector<HTMLElement>("[data-line]");
  if (!row) return;
  rows.append(row);
  reveal(row);
  row.querySelector<HTMLElement>("input, select")?.focus();
}

function removeLine(line: HTMLElement): void {
  const lines = line.closest<HTMLElement>("[data-lines]");
  const next = (line.nextElementSibling ?? line.previousElementSibling)?.querySelector<HTMLElement>("input, select");
  const first = line.querySelector<HTMLInputElement | HTMLSelectElement>("input, select");
  line.remove();
  (next ?? lines?.querySelector<HTMLElement>("[data-add-line]"))?.focus();
  // Whoever keeps what is typed must hear of it as of any other change.
  const heard = lines?.querySelector<HTMLInputElement>("input, select") ?? lines;
  if (first) heard?.dispatchEvent(new Event("change", { bubbles: true }));
}

/** The buttons do nothing without a script, so they are there only with one. */
function reveal(within: ParentNode): void {
  for (const button of within.querySelectorAll<HTMLElement>("[data-add-line], [data-remove-line]")) button.hidden = false;
}

document.addEventListener("input", (event) => later(event.target, PAUSE));
document.addEventListener("change", (event) => later(event.target, 0));
document.addEventListener("click", (event) => {
  if (!(event.target instanceof Element)) return;
  const lines = event.target.closest<HTMLElement>("[data-lines]");
  if (!lines) return;
  if (event.target.closest("[data-add-line]")) addLine(lines);
  const removing = event.target.closest("[data-remove-line]");
  if (removing) removeLine(removing.closest("[data-line]") as HTMLElement);
});
document.addEventListener("htmx:load", (event) => reveal(event.target as HTMLElement));
reveal(document);
