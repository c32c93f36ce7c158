// The layout editor: it draws what is there, keeps each change so that it can be undone, and saves the whole.

import { canvasOf, type Hands } from "./canvas";
import type { Errors } from "./controls";
import { Draft } from "./draft";
import { wireDragging } from "./dragging";
import { type Given, kindOf, say, wordsFrom } from "./given";
import * as model from "./model";
import type { Field, Layout, Section } from "./model";
import { button, iconsFrom, isDrawing, make, redraw } from "./page";
import { type Look, previewOf } from "./preview";
import { propertiesOf, sectionProperties } from "./properties";

interface Answer {
  version?: number;
  layout?: Given["layout"];
  sentence: string;
  /** What is wrong: where it stands in what was sent ("sections.0.fields.2.label") -> sentence. */
  errors?: Record<string, string>;
  /** What somebody else has saved meanwhile, in sentences. */
  changes?: string[];
}

class Editor {
  private layout: Layout;
  private saved: Layout;
  private version: number;
  private past: Layout[] = [];
  private future: Layout[] = [];
  /** What was changed last by typing: more of it is the same change. */
  private typing = "";
  private naming = "";
  private open = "";
  private held = "";
  private heldFrom: Layout | null = null;
  /** The section that was worked in last: new fields go there. */
  private last: number;
  /** What was just added, and may be taken back by Escape. */
  private fresh = "";
  private composing = false;
  /** A button is down: drawing anew now would take it away under the finger. */
  private pressed = false;
  private late = false;
  private rest = 0;
  private look: Look | null = null;
  private errors: Record<string, Errors> = {};
  private notice: Node[] = [];
  private saving = false;
  /** What was said of the last save. */
  private said = "";
  private readonly draft: Draft;
  private readonly live: HTMLElement;
  private readonly parts: Record<"bar" | "palette" | "canvas" | "panel" | "notice", HTMLElement>;

  constructor(
    private readonly root: HTMLElement,
    private readonly given: Given,
  ) {
    this.layout = model.named(given.layout);
    this.saved = this.layout;
    this.version = given.version;
    this.last = this.layout.sections.length - 1;
    this.draft = new Draft(`carnet-layout:${location.pathname}`);
    this.live = make("p", { class: "sr-only", role: "status", "aria-live": "assertive" });
    this.parts = {
      bar: make("div", { class: "layout-bar", role: "toolbar", "aria-label": say("tools") }),
      notice: make("div", { class: "layout-notice" }),
      palette: make("nav", { class: "layout-palette", "aria-label": say("new_fields") }),
      canvas: make("div", { class: "layout-canvas" }),
      panel: make("aside", { class: "layout-panel", "aria-labelledby": "layout-panel-title", hidden: true }),
    };
    root.replaceChildren(
      this.live,
      make("p", { class: "sr-only", id: "layout-grip-help" }, say("grip_help")),
      this.parts.bar,
      this.parts.notice,
      make("div", { class: "layout-desk" }, this.parts.palette, this.parts.canvas, this.parts.panel),
    );
    wireDragging(root, {
      field: (ref, place) => this.moveField(ref, place),
      type: (type, place) => this.addField(type, place),
      section: (from, to) => this.moveSection(from, to),
    });
    root.addEventListener("keydown", (event) => this.shortcut(event));
    // An accent that is being put together would be lost if its box were drawn anew.
    root.addEventListener("compositionstart", () => (this.composing = true));
    root.addEventListener("compositionend", () => {
      this.composing = false;
      this.drawPanel("");
    });
    document.addEventListener("pointerdown", () => (this.pressed = true), { capture: true });
    for (const end of ["pointerup", "pointercancel"]) {
      document.addEventListener(
        end,
        () => {
          this.pressed = false;
          // After the click that follows.
          window.setTimeout(() => this.late && this.draw());
        },
        { capture: true },
      );
    }
    window.addEventListener("beforeunload", (event) => {
      if (this.dirty) event.preventDefault();
    });
    this.offerDraft();
    this.draw();
  }

  private get dirty(): boolean {
    return !model.same(this.layout, this.saved);
  }

  // What is done to the layout.

  /** Take `layout` as it is now; changes that are typed one after the other under the same `typing` are one. */
  private put(layout: Layout, { typing = "", focus = "" }: { typing?: string; focus?: string } = {}): void {
    if (model.same(layout, this.layout)) return;
    if (!typing || typing !== this.typing) {
      this.past.push(this.layout);
      if (this.past.length > 200) this.past.shift();
    }
    this.typing = typing;
    this.future = [];
    this.take(layout, focus, typing !== "" && !focus);
  }

  private take(layout: Layout, focus = "", typing = false): void {
    this.layout = layout;
    if (this.dirty) this.draft.keep(this.version, layout);
    else this.draft.forget();
    if (!typing) {
      this.draw(focus);
      return;
    }
    // A layout of hundreds of fields is not drawn with every letter.
    this.drawBar();
    this.drawPanel("");
    window.clearTimeout(this.rest);
    this.rest = window.setTimeout(() => {
      if (this.pressed) this.late = true;
      else this.draw();
    }, 200);
  }

  private undo(): void {
    const before = this.past.pop();
    if (!before) return;
    this.future.push(this.layout);
    this.typing = "";
    this.take(before);
    this.tell(say("undone"));
  }

  private redo(): void {
    const after = this.future.pop();
    if (!after) return;
    this.past.push(this.layout);
    this.typing = "";
    this.take(after);
    this.tell(say("redone"));
  }

  private addField(type: string, place?: model.Place): void {
    const kind = this.given.types.find((one) => one.offer === type);
    if (!kind) return;
    const section = Math.min(place?.section ?? this.last, this.layout.sections.length - 1);
    const ref = model.newRef();
    const field: Field = { ref, name: ref, type: kind.key, label: {}, required: false, shows: ["form", "page"], ...kind.begins };
    const index = place?.index ?? this.layout.sections[section]?.fields.length ?? 0;
    this.last = section;
    this.naming = this.fresh = field.ref;
    this.look = null;
    this.put(model.added(this.layout, field, { section, index }), { focus: `naming-${field.ref}` });
    const within = model.written(this.layout.sections[section]?.label, this.given.language);
    this.tell(say("added", { type: kind.label, section: within }));
  }

  private moveField(ref: string, place: model.Place): void {
    this.last = place.section;
    this.put(model.moved(this.layout, ref, place), { focus: `grip-${ref}`, typing: this.held ? `held-${ref}` : "" });
    this.tellPlace(ref);
  }

  private moveSection(from: number, to: number): void {
    const ref = this.layout.sections[from]?.ref ?? "";
    this.put(model.sectionMoved(this.layout, from, to), { focus: `grip-${ref}`, typing: this.held ? `held-${ref}` : "" });
    this.tell(say("section_moved", { section: this.nameOf(ref), position: to + 1, count: this.layout.sections.length }));
  }

  private tellPlace(ref: string): void {
    const at = model.placeOf(this.layout, ref);
    if (!at) return;
    const section = this.layout.sections[at.section];
    this.tell(
      say("moved", {
        field: this.nameOf(ref),
        section: model.written(section?.label, this.given.language),
        position: at.index + 1,
        count: section?.fields.length ?? 0,
      }),
    );
  }

  private nameOf(ref: string): string {
    const thing = model.fieldOf(this.layout, ref) ?? this.layout.sections.find((section) => section.ref === ref);
    return model.written(thing?.label, this.given.language);
  }

  private readonly hands: Omit<Hands, "naming" | "open" | "held" | "wrong"> = {
    rename: (ref) => {
      this.naming = ref;
      this.draw(`naming-${ref}`);
      this.parts.canvas.querySelector<HTMLInputElement>(".layout-naming")?.select();
    },
    name: (ref, text) => {
      const section = this.layout.sections.findIndex((one) => one.ref === ref);
      const label = (words: model.Words): model.Words => ({ ...words, [this.given.language]: text });
      if (section >= 0) {
        const held = this.layout.sections[section] as Section;
        this.quietly(model.sectionChanged(this.layout, section, { label: label(held.label) }), ref);
      } else {
        const field = model.fieldOf(this.layout, ref);
        if (field) this.quietly(model.changed(this.layout, ref, { label: label(field.label) }), ref);
      }
    },
    stopNaming: (ref, keep) => {
      if (this.naming !== ref || isDrawing()) return;
      this.naming = "";
      if (!keep && this.fresh === ref) {
        while (this.find(ref) && this.past.length) this.undo();
        this.draw("undo");
        return;
      }
      this.fresh = "";
      if (!keep && this.typing === `name-${ref}`) {
        this.undo();
        this.draw(`name-${ref}`);
        return;
      }
      const thing = this.find(ref);
      const kind = kindOf(this.given, model.fieldOf(this.layout, ref))?.label ?? say("section");
      if (thing && !model.written(thing.label, this.given.language).trim()) {
        // Nothing was typed: it is called by what it is, so that it can be told from others.
        const label = { [this.given.language]: kind };
        const section = this.layout.sections.findIndex((one) => one.ref === ref);
        const next = section < 0 ? model.changed(this.layout, ref, { label }) : model.sectionChanged(this.layout, section, { label });
        this.quietly(next, ref);
      }
      this.typing = "";
      if (this.pressed) {
        this.late = true;
        return;
      }
      const active = document.activeElement;
      this.draw(active === document.body || active?.classList.contains("layout-naming") ? `name-${ref}` : "");
    },
    properties: (ref) => {
      this.open = ref;
      this.last = model.placeOf(this.layout, ref)?.section ?? this.layout.sections.findIndex((section) => section.ref === ref);
      this.draw("panel");
    },
    require: (ref, on) => this.put(model.changed(this.layout, ref, { required: on })),
    remove: (ref) => {
      const name = this.nameOf(ref);
      const field = model.fieldOf(this.layout, ref);
      if (!field) return;
      if (field.locked) {
        this.tell(say("locked", { field: name }));
        return;
      }
      const place = model.placeOf(this.layout, ref);
      if (this.open === ref) this.open = "";
      const fields = place ? (this.layout.sections[place.section]?.fields ?? []) : [];
      const next = fields[(place?.index ?? 0) + 1] ?? fields[(place?.index ?? 0) - 1];
      this.put(model.removed(this.layout, ref), { focus: next ? `name-${next.ref}` : "undo" });
      this.tell(say("removed", { field: name }));
    },
    stepField: (ref, by) => {
      const place = model.step(this.layout, ref, by);
      if (place) this.moveField(ref, place);
      else this.tell(say(by === 1 ? "at_end" : "at_start"));
    },
    stepSection: (index, by) => this.moveSection(index, index + by),
    addSection: (after) => {
      const section: Section = { ref: model.newRef(), label: {}, columns: 2, fields: [] };
      const next = model.copy(this.layout);
      next.sections.splice(after, 0, section);
      this.naming = this.fresh = section.ref;
      this.last = after;
      this.put(next, { focus: `naming-${section.ref}` });
    },
    removeSection: (index) => {
      const name = model.written(this.layout.sections[index]?.label, this.given.language);
      this.put(model.sectionRemoved(this.layout, index), { focus: "undo" });
      this.tell(say("section_removed", { section: name }));
    },
    hold: (ref) => {
      if (isDrawing()) return;
      this.held = ref;
      this.heldFrom = ref ? this.layout : null;
      this.typing = "";
      if (this.pressed) this.late = true;
      else this.draw();
    },
    key: (event, ref) => this.carry(event, ref),
  };

  /** What is typed in place is on the page already: only the rest is drawn anew. */
  private quietly(layout: Layout, ref: string): void {
    if (this.typing !== `name-${ref}`) this.past.push(this.layout);
    this.typing = `name-${ref}`;
    this.future = [];
    this.layout = layout;
    this.draft.keep(this.version, layout);
    this.drawBar();
  }

  /** A grip under the keyboard: Enter or space takes and puts down, arrows move, Escape puts back. */
  private carry(event: KeyboardEvent, ref: string): void {
    const section = this.layout.sections.findIndex((one) => one.ref === ref);
    const by = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key] as 1 | -1 | undefined;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      const name = this.nameOf(ref);
      if (this.held === ref) {
        this.hands.hold("");
        this.tell(say("put_down", { field: name }));
      } else {
        this.hands.hold(ref);
        this.tell(say("taken", { field: name }));
      }
    } else if (this.held === ref && event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      const before = this.heldFrom;
      this.hands.hold("");
      // As if it had never been taken: nothing is left to undo.
      if (before && this.past.at(-1) === before) this.past.pop();
      if (before) this.take(before, `grip-${ref}`);
      this.tell(say("put_back", { field: this.nameOf(ref) }));
    } else if (this.held === ref && by) {
      event.preventDefault();
      event.stopPropagation();
      if (section < 0) this.hands.stepField(ref, by);
      else if (this.layout.sections[section + by]) this.hands.stepSection(section, by);
      else this.tell(say(by === 1 ? "at_end" : "at_start"));
    }
  }

  private shortcut(event: KeyboardEvent): void {
    const typing = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement;
    const command = event.ctrlKey || event.metaKey;
    if (command && event.key.toLowerCase() === "s") {
      event.preventDefault();
      void this.save();
    } else if (command && event.key.toLowerCase() === "z" && !typing) {
      event.preventDefault();
      if (event.shiftKey) this.redo();
      else this.undo();
    } else if (command && event.key.toLowerCase() === "y" && !typing) {
      event.preventDefault();
      this.redo();
    } else if (event.key === "Escape" && this.open && this.parts.panel.contains(event.target as Node)) {
      event.preventDefault();
      event.stopPropagation();
      this.closePanel();
    }
  }

  private closePanel(): void {
    const ref = this.open;
    this.open = "";
    this.draw(`name-${ref}`);
  }

  // Saving, and what others have saved.

  private async save(over = 0): Promise<void> {
    if (this.saving) return;
    if (this.naming) this.hands.stopNaming(this.naming, true);
    this.saving = true;
    this.drawBar();
    const sent = this.layout;
    try {
      const token = document.querySelector<HTMLMetaElement>("meta[name=csrf-token]")?.content ?? "";
      const response = await fetch(location.pathname, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": token },
        body: JSON.stringify({ version: over || this.version, layout: model.plain(sent) }),
        redirect: "error",
      });
      if (!response.headers.get("Content-Type")?.startsWith("application/json")) throw response;
      this.answered(response.status, (await response.json()) as Answer, sent);
    } catch {
      this.notice = notice("danger", say("not_sent"));
    }
    this.saving = false;
    this.draw();
    if (this.notice.length && !this.parts.panel.contains(document.activeElement)) this.parts.notice.scrollIntoView({ block: "center" });
  }

  private answered(status: number, answer: Answer, sent: Layout): void {
    this.errors = model.byRef(sent, answer.errors ?? {});
    if (status === 200 && answer.layout && answer.version) {
      const now = model.answeredTo(sent, model.named(answer.layout));
      this.layout = this.layout === sent ? now : model.known(this.layout, now);
      this.version = answer.version;
      this.saved = now;
      // A step back would make anew what has been made.
      this.past = [];
      this.future = [];
      this.typing = "";
      if (this.dirty) this.draft.keep(this.version, this.layout);
      else this.draft.forget();
      this.notice = [];
      this.said = answer.sentence;
      this.tell(answer.sentence);
    } else if (status === 412 && answer.version) {
      const newest = answer.version;
      this.notice = notice(
        "warning",
        answer.sentence,
        make("ul", {}, ...(answer.changes ?? []).map((change) => make("li", {}, change))),
        make(
          "div",
          { class: "button-row" },
          button("save-over", say("save_over"), () => void this.save(newest)),
          button("take-theirs", say("take_theirs"), () => {
            if (!answer.layout) return;
            this.version = newest;
            this.saved = model.named(answer.layout);
            this.notice = [];
            // One's own is one step back.
            this.put(this.saved);
          }),
        ),
      );
      this.tell(answer.sentence);
    } else {
      const first = Object.keys(this.errors).find((ref) => this.find(ref));
      this.notice = notice("danger", answer.sentence);
      if (first) {
        this.open = first;
        this.look = null;
        this.draw("panel");
        this.parts.panel.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
      }
    }
  }

  private find(ref: string): Field | Section | undefined {
    return model.fieldOf(this.layout, ref) ?? this.layout.sections.find((section) => section.ref === ref);
  }

  private offerDraft(): void {
    const kept = this.draft.found();
    if (!kept || model.same(kept.layout, this.layout)) return;
    this.notice = notice(
      "info",
      say(kept.version === this.version ? "draft_found" : "draft_old"),
      make(
        "div",
        { class: "button-row" },
        button("draft-take", say("draft_take"), () => {
          this.notice = [];
          // Saved under the number that it was made from: what others have saved since is shown, not overwritten.
          this.version = kept.version;
          this.put(kept.layout, { focus: "save" });
        }),
        button("draft-leave", say("draft_leave"), () => {
          this.draft.forget();
          this.notice = [];
          this.draw();
        }),
      ),
    );
  }

  // What is seen.

  private tell(sentence: string): void {
    this.live.textContent = sentence;
  }

  private draw(focus = ""): void {
    this.late = false;
    window.clearTimeout(this.rest);
    const hands: Hands = {
      ...this.hands,
      naming: this.naming,
      open: this.open,
      held: this.held,
      wrong: new Set(Object.keys(this.errors).filter((ref) => Object.keys(this.errors[ref] ?? {}).length)),
    };
    this.drawBar(focus);
    this.parts.notice.replaceChildren(...this.notice);
    this.drawPalette();
    const shown = this.look
      ? previewOf(this.given, this.layout, this.look, (look) => {
          this.look = look;
          this.draw();
        })
      : [
          ...canvasOf(this.given, this.layout, hands),
          button("add-section", say("section_add"), () => this.hands.addSection(this.layout.sections.length), { picture: "plus" }),
          ...this.tray(),
        ];
    redraw(this.parts.canvas, shown, focus);
    this.drawPanel(focus);
  }

  private drawBar(focus = ""): void {
    const parts = [
      button("undo", say("undo"), () => this.undo(), { picture: "undo-2", hidden: true, "aria-disabled": this.past.length ? null : "true" }),
      button("redo", say("redo"), () => this.redo(), { picture: "redo-2", hidden: true, "aria-disabled": this.future.length ? null : "true" }),
      button("preview", say("preview"), () => {
        this.look = this.look ? null : { as: "form", on: "wide" };
        this.draw();
      }, { picture: "eye", "aria-pressed": this.look ? "true" : "false" }),
      make("span", { class: "layout-state small soft" }, this.saving ? say("saving") : this.dirty ? say("unsaved") : this.said),
      button("save", say("save"), () => void this.save(), { picture: "check", variant: "primary", "aria-disabled": this.saving ? "true" : null }),
    ];
    redraw(this.parts.bar, parts, focus);
  }

  private drawPalette(): void {
    if (this.parts.palette.childElementCount) return;
    this.parts.palette.append(
      make("h2", {}, say("new_fields")),
      make("p", { class: "small soft" }, say("new_fields_help")),
      make(
        "ul",
        {},
        ...this.given.types.map((type) =>
          make(
            "li",
            {},
            button(`type-${type.offer}`, type.label, () => this.addField(type.offer), {
              picture: type.icon,
              variant: "quiet",
              "data-grip": "type",
              "data-type": type.offer,
              "data-thing": true,
            }),
          ),
        ),
      ),
    );
  }

  private tray(): Node[] {
    if (!this.layout.removed.length) return [];
    return [
      make(
        "details",
        { class: "detail layout-tray" },
        make("summary", { "data-key": "tray" }, say("tray", { count: this.layout.removed.length })),
        make("p", { class: "field-help" }, say("tray_help")),
        make(
          "ul",
          {},
          ...this.layout.removed.map((field) => {
            const name = model.written(field.label, this.given.language);
            return make(
              "li",
              {},
              make("span", {}, name),
              button(
                `back-${field.ref}`,
                say("put_back_field", { field: name }),
                () => {
                  this.put(model.putBack(this.layout, field.ref), { focus: `name-${field.ref}` });
                  this.tell(say("back", { field: name }));
                },
                { picture: "rotate-ccw", hidden: true, variant: "quiet" },
              ),
            );
          }),
        ),
      ),
    ];
  }

  private drawPanel(focus: string): void {
    if (this.composing) return;
    const field = this.open ? model.fieldOf(this.layout, this.open) : undefined;
    const section = this.layout.sections.findIndex((one) => one.ref === this.open);
    const { panel } = this.parts;
    panel.hidden = Boolean(this.look) || (!field && section < 0);
    this.root.toggleAttribute("data-with-panel", !panel.hidden);
    if (panel.hidden) {
      panel.replaceChildren();
      return;
    }
    const errors = this.errors[this.open] ?? {};
    // What was unfolded for one field stays folded for the next.
    if (panel.dataset.of !== this.open) panel.replaceChildren();
    panel.dataset.of = this.open;
    const drawn = field
      ? propertiesOf(this.given, this.layout, field, errors, {
          change: (change, typing, focus) => {
            for (const property of Object.keys(change)) delete errors[property];
            this.put(model.changed(this.layout, field.ref, change), { typing: typing ? `${field.ref}-${Object.keys(change).join()}` : "", focus });
          },
          redraw: () => this.drawPanel(""),
          close: () => this.closePanel(),
        })
      : sectionProperties(
          this.given,
          this.layout,
          this.layout.sections[section] as Section,
          errors,
          (change, typing) => {
            for (const property of Object.keys(change)) delete errors[property];
            this.put(model.sectionChanged(this.layout, section, change), { typing: typing ? `${this.open}-${Object.keys(change).join()}` : "" });
          },
          () => this.closePanel(),
        );
    redraw(panel, drawn, focus === "panel" || focus.startsWith("panel-") ? focus : "");
  }
}

function notice(kind: string, sentence: string, ...more: Node[]): Node[] {
  return [make("div", { class: "notice", "data-kind": kind, role: kind === "danger" ? "alert" : "status" }, make("p", {}, sentence), ...more)];
}

export function openEditor(): void {
  const root = document.querySelector<HTMLElement>("[data-layout-editor]");
  const told = document.getElementById("layout-given")?.textContent;
  if (!root || !told) return;
  const given = JSON.parse(told) as Given;
  wordsFrom(given.words);
  iconsFrom(given.icons);
  new Editor(root, given);
}
