// The properties of one field, beside the layout: what it is called, what is said of it, what it may hold, where it shows.

import { choices, columns } from "./choices";
import { area, type Change, type Errors, line, text, tick, words, wrong } from "./controls";
import { type Given, kindOf, say, type TypeGiven } from "./given";
import { type Field, type Layout, type Section, written } from "./model";
import { button, make } from "./page";
import { type Nameable, nameables, ruleHelp } from "./rules";

/** So many values of a list are offered as its default. */
const MOST = 500;

export interface Listener {
  change(change: Partial<Field>, typing: boolean, focus: string): void;
  /** Nothing changed but what is looked at. */
  redraw(): void;
  close(): void;
}

export function propertiesOf(given: Given, layout: Layout, field: Field, errors: Errors, listener: Listener): Node[] {
  const known = nameables(given, layout, field.ref);
  const type = kindOf(given, field);
  const change: Change = (property, value, typing = false, focus = "") =>
    property ? listener.change({ [property]: value } as Partial<Field>, typing, focus) : listener.redraw();
  const name = written(field.label, given.language) || (type?.label ?? "");
  const parts: (Node | null)[] = [
    make(
      "header",
      { class: "layout-panel-head" },
      make("h2", { id: "layout-panel-title", tabindex: "-1", "data-key": "panel" }, name),
      make("p", { class: "small soft" }, type?.label ?? say("built_in")),
      button("panel-close", say("close"), () => listener.close(), { picture: "x", hidden: true, variant: "quiet" }),
    ),
    field.locked ? make("p", { class: "field-help" }, say("locked", { field: name })) : null,
    words(given, field, "label", say("label"), errors, change),
    words(given, field, "help", say("help"), errors, change),
    tick("required", say("required"), field.required, (on) => change("required", on), {
      errors,
      disabled: Boolean(field.locked || field.read_only || type?.key === "total"),
    }),
  ];
  if (type) parts.push(...ofType(given, type, field, errors, change, known));
  parts.push(shows(given, field, errors, change));
  if (type && field.id !== undefined && given.convertible.includes(field.type)) {
    const href = given.conversion.replace("/f0/", `/f${field.id}/`);
    parts.push(make("p", {}, make("a", { class: "link", href, "data-key": "panel-convert" }, say("convert"))));
  }
  if (type && given.profiles) {
    parts.push(make("p", { class: "field-help" }, `${say("profiles")} `, make("a", { class: "link", href: given.profiles }, say("profiles_link"))));
  }
  return parts.filter((one): one is Node => one !== null);
}

function ofType(given: Given, type: TypeGiven, field: Field, errors: Errors, change: Change, known: Nameable[]): (Node | null)[] {
  const has = (property: string): boolean => type.properties.includes(property);
  const bound = (property: "minimum" | "maximum"): Node | null =>
    has(property)
      ? line(property, say(property), text(field[property]), (typed) => change(property, typed, true), { errors, inputmode: "decimal" })
      : null;
  return [
    has("choices") ? choices(given, field, errors, change) : null,
    has("columns") ? columns(given, field, errors, change) : null,
    has("decimals") && field.id === undefined
      ? line("decimals", say("decimals"), text(field.decimals ?? 0), (typed) => change("decimals", Number(typed) || 0, true), {
          errors,
          type: "number",
          min: "0",
          max: "6",
        })
      : null,
    bound("minimum"),
    bound("maximum"),
    type.key === "total"
      ? area("rule", say("rule"), text(field.rule), (typed) => change("rule", typed, true), errors, known)
      : null,
    type.has_default ? standard(given, field, errors, change) : null,
    has("choices") || ["total", "checkbox", "image", "file", "signature"].includes(type.key)
      ? null
      : words(given, field, "placeholder", say("placeholder"), errors, change),
    type.may_be_unique && ["services", "customers"].includes(given.module)
      ? tick("unique", say("unique"), Boolean(field.unique), (on) => change("unique", on), { errors })
      : null,
    type.searchable && given.module === "customers"
      ? tick("searched", say("searched"), Boolean(field.searched), (on) => change("searched", on), { errors })
      : null,
    more(given, field, errors, change, known),
  ];
}

/** Conditions stay out of sight until they are asked for, or there are some. */
function more(given: Given, field: Field, errors: Errors, change: Change, known: Nameable[]): Node {
  const open = Boolean(field.shown_if || field.required_if || errors.shown_if || errors.required_if);
  return make(
    "details",
    { class: "detail", open },
    make("summary", { "data-key": "panel-conditions" }, say("conditions")),
    area("shown_if", say("shown_if"), text(field.shown_if), (typed) => change("shown_if", typed, true), errors, known),
    area("required_if", say("required_if"), text(field.required_if), (typed) => change("required_if", typed, true), errors, known),
    ruleHelp(given),
  );
}

function shows(given: Given, field: Field, errors: Errors, change: Change): Node {
  const shown = field.shows ?? ["form", "page"];
  // A letter tells what is built in by itself.
  const places = given.places.filter(({ key }) => key !== "letter" || kindOf(given, field));
  return make(
    "fieldset",
    { class: "fieldset" },
    make("legend", {}, say("shows")),
    ...places.map(({ key, label }) =>
      tick(`shows-${key}`, label, shown.includes(key), (on) =>
        change(
          "shows",
          given.places.map((place) => place.key).filter((place) => (place === key ? on : shown.includes(place))),
        ),
      ),
    ),
    wrong("layout-shows", errors.shows),
  );
}

/** What a new record holds in this field until somebody says otherwise. */
function standard(given: Given, field: Field, errors: Errors, change: Change): Node {
  if (field.type === "choice") {
    const saved = (field.choices ?? []).filter((choice) => choice.id !== undefined);
    const open = saved.filter((choice) => !choice.archived).filter((choice, index) => index < MOST || choice.id === field.default);
    const id = "layout-default";
    return make(
      "div",
      { class: "field" },
      make("label", { for: id }, say("default")),
      make(
        "select",
        {
          id,
          class: "input",
          "data-key": "panel-default",
          onchange: (event: Event) => {
            const chosen = (event.target as HTMLSelectElement).value;
            change("default", chosen ? Number(chosen) : null);
          },
        },
        make("option", { value: "" }, say("no_default")),
        ...open.map((choice) =>
          make("option", { value: choice.id, selected: field.default === choice.id }, written(choice.label, given.language)),
        ),
      ),
      saved.length < (field.choices ?? []).length ? make("p", { class: "field-help" }, say("save_first")) : null,
      wrong(id, errors.default),
    );
  }
  if (field.type === "checkbox") return tick("default", say("ticked"), field.default === true, (on) => change("default", on || null), { errors });
  return line("default", say("default"), text(field.default), (typed) => change("default", typed || null, true), { errors });
}

export function sectionProperties(
  given: Given,
  layout: Layout,
  section: Section,
  errors: Errors,
  change: (change: Partial<Section>, typing: boolean) => void,
  close: () => void,
): Node[] {
  const known = nameables(given, layout, "");
  const set = (property: string, value: unknown, typing = true): void => change({ [property]: value } as Partial<Section>, typing);
  const pretend = section as unknown as Field;
  return [
    make(
      "header",
      { class: "layout-panel-head" },
      make("h2", { id: "layout-panel-title", tabindex: "-1", "data-key": "panel" }, written(section.label, given.language)),
      make("p", { class: "small soft" }, say("section")),
      button("panel-close", say("close"), close, { picture: "x", hidden: true, variant: "quiet" }),
    ),
    words(given, pretend, "label", say("section_label"), errors, (_property, value) => set("label", value)),
    make(
      "fieldset",
      { class: "fieldset" },
      make("legend", {}, say("section_columns")),
      ...[1, 2].map((count) =>
        make(
          "label",
          { class: "check" },
          make("input", {
            type: "radio",
            name: "layout-columns",
            value: count,
            checked: section.columns === count,
            "data-key": `panel-columns-${count}`,
            onchange: () => set("columns", count, false),
          }),
          make("span", {}, say(count === 1 ? "one_column" : "two_columns")),
        ),
      ),
    ),
    make(
      "details",
      { class: "detail", open: Boolean(section.shown_if || errors.shown_if) },
      make("summary", { "data-key": "panel-conditions" }, say("conditions")),
      area("shown_if", say("shown_if"), text(section.shown_if), (typed) => set("shown_if", typed), errors, known),
      ruleHelp(given),
    ),
  ];
}
