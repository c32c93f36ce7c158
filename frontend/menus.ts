// Menus are <details class="menu">: they open by themselves; here they close, one at a time.

export function closeMenus({ except, focus = false }: { except?: Node | null; focus?: boolean } = {}): boolean {
  let closed = false;
  for (const menu of document.querySelectorAll<HTMLDetailsElement>("details.menu[open]")) {
    if (except && menu.contains(except)) continue;
    const inside = menu.contains(document.activeElement);
    menu.open = false;
    if (focus && inside) menu.querySelector("summary")?.focus();
    closed = true;
  }
  return closed;
}

export function wireMenus(): void {
  document.addEventListener("pointerdown", (event) => closeMenus({ except: event.target as Node }));
  document.addEventListener("focusin", (event) => closeMenus({ except: event.target as Node }));
  document.addEventListener("click", (event) => {
    // A chosen entry closes its menu, unless the entry itself opens something inside it.
    const entry = event.target instanceof Element ? event.target.closest(".menu-item") : null;
    if (entry?.closest("details.menu")) closeMenus();
  });
}
