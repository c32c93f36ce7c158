// The price list: lines are walked with the arrow keys, ticked with the space bar and opened with Enter; what is opened
// lies in the sheet beside them.
import htmx from "htmx.org";

const LINE = ".price-line, .price-card";

document.documentElement.classList.add("scripted");

document.addEventListener("click", (event) => {
  if (!(event.target instanceof Element)) return;
  const link = event.target.closest<HTMLAnchorElement>("#services a[data-sheet]");
  if (link && !event.defaultPrevented && !event.button && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    const address = link.pathname + link.search;
    htmx.ajax("GET", address, { source: link, target: "#sheet", swap: "innerHTML", push: address });
  }
  if (event.target.closest("[data-select-all]")) {
    for (const tick of ticks()) tick.checked = true;
    count();
  }
});

function ticks(): HTMLInputElement[] {
  return [...document.querySelectorAll<HTMLInputElement>("#services .price-tick")];
}

/** Say how many are ticked; without any, the bar is not there. */
function count(): void {
  const bar = document.getElementById("selection");
  const told = bar?.querySelector("[data-selected]");
  if (!bar || !told) return;
  const ticked = ticks().filter((tick) => tick.checked).length;
  told.textContent = ticked ? String(ticked) : "";
  for (const button of bar.querySelectorAll("[data-select-all]")) button.toggleAttribute("hidden", ticked === ticks().length);
}

document.addEventListener("change", (event) => {
  if (event.target instanceof Element && event.target.matches(".price-tick")) count();
});

// A form is reset after its event.
document.addEventListener("reset", () => setTimeout(count));

// How many lines stand beside each other: one in the list, several among the cards.
function columns(lines: HTMLElement[], here: number): number {
  const list = lines[here].parentElement;
  const inside = lines.filter((line) => line.parentElement === list);
  return Math.max(1, inside.filter((line) => line.offsetTop === inside[0].offsetTop).length);
}

document.addEventListener("keydown", (event) => {
  const within = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>(LINE) : null;
  if (!within || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const stop = event.target as HTMLElement;
  if (event.key === " " && stop.matches(".price-name")) {
    const tick = within.querySelector<HTMLInputElement>(".price-tick");
    if (tick) {
      event.preventDefault();
      tick.click();
    }
    return;
  }
  const lines = [...document.querySelectorAll<HTMLElement>(`#services :is(${LINE})`)];
  const here = lines.indexOf(within);
  const cards = within.matches(".price-card");
  const wide = cards ? columns(lines, here) : 1;
  const steps: Record<string, number> = { ArrowDown: wide, ArrowUp: -wide, Home: -here, End: lines.length - 1 - here };
  if (cards) Object.assign(steps, { ArrowRight: 1, ArrowLeft: -1 });
  if (!(event.key in steps)) return;
  const next = lines[Math.min(Math.max(here + steps[event.key], 0), lines.length - 1)];
  event.preventDefault();
  // Whoever walks along the ticks stays on them.
  next.querySelector<HTMLElement>(stop.matches(".price-tick") ? ".price-tick" : ".price-name")?.focus();
});

// From the search down into what it has found.
document.addEventListener("keydown", (event) => {
  if (event.key !== "ArrowDown" || !(event.target instanceof Element) || event.target.id !== "catalogue-q") return;
  const first = document.querySelector<HTMLElement>("#services .price-name");
  if (!first) return;
  event.preventDefault();
  first.focus();
});

document.addEventListener("htmx:after:swap", () => count());
count();

// A closed sheet leaves the list's own address in the address bar, so that reloading does not open it again.
const sheet = document.getElementById("sheet");
if (sheet) {
  new MutationObserver(() => {
    const address =
      document.getElementById("catalogue-results")?.dataset.address ?? document.getElementById("services")?.dataset.address;
    if (!sheet.childElementCount && address) history.replaceState(history.state, "", address);
  }).observe(sheet, { childList: true });
}
