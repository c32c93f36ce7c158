// Toasts say what has just happened. They leave by themselves, except those that offer to undo.

const LASTING = 7000;
const leaving = new WeakMap<Element, number>();

function leaveLater(toast: HTMLElement): void {
  if (toast.hasAttribute("data-stays") || leaving.has(toast)) return;
  const start = () => leaving.set(toast, window.setTimeout(() => toast.remove(), LASTING));
  const stop = () => window.clearTimeout(leaving.get(toast));
  toast.addEventListener("pointerenter", stop);
  toast.addEventListener("pointerleave", start);
  toast.addEventListener("focusin", stop);
  toast.addEventListener("focusout", start);
  start();
}

/** Show `text` as a toast made from the page's own <template id="toast-template">. */
export function toast(text: string | undefined, kind = ""): void {
  const region = document.getElementById("toasts");
  const template = document.getElementById("toast-template");
  if (!region || !text || !(template instanceof HTMLTemplateElement)) return;
  const shown = (template.content.firstElementChild as HTMLElement).cloneNode(true) as HTMLElement;
  if (kind) shown.dataset.kind = kind;
  const words = shown.querySelector("p");
  if (words) words.textContent = text;
  region.append(shown);
}

export function wireToasts(): void {
  const region = document.getElementById("toasts");
  if (!region) return;
  const watch = () => region.querySelectorAll<HTMLElement>(".toast").forEach(leaveLater);
  new MutationObserver(watch).observe(region, { childList: true });
  region.addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest("[data-close]")) event.target.closest(".toast")?.remove();
  });
  watch();
}
