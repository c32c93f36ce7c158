// Look-ups that are typed: what fits is suggested under the input, which keeps the focus while the arrow keys walk through
// the suggestions (the pattern of a combobox). The id of what was taken is sent beside the text, as long as both agree.

const PAUSE = 150;

let timer = 0;
let turn = 0;

interface LookUp {
  around: HTMLElement;
  input: HTMLInputElement;
  taken: HTMLInputElement;
  list: HTMLElement;
}

function lookUpOf(target: EventTarget | null): LookUp | null {
  const around = target instanceof Element ? target.closest<HTMLElement>("[data-look-up]") : null;
  const input = around?.querySelector<HTMLInputElement>("input:not([type=hidden])");
  const taken = around?.querySelector<HTMLInputElement>("input[type=hidden]");
  const list = around?.querySelector<HTMLElement>("[role=listbox]");
  return around && input && taken && list ? { around, input, taken, list } : null;
}

/** A page drawn anew has forgotten it, so it is said each time that somebody comes to the input. */
function wire({ input, list }: LookUp): void {
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-expanded", String(!list.hidden));
}

function close({ input, list }: LookUp): void {
  turn++;
  list.replaceChildren();
  list.hidden = true;
  input.setAttribute("aria-expanded", "false");
  input.removeAttribute("aria-activedescendant");
}

async function suggest(one: LookUp): Promise<void> {
  const mine = ++turn;
  const typed = one.input.value.trim();
  if (!typed) return close(one);
  const address = new URL(one.around.dataset.lookUp ?? "", location.href);
  address.searchParams.set("q", typed);
  let answer = "";
  try {
    const response = await fetch(address, { redirect: "error" });
    if (response.ok) answer = await response.text();
  } catch {
    // What is typed will do; nothing is suggested without the server.
  }
  if (mine !== turn || document.activeElement !== one.input) return;
  one.list.innerHTML = answer;
  const options = [...one.list.querySelectorAll<HTMLElement>("[role=option]")];
  options.forEach((option, at) => (option.id = `${one.list.id}-${at}`));
  if (!options.length) return close(one);
  one.list.hidden = false;
  one.input.setAttribute("aria-expanded", "true");
  one.input.removeAttribute("aria-activedescendant");
}

function walk(one: LookUp, step: number): void {
  const options = [...one.list.querySelectorAll<HTMLElement>("[role=option]")];
  const here = options.findIndex((option) => option.ariaSelected === "true");
  const at = here < 0 ? (step > 0 ? 0 : options.length - 1) : (here + step + options.length) % options.length;
  options.forEach((option, index) => (option.ariaSelected = String(index === at)));
  options[at]?.scrollIntoView({ block: "nearest" });
  one.input.setAttribute("aria-activedescendant", options[at]?.id ?? "");
}

function take(one: LookUp, option: HTMLElement): void {
  one.input.value = option.dataset.name ?? "";
  one.taken.value = option.dataset.take ?? "";
  close(one);
  one.input.focus();
  // Rules, drafts and panels that look at every change hear of this one too.
  one.input.dispatchEvent(new Event("change", { bubbles: true }));
}

document.addEventListener("focusin", (event) => {
  const one = lookUpOf(event.target);
  if (one && event.target === one.input) wire(one);
});

document.addEventListener("input", (event) => {
  const one = lookUpOf(event.target);
  if (!one || event.target !== one.input) return;
  one.taken.value = "";
  window.clearTimeout(timer);
  timer = window.setTimeout(() => void suggest(one), PAUSE);
});

document.addEventListener("keydown", (event) => {
  const one = lookUpOf(event.target);
  if (!one || one.list.hidden || event.isComposing) return;
  const chosen = one.list.querySelector<HTMLElement>("[aria-selected=true]");
  if (event.key === "ArrowDown" || event.key === "ArrowUp") walk(one, event.key === "ArrowDown" ? 1 : -1);
  else if (event.key === "Escape") close(one);
  else if (event.key === "Enter" && chosen) take(one, chosen);
  else return;
  event.preventDefault();
});

// Pressed and not clicked: the input would have lost the focus, and its suggestions, in between.
document.addEventListener("pointerdown", (event) => {
  const one = lookUpOf(event.target);
  const option = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-take]") : null;
  if (!one || !option || event.button !== 0) return;
  event.preventDefault();
  take(one, option);
});

document.addEventListener("focusout", (event) => {
  const one = lookUpOf(event.target);
  window.clearTimeout(timer);
  if (one) close(one);
});
