// The day's manners: links open sheets beside it, a free stretch offers each of its starts to the pointer and to the
// arrow keys, and what is open in the sheet is not forgotten when a free place is chosen.
import htmx from "htmx.org";

const ROW_MINUTES = 5;

interface Choice {
  stretch: string;
  step: number;
}

// The start chosen inside a free stretch, which a refresh of the day must not forget.
let choice: Choice | null = null;
// The stop that Tab returns to.
let current = "";

function grid(): HTMLElement | null {
  return document.getElementById("day-grid");
}

function gridMinutes(): number {
  return Number(grid()?.dataset.gridMinutes) || 15;
}

function startAt(stretch: HTMLElement, step: number): Date {
  return new Date(new Date(stretch.dataset.start ?? "").getTime() + step * gridMinutes() * 60_000);
}

function lastStep(stretch: HTMLElement): number {
  return Math.max(0, Math.ceil(Number(stretch.dataset.minutes) / gridMinutes()) - 1);
}

function clock(at: Date): string {
  const timeZone = document.getElementById("day")?.dataset.zone;
  const shown = new Intl.DateTimeFormat("fr", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone });
  // As the page writes it: 9:30.
  return shown.format(at).replace(/^0/, "");
}

function stepUnder(stretch: HTMLElement, clientY: number): number {
  const box = stretch.getBoundingClientRect();
  const minutes = ((clientY - box.top) / box.height) * Number(stretch.dataset.minutes);
  return Math.min(lastStep(stretch), Math.max(0, Math.floor(minutes / gridMinutes())));
}

function hideStart(): void {
  document.querySelector(".free-start")?.remove();
}

function showStart(stretch: HTMLElement, step: number): void {
  const shown = stretch.querySelector<HTMLElement>(".free-start") ?? document.createElement("span");
  if (!shown.isConnected) {
    hideStart();
    shown.className = "free-start";
    shown.setAttribute("aria-hidden", "true");
    stretch.append(shown);
  }
  const rows = Number(stretch.dataset.minutes) / ROW_MINUTES;
  const at = (step * gridMinutes()) / ROW_MINUTES;
  shown.style.setProperty("--at", String(at));
  shown.style.setProperty("--tall", String(Math.min(Math.max(3, gridMinutes() / ROW_MINUTES), rows - at)));
  shown.textContent = clock(startAt(stretch, step));
}

function say(text: string): void {
  let voice = document.getElementById("day-voice");
  if (!voice) {
    voice = document.createElement("p");
    voice.id = "day-voice";
    voice.className = "sr-only";
    voice.setAttribute("aria-live", "polite");
    document.body.append(voice);
  }
  voice.textContent = text;
}

/** What the open sheet knows of a booking: a free place adds its member and start to it. */
function bookingState(): URLSearchParams {
  const sheet = document.getElementById("sheet");
  const form = sheet?.querySelector<HTMLFormElement>("#booking-form");
  if (form) {
    const known = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      if (typeof value === "string" && value && name !== "csrfmiddlewaretoken") known.append(name, value);
    }
    return known;
  }
  const said = sheet?.querySelector<HTMLElement>("[data-booking-state]")?.dataset.bookingState;
  // A customer's own link to a new appointment knows the customer.
  return new URLSearchParams(said ?? sheet?.querySelector<HTMLAnchorElement>("#customer-book")?.search ?? "");
}

function bookingAddress(stretch: HTMLAnchorElement, step: number): string {
  const place = new URL(stretch.href);
  const wanted = bookingState();
  const members = wanted.getAll("member").slice(1);
  for (const name of ["member", "start", "day", "first_day", "now"]) wanted.delete(name);
  wanted.append("member", place.searchParams.get("member") ?? "");
  for (const member of members) wanted.append("member", member);
  wanted.set("start", startAt(stretch, step).toISOString());
  for (const [name, value] of place.searchParams) if (!wanted.has(name)) wanted.append(name, value);
  return `${place.pathname}?${wanted}`;
}

function openSheet(link: HTMLAnchorElement, address: string): void {
  htmx.ajax("GET", address, { source: link, target: "#sheet", swap: "innerHTML", push: address });
}

document.addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("#day a[data-sheet]") : null;
  if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const url = new URL(link.href);
  if (!link.matches(".free")) return openSheet(link, link.matches(".list-book") ? bookingAddress(link, 0) : url.pathname + url.search);
  // A click made by Enter has no place of its own: it opens the start that the arrow keys have chosen.
  const byPointer = event.detail > 0;
  const step = byPointer ? stepUnder(link, event.clientY) : choice?.stretch === link.id ? choice.step : 0;
  current = link.id;
  choice = { stretch: link.id, step };
  openSheet(link, bookingAddress(link, step));
});

document.addEventListener("pointermove", (event) => {
  if (event.pointerType === "touch") return;
  const stretch = event.target instanceof Element ? event.target.closest<HTMLElement>("#day-grid a.free") : null;
  if (stretch) showStart(stretch, stepUnder(stretch, event.clientY));
  else if (!document.activeElement?.matches("#day-grid a.free")) hideStart();
});

// Walking with the arrow keys: up and down through one member's day, left and right to a colleague at the same time.

function stopsOf(column: Element): HTMLElement[] {
  return [...column.querySelectorAll<HTMLElement>("[data-stop]")];
}

function columns(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>("#day-grid .day-column")].filter((column) => column.checkVisibility());
}

function heightOf(stop: HTMLElement): number {
  const box = (stop.querySelector(".free-start") ?? stop).getBoundingClientRect();
  return box.top + Math.min(box.height, 24) / 2;
}

function roam(): void {
  const stops = [...document.querySelectorAll<HTMLElement>("#day-grid [data-stop]")].filter((stop) => stop.checkVisibility());
  const focused = stops.find((stop) => stop === document.activeElement);
  const first = focused ?? stops.find((stop) => stop.id === current) ?? stops.find((stop) => stop.matches("a.free")) ?? stops[0];
  for (const stop of stops) stop.tabIndex = stop === first ? 0 : -1;
  current = first?.id ?? "";
}

function go(stop: HTMLElement | undefined, step = 0): void {
  if (!stop) return;
  current = stop.id;
  roam();
  stop.focus({ preventScroll: true });
  if (stop.matches("a.free")) choose(stop, step);
  else hideStart();
  (stop.querySelector(".free-start") ?? stop).scrollIntoView({ block: "nearest", inline: "nearest" });
}

function choose(stretch: HTMLElement, step: number): void {
  choice = { stretch: stretch.id, step };
  showStart(stretch, step);
  if (step) say(clock(startAt(stretch, step)));
}

function sideways(stop: HTMLElement, by: number): void {
  const all = columns();
  const here = all.findIndex((column) => column.contains(stop));
  const at = heightOf(stop);
  for (let index = here + by; index >= 0 && index < all.length; index += by) {
    const stops = stopsOf(all[index] as HTMLElement);
    if (!stops.length) continue;
    const distance = (other: HTMLElement) => {
      const box = other.getBoundingClientRect();
      return at < box.top ? box.top - at : at > box.bottom ? at - box.bottom : 0;
    };
    const nearest = stops.reduce((best, other) => (distance(other) < distance(best) ? other : best));
    return go(nearest, nearest.matches("a.free") ? stepUnder(nearest, at) : 0);
  }
}

function upOrDown(stop: HTMLElement, by: number): void {
  const step = choice?.stretch === stop.id ? choice.step : 0;
  if (stop.matches("a.free") && step + by >= 0 && step + by <= lastStep(stop)) {
    choose(stop, step + by);
    stop.querySelector(".free-start")?.scrollIntoView({ block: "nearest" });
    return;
  }
  const stops = stopsOf(stop.closest(".day-column") as Element);
  const next = stops[stops.indexOf(stop) + by];
  if (next) go(next, by < 0 && next.matches("a.free") ? lastStep(next) : 0);
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  const target = event.target instanceof HTMLElement ? event.target : null;
  if (target?.id === "day-grid" && event.key.startsWith("Arrow")) {
    event.preventDefault();
    go(document.getElementById(current) ?? undefined);
    return;
  }
  const stop = target?.closest<HTMLElement>("#day-grid [data-stop]");
  if (!stop) return;
  const stops = stopsOf(stop.closest(".day-column") as Element);
  const moves: Record<string, () => void> = {
    ArrowDown: () => upOrDown(stop, 1),
    ArrowUp: () => upOrDown(stop, -1),
    ArrowRight: () => sideways(stop, 1),
    ArrowLeft: () => sideways(stop, -1),
    Home: () => go(stops[0]),
    End: () => go(stops.at(-1)),
  };
  const move = moves[event.key];
  if (!move) return;
  event.preventDefault();
  move();
});

document.addEventListener("focusin", (event) => {
  const stop = event.target instanceof HTMLElement && event.target.matches("#day-grid [data-stop]") ? event.target : null;
  if (!stop) return;
  current = stop.id;
  if (stop.matches("a.free:focus-visible")) choose(stop, choice?.stretch === stop.id ? choice.step : 0);
});
document.addEventListener("focusout", (event) => {
  if (event.target instanceof Element && event.target.matches("#day-grid a.free")) hideStart();
});

// The visit whose sheet is open is marked on the page.

function markOpenVisit(): void {
  for (const visit of document.querySelectorAll<HTMLAnchorElement>("#day a.visit")) {
    const open = new URL(visit.href).pathname === location.pathname && !!document.querySelector("#sheet > *");
    if (open) visit.setAttribute("aria-current", "true");
    else visit.removeAttribute("aria-current");
  }
}

function settle(): void {
  roam();
  markOpenVisit();
  const focused = document.activeElement;
  if (focused instanceof HTMLElement && focused.matches("#day-grid a.free:focus-visible")) {
    const step = choice?.stretch === focused.id ? Math.min(choice.step, lastStep(focused)) : 0;
    showStart(focused, step);
  }
}

document.addEventListener("htmx:after:swap", (event) => {
  const { ctx } = (event as CustomEvent<{ ctx: { sourceElement?: Element; response?: { status: number } } }>).detail;
  // Arrived at the typed day: the arrow keys are of more use there than the field, and a field in use stops refreshes.
  if (ctx.sourceElement?.id === "day-form" && ctx.response?.status === 200) {
    (grid() ?? document.getElementById("main"))?.focus();
  }
  settle();
});

document.addEventListener("change", (event) => {
  const picker = event.target;
  if (!(picker instanceof HTMLSelectElement) || !picker.matches("[data-member-picker]")) return;
  const address = new URL(document.getElementById("day")?.dataset.address ?? "", location.href);
  address.searchParams.set("member", picker.value);
  const path = address.pathname + address.search;
  picker.blur();
  htmx.ajax("GET", path, { target: "#day", swap: "outerMorph", push: path });
});

// A closed sheet leaves the day's own address in the address bar, so that reloading does not open it again.
const sheet = document.getElementById("sheet");
if (sheet) {
  new MutationObserver(() => {
    const address = document.getElementById("day")?.dataset.address;
    if (sheet.childElementCount || !address) return;
    history.replaceState(history.state, "", address);
    markOpenVisit();
  }).observe(sheet, { childList: true });
}

settle();

// On a phone the whole page moves instead of the grid: begin a little above the current time.
const now = document.querySelector("#day-grid .now[data-scroll-here]");
if (now && grid()?.scrollHeight === grid()?.clientHeight) {
  const below = now.getBoundingClientRect().top - window.innerHeight * 0.6;
  if (below > 0) window.scrollBy(0, below);
}
