// Sheets (beside the page) and dialogs (over it): opening, closing, and where the focus goes.

let opener: HTMLElement | null = null;

function place(id: string): HTMLElement | null {
  return document.getElementById(id);
}

export function rememberOpener(source: Element, target: unknown): void {
  const panel = target instanceof Element ? target.closest("#sheet, #dialog-place") : null;
  // Steps inside an open panel do not change whom the focus goes back to.
  if (panel && !panel.contains(source) && source instanceof HTMLElement) opener = source;
}

function returnFocus(): void {
  const back = opener?.isConnected ? opener : opener?.id ? document.getElementById(opener.id) : null;
  // An entry of a menu is hidden again once it was chosen: its menu is where it was found.
  const seen = back?.checkVisibility() === false ? back.closest("details.menu")?.querySelector("summary") : back;
  (seen ?? document.getElementById("main"))?.focus();
  opener = null;
}

export function closeSheet(): boolean {
  const sheets = place("sheet");
  if (!sheets || sheets.childElementCount === 0) return false;
  // A sheet that came with the page has an address of its own; its close link leads back to the page.
  const leave = sheets.querySelector<HTMLAnchorElement>("a[data-close]");
  if (leave && sheets.hasAttribute("data-with-page")) {
    leave.click();
    return true;
  }
  sheets.replaceChildren();
  returnFocus();
  return true;
}

export function openDialogs(): void {
  for (const dialog of document.querySelectorAll<HTMLDialogElement>("dialog[data-modal]:not([open])")) {
    dialog.showModal();
    dialog.addEventListener("close", () => {
      dialog.remove();
      returnFocus();
    });
  }
}

/** A question whose answer has changed something outside of it has done its work. */
export function leaveDialog(source: Element, target: unknown): void {
  const dialog = source.closest("dialog");
  const place = typeof target === "string" ? document.querySelector(target) : target;
  if (dialog && place instanceof Element && !place.closest("#dialog-place")) dialog.remove();
}

/** Move the focus to the first error, else to what the fragment marks with data-focus. */
export function focusNews(target: unknown, refused: boolean): void {
  let scope: ParentNode = document;
  if (typeof target === "string") target = document.querySelector(target);
  if (target instanceof Element) scope = target.isConnected ? target : (document.getElementById(target.id) ?? document);
  const wrong = refused
    ? (scope.querySelector<HTMLElement>('[aria-invalid="true"]') ?? scope.querySelector<HTMLElement>("[data-refusal]"))
    : null;
  // Whoever asked for the focus has it; the title must not take it back when the fragment is drawn anew.
  if (scope.querySelector("[autofocus]")) scope.querySelector("[data-focus]")?.removeAttribute("data-focus");
  const news = wrong ?? (scope.querySelector("[autofocus]") ? null : scope.querySelector<HTMLElement>("[data-focus]"));
  if (!news) return;
  news.removeAttribute("data-focus");
  news.focus();
}

export function wirePanels(): void {
  // A name that is there to be typed over is selected when it is reached.
  document.addEventListener("focusin", (event) => {
    if (event.target instanceof HTMLInputElement && event.target.hasAttribute("data-select")) {
      event.target.removeAttribute("data-select");
      event.target.select();
    }
  });
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-close]") : null;
    if (!button) return;
    const dialog = button.closest("dialog");
    if (dialog) {
      event.preventDefault();
      dialog.close();
    } else if (button.closest("#sheet") && !place("sheet")?.hasAttribute("data-with-page")) {
      event.preventDefault();
      closeSheet();
    }
  });
  // A press on the backdrop closes a dialog that holds no typed text.
  document.addEventListener("pointerdown", (event) => {
    const dialog = event.target;
    if (dialog instanceof HTMLDialogElement && dialog.open && !dialog.querySelector("textarea, input[type=text]")) {
      const box = dialog.getBoundingClientRect();
      const outside =
        event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
      if (outside) dialog.close();
    }
  });
  // A page that comes back with errors starts at the first of them.
  document.querySelector<HTMLElement>('main [aria-invalid="true"], main [data-refusal]')?.focus();
}
