// Making elements: what the editor draws, it draws anew after each change, and puts the focus back where it was.

type Given = Record<string, unknown>;

/** Make an element: `on…` are listeners, `true` an empty attribute, null and false none at all. */
export function make<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  given: Given = {},
  ...inside: (Node | string | null | undefined | false)[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(given)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value as EventListener);
    else if (key === "value") (element as unknown as HTMLInputElement).value = String(value);
    else element.setAttribute(key, value === true ? "" : String(value));
  }
  element.append(...inside.filter((one): one is Node | string => one !== null && one !== undefined && one !== false));
  return element;
}

let sprite = "";

export function iconsFrom(address: string): void {
  sprite = address;
}

export function icon(name: string): SVGSVGElement {
  const drawn = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  drawn.setAttribute("class", "icon");
  drawn.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${sprite}#${name}`);
  drawn.append(use);
  return drawn;
}

/** A button; `key` finds it again after it was drawn anew. */
export function button(
  key: string,
  label: string,
  pressed: (event: Event) => void,
  { picture = "", hidden = false, variant = "", ...more }: Given & { picture?: string; hidden?: boolean; variant?: string } = {},
): HTMLButtonElement {
  return make(
    "button",
    {
      type: "button",
      class: "button",
      "data-size": "small",
      "data-variant": variant || null,
      "data-icon-only": hidden,
      "data-key": key,
      title: hidden ? label : null,
      onclick: pressed,
      ...more,
    },
    picture ? icon(picture) : null,
    make("span", { class: hidden ? "sr-only" : null }, label),
  );
}

export interface Entry {
  label: string;
  picture: string;
  pressed: () => void;
  disabled?: boolean;
}

/** A menu as the rest of the house has it: `menus.ts` closes it. Its entries are made when it is first reached. */
export function menu(key: string, label: string, entries: Entry[]): HTMLElement {
  const entryOf = (entry: Entry, index: number): HTMLElement =>
    make(
      "li",
      {},
      make(
        "button",
        {
          type: "button",
          class: "menu-item",
          "data-key": `${key}-${index}`,
          "aria-disabled": entry.disabled ? "true" : null,
          onclick: () => {
            if (entry.disabled) return;
            drawn.open = false;
            entry.pressed();
          },
        },
        icon(entry.picture),
        entry.label,
      ),
    );
  const panel = make("ul", { class: "menu-panel" });
  const fill = (): void => {
    if (!panel.childElementCount) panel.append(...entries.map(entryOf));
  };
  const drawn = make(
    "details",
    { class: "menu", "data-align": "end", "data-side": "bottom", "data-arrows": true, ontoggle: fill },
    make(
      "summary",
      {
        class: "button",
        role: "button",
        "data-size": "small",
        "data-variant": "quiet",
        "data-icon-only": true,
        "data-key": key,
        title: label,
        onfocus: fill,
        onclick: fill,
      },
      icon("ellipsis"),
      make("span", { class: "sr-only" }, label),
    ),
    panel,
  );
  return drawn;
}

let drawing = false;

/** Return whether something is being drawn anew: what loses the focus then is not left by anybody. */
export function isDrawing(): boolean {
  return drawing;
}

/** Put `drawn` in the place of what stood in `where`; the focus, what is selected and what was unfolded stay. */
export function redraw(where: HTMLElement, drawn: Node[], focus = ""): void {
  const active = document.activeElement;
  const within = active instanceof HTMLElement && where.contains(active) ? active : null;
  const key = focus || within?.closest<HTMLElement>("[data-key]")?.dataset.key || "";
  const typed = within instanceof HTMLInputElement || within instanceof HTMLTextAreaElement ? within : null;
  let selection: [number, number] | null = null;
  try {
    selection = typed && typed.selectionStart !== null ? [typed.selectionStart, typed.selectionEnd ?? typed.selectionStart] : null;
  } catch {
    selection = null;
  }
  const unfolded = [...where.querySelectorAll<HTMLElement>("details:not(.menu)[open] > summary")].map((one) => one.dataset.key);
  drawing = true;
  where.replaceChildren(...drawn);
  drawing = false;
  for (const summary of where.querySelectorAll<HTMLElement>("details:not(.menu) > summary")) {
    if (unfolded.includes(summary.dataset.key)) (summary.parentElement as HTMLDetailsElement).open = true;
  }
  if (!key) return;
  const found = where.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`);
  // What was chosen in a menu is out of sight with it: the menu's button has the focus then.
  const again = found?.closest("details.menu")?.querySelector<HTMLElement>("summary") ?? found;
  if (!again) return;
  again.focus({ preventScroll: !focus });
  if (focus) again.scrollIntoView({ block: "nearest" });
  if (!focus && selection && (again instanceof HTMLInputElement || again instanceof HTMLTextAreaElement)) {
    again.setSelectionRange(...selection);
  }
}
