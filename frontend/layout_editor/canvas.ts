// The layout as it is arranged: sections with their fields, each with a grip, its name, and a menu.

import { type Given, kindOf, say } from "./given";
import { type Field, type Layout, type Section, written } from "./model";
import { button, type Entry, icon, make, menu } from "./page";

export interface Hands {
  /** What is being named in place, and what the panel tells of. */
  naming: string;
  open: string;
  /** The ref of what was picked up by keyboard. */
  held: string;
  wrong: Set<string>;
  rename(ref: string): void;
  name(ref: string, text: string): void;
  stopNaming(ref: string, keep: boolean): void;
  properties(ref: string): void;
  require(ref: string, on: boolean): void;
  remove(ref: string): void;
  stepField(ref: string, by: 1 | -1): void;
  stepSection(index: number, by: 1 | -1): void;
  addSection(after: number): void;
  removeSection(index: number): void;
  hold(ref: string): void;
  key(event: KeyboardEvent, ref: string): void;
}

export function canvasOf(given: Given, layout: Layout, hands: Hands): Node[] {
  return layout.sections.map((section, index) => sectionOf(given, layout, section, index, hands));
}

function sectionOf(given: Given, layout: Layout, section: Section, index: number, hands: Hands): HTMLElement {
  const name = written(section.label, given.language) || say("section");
  const entries: Entry[] = [
    { label: say("properties"), picture: "settings-2", pressed: () => hands.properties(section.ref) },
    { label: say("rename"), picture: "pencil", pressed: () => hands.rename(section.ref) },
    { label: say("move_up"), picture: "chevron-up", disabled: index === 0, pressed: () => hands.stepSection(index, -1) },
    {
      label: say("move_down"),
      picture: "chevron-down",
      disabled: index === layout.sections.length - 1,
      pressed: () => hands.stepSection(index, 1),
    },
    { label: say("section_add"), picture: "plus", pressed: () => hands.addSection(index + 1) },
    {
      label: say("section_remove"),
      picture: "trash-2",
      disabled: layout.sections.length < 2,
      pressed: () => hands.removeSection(index),
    },
  ];
  return make(
    "section",
    {
      class: "layout-section",
      "data-section-at": index,
      "data-thing": true,
      "data-open": hands.open === section.ref,
      "data-wrong": hands.wrong.has(section.ref),
      "aria-label": name,
    },
    make(
      "header",
      { class: "layout-section-head" },
      grip("section", section.ref, say("section_grip", { section: name }), hands, { "data-section": index }),
      hands.naming === section.ref
        ? naming(section.ref, written(section.label, given.language), say("section_label"), hands)
        : make(
            "h2",
            {},
            make(
              "button",
              { type: "button", class: "layout-name", "data-name": true, "data-key": `name-${section.ref}`, onclick: () => hands.rename(section.ref) },
              name,
            ),
          ),
      section.shown_if ? make("span", { class: "badge" }, say("conditional")) : null,
      menu(`menu-${section.ref}`, say("section_menu", { section: name }), entries),
    ),
    section.fields.length
      ? make(
          "ul",
          { class: "layout-fields", "data-columns": section.columns },
          ...section.fields.map((field, place) => rowOf(given, field, place, hands)),
        )
      : make("p", { class: "layout-empty soft" }, say("section_empty")),
  );
}

/** What was drawn of each field: of hundreds only those are drawn anew that became different. */
const drawn = new Map<string, { field: Field; told: string; row: HTMLElement }>();

function rowOf(given: Given, field: Field, place: number, hands: Hands): HTMLElement {
  const { ref } = field;
  const told = [place, hands.naming === ref, hands.open === ref, hands.held === ref, hands.wrong.has(ref)].join();
  const kept = drawn.get(ref);
  if (kept?.field === field && kept.told === told) return kept.row;
  const row = fieldOf(given, field, place, hands);
  drawn.set(ref, { field, told, row });
  return row;
}

function fieldOf(given: Given, field: Field, place: number, hands: Hands): HTMLElement {
  const type = kindOf(given, field);
  const kind = type?.label ?? say("built_in");
  const name = written(field.label, given.language) || kind;
  const entries: Entry[] = [
    { label: say("properties"), picture: "settings-2", pressed: () => hands.properties(field.ref) },
    { label: say("rename"), picture: "pencil", pressed: () => hands.rename(field.ref) },
    ...(field.locked || field.read_only || field.type === "total"
      ? []
      : [
          {
            label: say(field.required ? "make_optional" : "make_required"),
            picture: "badge-check",
            pressed: () => hands.require(field.ref, !field.required),
          },
        ]),
    { label: say("move_up"), picture: "chevron-up", pressed: () => hands.stepField(field.ref, -1) },
    { label: say("move_down"), picture: "chevron-down", pressed: () => hands.stepField(field.ref, 1) },
    {
      label: field.locked ? say("cannot_remove") : say("remove"),
      picture: field.locked ? "lock" : "trash-2",
      disabled: Boolean(field.locked),
      pressed: () => hands.remove(field.ref),
    },
  ];
  return make(
    "li",
    {
      class: "layout-field",
      "data-field-at": place,
      "data-thing": true,
      "data-open": hands.open === field.ref,
      "data-held": hands.held === field.ref,
      "data-wrong": hands.wrong.has(field.ref),
    },
    grip("field", field.ref, say("field_grip", { field: name }), hands, {}),
    make("span", { class: "layout-picture" }, icon(type?.icon ?? "tag")),
    make(
      "span",
      { class: "layout-text" },
      hands.naming === field.ref
        ? naming(field.ref, written(field.label, given.language), say("label"), hands)
        : make(
            "button",
            {
              type: "button",
              class: "layout-name",
              "data-name": true,
              "data-key": `name-${field.ref}`,
              "aria-describedby": `kind-${field.ref}`,
              onclick: () => hands.properties(field.ref),
              ondblclick: () => hands.rename(field.ref),
              onkeydown: (event: KeyboardEvent) => {
                if (event.key === "F2") hands.rename(field.ref);
                if (event.key === "Delete") hands.remove(field.ref);
              },
            },
            name,
            field.required ? make("span", { class: "layout-star", "aria-hidden": "true" }, " *") : null,
          ),
      make(
        "span",
        { class: "small soft", id: `kind-${field.ref}` },
        [kind, field.required ? say("required_word") : "", hands.wrong.has(field.ref) ? say("wrong") : ""].filter((one) => one).join(" · "),
      ),
    ),
    menu(`menu-${field.ref}`, say("field_menu", { field: name }), entries),
  );
}

function grip(kind: "field" | "section", ref: string, label: string, hands: Hands, more: Record<string, unknown>): HTMLElement {
  return button(`grip-${ref}`, label, () => undefined, {
    picture: "grip-vertical",
    hidden: true,
    variant: "quiet",
    class: "button layout-grip",
    "data-grip": kind,
    "data-ref": ref,
    "aria-pressed": hands.held === ref ? "true" : "false",
    "aria-describedby": "layout-grip-help",
    onkeydown: (event: KeyboardEvent) => hands.key(event, ref),
    onblur: () => {
      if (hands.held === ref) hands.hold("");
    },
    ...more,
  });
}

function naming(ref: string, text: string, label: string, hands: Hands): HTMLElement {
  return make("input", {
    class: "input layout-naming",
    "data-key": `naming-${ref}`,
    "aria-label": label,
    value: text,
    maxlength: "120",
    oninput: (event: Event) => hands.name(ref, (event.target as HTMLInputElement).value),
    onkeydown: (event: KeyboardEvent) => {
      if (event.isComposing || (event.key !== "Enter" && event.key !== "Escape")) return;
      event.preventDefault();
      event.stopPropagation();
      hands.stopNaming(ref, event.key === "Enter");
    },
    onblur: () => hands.stopNaming(ref, true),
  });
}
