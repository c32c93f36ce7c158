// The layout as it will be seen: filled in as a form, or read as a page, on a wide screen or a phone.

import { type Given, kindOf, say } from "./given";
import { type Field, type Layout, written } from "./model";
import { make } from "./page";

export interface Look {
  as: "form" | "page";
  on: "wide" | "phone";
}

export function previewOf(given: Given, layout: Layout, look: Look, changed: (look: Look) => void): Node[] {
  const choice = (name: "as" | "on", value: string): HTMLElement =>
    make(
      "label",
      { class: "chip" },
      make("input", {
        type: "radio",
        name: `layout-look-${name}`,
        checked: look[name] === value,
        "data-key": `look-${value}`,
        onchange: () => changed({ ...look, [name]: value } as Look),
      }),
      say(`look_${value}`),
    );
  const group = (name: "as" | "on", values: string[]): HTMLElement =>
    make("fieldset", { class: "chips" }, make("legend", { class: "sr-only" }, say(`look_${name}`)), ...values.map((value) => choice(name, value)));
  return [
    make("div", { class: "layout-look" }, group("as", ["form", "page"]), group("on", ["wide", "phone"])),
    make(
      "div",
      { class: "layout-preview", "data-on": look.on, "data-as": look.as, role: "img", "aria-label": say("preview_of") },
      ...layout.sections.map((section) => {
        const fields = section.fields.filter((field) => (field.shows ?? ["form", "page"]).includes(look.as));
        return fields.length
          ? make(
              "section",
              {},
              make("h3", {}, written(section.label, given.language)),
              make("div", { class: "layout-preview-fields", "data-columns": section.columns }, ...fields.map((field) => fieldIn(given, field, look))),
            )
          : null;
      }),
    ),
  ];
}

function fieldIn(given: Given, field: Field, look: Look): HTMLElement {
  const name = written(field.label, given.language) || (kindOf(given, field)?.label ?? "");
  if (look.as === "page") return make("div", { class: "layout-fact" }, make("span", { class: "small soft" }, name), make("span", {}, "…"));
  const inside =
    field.type === "checkbox"
      ? make("span", { class: "layout-box" })
      : make("span", { class: "layout-control", "data-tall": field.type === "paragraph" || field.type === "lines" }, written(field.placeholder, given.language));
  const help = written(field.help, given.language);
  return make(
    "div",
    { class: "layout-shown" },
    make("span", { class: "layout-shown-label" }, name, field.required ? " *" : ""),
    inside,
    help ? make("span", { class: "field-help" }, help) : null,
  );
}
