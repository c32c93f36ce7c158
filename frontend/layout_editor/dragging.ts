// Dragging by mouse, pen or finger: a field to another place, a new field from its type, a section past others.
// Whatever is dragged can also be moved by keyboard and by its menu: see `canvas.ts`.

import type { Place } from "./model";

export type Dragged = { kind: "field"; ref: string } | { kind: "type"; type: string } | { kind: "section"; index: number };

export interface Drops {
  field(ref: string, place: Place): void;
  type(type: string, place: Place): void;
  section(from: number, to: number): void;
}

/** How far one moves before it is a drag and no press. */
const SLACK = 6;
/** So near to an edge the page scrolls by itself. */
const EDGE = 48;

export function wireDragging(editor: HTMLElement, drops: Drops): void {
  editor.addEventListener("pointerdown", (event) => {
    const grip = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-grip]") : null;
    if (!grip || event.button !== 0) return;
    const what = draggedBy(grip);
    if (what) new Drag(editor, grip, what, event, drops);
  });
}

function draggedBy(grip: HTMLElement): Dragged | null {
  const { grip: kind, type, ref, section } = grip.dataset;
  if (kind === "type" && type) return { kind, type };
  if (kind === "field" && ref) return { kind, ref };
  if (kind === "section" && section) return { kind, index: Number(section) };
  return null;
}

class Drag {
  private ghost: HTMLElement | null = null;
  private place: Place | null = null;
  private before: number | null = null;
  private at = { x: 0, y: 0 };
  private frame = 0;
  private readonly end = new AbortController();

  constructor(
    private readonly editor: HTMLElement,
    private readonly grip: HTMLElement,
    private readonly what: Dragged,
    private readonly begun: PointerEvent,
    private readonly drops: Drops,
  ) {
    const { signal } = this.end;
    document.addEventListener("pointermove", (event) => this.move(event), { signal });
    document.addEventListener("pointerup", (event) => this.drop(event), { signal });
    document.addEventListener("pointercancel", () => this.stop(), { signal });
    document.addEventListener(
      "keydown",
      (event) => {
        if (event.key !== "Escape" || !this.ghost) return;
        event.preventDefault();
        this.stop();
      },
      { signal, capture: true },
    );
  }

  private move(event: PointerEvent): void {
    if (event.pointerId !== this.begun.pointerId) return;
    if (!this.ghost) {
      if (Math.hypot(event.clientX - this.begun.clientX, event.clientY - this.begun.clientY) < SLACK) return;
      this.start();
    }
    event.preventDefault();
    if (this.ghost) this.ghost.style.transform = `translate(${event.clientX + 8}px, ${event.clientY + 8}px)`;
    this.at = { x: event.clientX, y: event.clientY };
    this.mark(event.clientX, event.clientY);
  }

  /** What is held near an edge stands still there, and the page moves. */
  private scroll(): void {
    const top = this.editor.querySelector(".layout-bar")?.getBoundingClientRect().bottom ?? 0;
    const { x, y } = this.at;
    const by = y < top + EDGE ? -10 : y > window.innerHeight - EDGE ? 10 : 0;
    if (by) {
      window.scrollBy({ top: by, behavior: "instant" });
      this.mark(x, y);
    }
    this.frame = window.requestAnimationFrame(() => this.scroll());
  }

  private start(): void {
    const thing = this.grip.closest<HTMLElement>("[data-thing]") ?? this.grip;
    this.ghost = document.createElement("div");
    this.ghost.className = "layout-ghost";
    this.ghost.textContent = thing.querySelector("[data-name]")?.textContent ?? thing.textContent;
    document.body.append(this.ghost);
    this.editor.dataset.dragging = this.what.kind;
    thing.dataset.dragged = "";
    this.frame = window.requestAnimationFrame(() => this.scroll());
  }

  /** Show where it would go. */
  private mark(x: number, y: number): void {
    this.unmark();
    const below = document.elementFromPoint(x, y);
    const section = below?.closest<HTMLElement>("[data-section-at]");
    if (!section || !this.editor.contains(section)) return;
    const index = Number(section.dataset.sectionAt);
    if (this.what.kind === "section") {
      const box = section.getBoundingClientRect();
      this.before = y < box.top + box.height / 2 ? index : index + 1;
      section.dataset.drop = this.before === index ? "before" : "after";
      return;
    }
    const fields = [...section.querySelectorAll<HTMLElement>("[data-field-at]")];
    const field = nearest(fields, x, y);
    if (!field) {
      section.dataset.drop = "inside";
      this.place = { section: index, index: 0 };
      return;
    }
    const box = field.getBoundingClientRect();
    const paired = fields.some((other) => other !== field && Math.abs(other.getBoundingClientRect().top - box.top) < 4);
    const behind = paired && y > box.top && y < box.bottom ? x > box.left + box.width / 2 : y > box.top + box.height / 2;
    field.dataset.drop = behind ? "after" : "before";
    this.place = { section: index, index: Number(field.dataset.fieldAt) + (behind ? 1 : 0) };
  }

  private unmark(): void {
    for (const marked of this.editor.querySelectorAll<HTMLElement>("[data-drop]")) delete marked.dataset.drop;
    this.place = this.before = null;
  }

  private drop(event: PointerEvent): void {
    if (event.pointerId !== this.begun.pointerId) return;
    const { what, place, before, ghost } = this;
    this.stop();
    if (!ghost) return;
    // The press that would follow belongs to the drag.
    const over = new AbortController();
    window.addEventListener("click", (click) => click.stopPropagation(), { capture: true, signal: over.signal });
    window.setTimeout(() => over.abort());
    if (what.kind === "section" && before !== null) this.drops.section(what.index, before > what.index ? before - 1 : before);
    if (what.kind === "field" && place) this.drops.field(what.ref, place);
    if (what.kind === "type" && place) this.drops.type(what.type, place);
  }

  private stop(): void {
    this.end.abort();
    window.cancelAnimationFrame(this.frame);
    this.unmark();
    this.ghost?.remove();
    delete this.editor.dataset.dragging;
    for (const dragged of this.editor.querySelectorAll<HTMLElement>("[data-dragged]")) delete dragged.dataset.dragged;
  }
}

function nearest(fields: HTMLElement[], x: number, y: number): HTMLElement | null {
  let best: HTMLElement | null = null;
  let least = Infinity;
  for (const field of fields) {
    const box = field.getBoundingClientRect();
    const aside = Math.max(box.left - x, 0, x - box.right);
    const apart = Math.max(box.top - y, 0, y - box.bottom);
    const distance = Math.hypot(aside, apart * 2);
    if (distance < least) [best, least] = [field, distance];
  }
  return best;
}
