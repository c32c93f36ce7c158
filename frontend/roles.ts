// The tree of roles: a branch is dragged onto the role it is to lie under, or moved by Alt and the arrow keys; each
// move is asked of the server, whose answer is the tree as it is then. Without this, a role is moved on its own page.
import htmx from "htmx.org";

const TREE = "#roles[data-roles]";

interface Drag {
  role: HTMLElement;
  pointer: number;
  drop: HTMLElement | null;
}

let drag: Drag | null = null;

function tree(): HTMLElement | null {
  return document.querySelector<HTMLElement>(TREE);
}

function move(role: HTMLElement, under: string): void {
  const address = role.dataset.place;
  if (address) htmx.ajax("POST", address, { source: role, target: "#roles", swap: "outerHTML", values: { under } });
}

function roleOf(element: Element | null | undefined): HTMLElement | null {
  return element?.closest<HTMLElement>("[data-role]") ?? null;
}

/** The role that this one lies under, null at the top. */
function above(role: HTMLElement): HTMLElement | null {
  return roleOf(role.parentElement);
}

function idOf(role: HTMLElement | null): string {
  return role?.dataset.role ?? "";
}

/** Where a role may lie, from above: at the top, then under each role that does not lie under it. */
function possible(role: HTMLElement): string[] {
  const others = [...(tree()?.querySelectorAll<HTMLElement>("[data-role]") ?? [])].filter((one) => !role.contains(one));
  return ["", ...others.map(idOf)];
}

/** Where the key leads to, null for nowhere. */
function wanted(role: HTMLElement, key: string): string | null {
  const parent = above(role);
  if (key === "ArrowLeft") return parent ? idOf(above(parent)) : null;
  const before = role.previousElementSibling;
  if (key === "ArrowRight") return before instanceof HTMLElement ? idOf(before) : null;
  const places = possible(role);
  const next = places.indexOf(idOf(parent)) + (key === "ArrowDown" ? 1 : -1);
  return places[next] ?? null;
}

// Before the arrow keys scroll, or Alt with the left one leaves the page.
document.addEventListener("keydown", (event) => {
  if (!event.altKey || event.ctrlKey || event.metaKey || !/^Arrow(Up|Down|Left|Right)$/.test(event.key)) return;
  const name = event.target instanceof Element ? event.target.closest(`${TREE} [data-role-name]`) : null;
  const role = roleOf(name);
  if (!role) return;
  event.preventDefault();
  const under = wanted(role, event.key);
  if (under !== null) move(role, under);
});

function mark(place: HTMLElement | null): void {
  if (!drag || drag.drop === place) return;
  drag.drop?.removeAttribute("data-drop");
  place?.setAttribute("data-drop", "");
  drag.drop = place;
}

function end(): void {
  if (!drag) return;
  mark(null);
  drag.role.removeAttribute("data-dragged");
  tree()?.removeAttribute("data-dragging");
  drag = null;
}

document.addEventListener("pointerdown", (event) => {
  const grip = event.target instanceof Element ? event.target.closest<HTMLElement>(`${TREE} [data-role-grip]`) : null;
  const role = roleOf(grip);
  if (!grip || !role || event.button || drag) return;
  event.preventDefault();
  grip.setPointerCapture(event.pointerId);
  drag = { role, pointer: event.pointerId, drop: null };
  role.setAttribute("data-dragged", "");
  tree()?.setAttribute("data-dragging", "");
});

document.addEventListener("pointermove", (event) => {
  if (!drag || event.pointerId !== drag.pointer) return;
  const under = document.elementFromPoint(event.clientX, event.clientY);
  const place = under?.closest<HTMLElement>(`${TREE} [data-role-drop]`) ?? null;
  mark(place && !drag.role.contains(place) ? place : null);
  const edge = 48;
  if (event.clientY < edge) window.scrollBy(0, -12);
  else if (event.clientY > window.innerHeight - edge) window.scrollBy(0, 12);
});

document.addEventListener("pointerup", (event) => {
  if (!drag || event.pointerId !== drag.pointer) return;
  const { role, drop } = drag;
  end();
  if (drop && drop.dataset.roleDrop !== idOf(above(role))) move(role, drop.dataset.roleDrop ?? "");
});

document.addEventListener("pointercancel", end);
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !drag) return;
  event.preventDefault();
  end();
});
