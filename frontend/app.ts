// What every page needs beyond HTML: htmx, and the few manners that the browser lacks. No text lives here: words
// come translated from the page, in data attributes of <body>.
import htmx from "htmx.org";

import "./booking";
import "./calendar";
import "./htmx_manners";
import "./files";
import "./job_sheet";
import "./look_ups";
import "./own_fields";
import { closeMenus, wireMenus } from "./menus";
import { closeSheet, openDialogs, wirePanels } from "./panels";
import { wirePasskeys } from "./passkeys";
import "./price_list";
import "./roles";
import "./signature";
import { wireToasts } from "./toasts";

function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing) return;
  if (event.key === "/" && !typing(event.target) && !event.ctrlKey && !event.metaKey && !event.altKey) {
    const lookup = document.querySelector<HTMLInputElement>("[data-lookup]");
    if (lookup) {
      event.preventDefault();
      lookup.focus();
      lookup.select();
    }
  }
  if (event.key === "Escape" && !document.querySelector("dialog[open]:modal")) {
    // The nearest thing closes first: a menu, then the lookup's answers, then the panel.
    const answers = document.querySelector("[data-answers]:not(:empty)");
    if (closeMenus({ focus: true })) event.preventDefault();
    else if (answers && answers.closest("[data-arrows]")?.contains(document.activeElement)) answers.replaceChildren();
    else if (closeSheet()) event.preventDefault();
  }
  if (event.key === "ArrowDown" || event.key === "ArrowUp") walk(event);
});

// Arrow keys walk through what can be pressed inside [data-arrows]: a menu, the lookup and its answers.
function walk(event: KeyboardEvent): void {
  const group = event.target instanceof Element ? event.target.closest("[data-arrows]") : null;
  if (!group || (event.target instanceof Element && event.target.matches("textarea, select, [type=radio]"))) return;
  const stops = [...group.querySelectorAll<HTMLElement>("summary, a[href], button:not(:disabled), input:not([type=hidden])")].filter(
    (stop) => stop.checkVisibility(),
  );
  const here = stops.indexOf(document.activeElement as HTMLElement);
  const next = stops[(here + (event.key === "ArrowDown" ? 1 : -1) + stops.length) % stops.length];
  if (here >= 0 && next) {
    event.preventDefault();
    next.focus();
  }
}

// An answer that comes late must not reopen what somebody has left: leaving the lookup forgets its answers.
document.addEventListener("pointerdown", (event) => {
  for (const answers of document.querySelectorAll("[data-answers]:not(:empty)")) {
    if (!answers.closest("[data-arrows]")?.contains(event.target as Node)) answers.replaceChildren();
  }
});

function showNow(): void {
  const place = document.querySelector<HTMLElement>("[data-scroll-here]");
  const frame = place?.closest<HTMLElement>("[data-scroll-frame]");
  if (!place || !frame) return;
  const below = place.getBoundingClientRect().top - frame.getBoundingClientRect().top;
  frame.scrollTop += below - frame.clientHeight / 3;
}

wireMenus();
wirePanels();
wirePasskeys();
wireToasts();
openDialogs();
showNow();

// htmx starts a moment after the page is there. What was typed before that moment is looked up now; this comes after
// its start, because timers keep their order.
setTimeout(() => {
  const typed = document.activeElement;
  if (typed instanceof HTMLInputElement && typed.value && typed.hasAttribute("hx-get")) {
    typed.dispatchEvent(new Event("input", { bubbles: true }));
  }
});

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) htmx.trigger(document.body, "carnet:refresh");
});
