// The properties of one field, beside the layout: what it is called, what is said of it, what it may hold, where it shows.

import { type Given, kindOf, say, type TypeGiven } from "./given";
import { type Choice, type Field, type Layout, type Section, type Words, written } from "./model";
import { button, make } from "./page";

export type Errors = Record<string, string>;

export interface Listener {
  change(change: Partial<Field>, typing: boolean): void;
  close(): void;
}

export function propertiesOf(given: Given, layout: Layout, field: Field, errors: Errors, listener: Listener): Node[] {
  const known = nameables(given, layout, field.ref);
  const type = kindOf(given, field);
  const change = (property: string, value: unknown, typing = false): void =>
    listener.change({ [property]: value } as Partial<Field>, typing);
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
  return parts.filter((one): one is Node => one !== null);
}

type Change = (property: string, value: unknown, typing?: boolean) => void;

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
    has("choices") || type.key === "total" || type.key === "checkbox"
      ? null
      : words(given, field, "placeholder", say("placeholder"), errors, change),
    type.may_be_unique && given.module !== "job_sheets"
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

/** The field, and where it lists them the choices, as a rule names them: chosen by what they are called. */
export interface Nameable {
  name: string;
  label: string;
}

export function nameables(given: Given, layout: Layout, but: string): Nameable[] {
  return layout.sections
    .flatMap((section) => section.fields)
    .filter((field) => field.key === undefined || field.id !== undefined)
    .filter((field) => field.ref !== but)
    .flatMap((field) => {
      const label = written(field.label, given.language);
      const name = field.id === undefined ? String(field.name ?? field.ref) : `f${field.id}`;
      const choices = (field.choices ?? []).filter((choice) => choice.id !== undefined && !choice.archived);
      const columns = ((field.columns ?? []) as Column[]).filter((column) => column.key);
      return [
        { name, label },
        ...choices.map((choice) => ({ name: `${name} = #${choice.id}`, label: `${label} = ${written(choice.label, given.language)}` })),
        ...columns.map((column) => ({ name: `${name}.${column.key}`, label: `${label}: ${written(column.label, given.language)}` })),
      ];
    });
}

function picker(property: string, known: Nameable[]): HTMLElement | null {
  if (!known.length) return null;
  const id = `layout-${property}-field`;
  return make(
    "div",
    { class: "field" },
    make("label", { for: id, class: "small soft" }, say("rule_insert")),
    make(
      "select",
      {
        id,
        class: "input",
        "data-key": `panel-${property}-field`,
        onchange: (event: Event) => {
          const chosen = event.target as HTMLSelectElement;
          const box = document.getElementById(`layout-${property}`) as HTMLTextAreaElement | null;
          if (!box || !chosen.value) return;
          const before = box.value.slice(0, box.selectionStart).trimEnd();
          const after = box.value.slice(box.selectionEnd).trimStart();
          box.value = [before, chosen.value, after].filter((part) => part).join(" ");
          box.dispatchEvent(new Event("input", { bubbles: true }));
          chosen.value = "";
        },
      },
      make("option", { value: "" }, say("rule_insert_choose")),
      ...known.map((one) => make("option", { value: one.name }, one.label)),
    ),
  );
}

export function ruleHelp(given: Given): HTMLElement {
  return make(
    "details",
    { class: "detail" },
    make("summary", { "data-key": "panel-rules" }, say("rules_title")),
    make("ul", { class: "layout-rules small" }, ...given.rules.map((line) => make("li", {}, line))),
  );
}

function words(given: Given, field: Field, property: string, label: string, errors: Errors, change: Change): Node {
  const held = (field[property] ?? {}) as Words;
  const others = given.languages.filter(({ code }) => code !== given.language);
  const one = (code: string, name: string, shown: string): Node =>
    line(code === given.language ? property : `${property}-${code}`, shown, held[code] ?? "", (typed) => change(property, { ...held, [code]: typed }, true), {
      errors: code === given.language ? errors : {},
      lang: code,
      maxlength: property === "help" ? "500" : "120",
      spoken: name,
    });
  const own = given.languages.find(({ code }) => code === given.language);
  return make(
    "div",
    { class: "layout-words" },
    one(given.language, own?.name ?? "", label),
    ...others.map(({ code, name }) => one(code, name, say("in_language", { property: label, language: name }))),
  );
}

interface LineOptions {
  errors: Errors;
  spoken?: string;
  [attribute: string]: unknown;
}

function line(
  property: string,
  label: string,
  value: string,
  typed: (text: string) => void,
  { errors, spoken: _spoken, ...more }: LineOptions,
): HTMLElement {
  const id = `layout-${property}`;
  return make(
    "div",
    { class: "field" },
    make("label", { for: id }, label),
    make("input", {
      id,
      class: "input",
      "data-key": `panel-${property}`,
      value,
      "aria-invalid": errors[property] ? "true" : null,
      "aria-describedby": errors[property] ? `${id}-error` : null,
      oninput: (event: Event) => typed((event.target as HTMLInputElement).value),
      ...more,
    }),
    wrong(id, errors[property]),
  );
}

function area(
  property: string,
  label: string,
  value: string,
  typed: (text: string) => void,
  errors: Errors,
  known: Nameable[] = [],
): HTMLElement {
  const id = `layout-${property}`;
  return make(
    "div",
    { class: "field" },
    make("label", { for: id }, label),
    make("textarea", {
      id,
      class: "input layout-rule",
      rows: "2",
      spellcheck: "false",
      "data-key": `panel-${property}`,
      value,
      "aria-invalid": errors[property] ? "true" : null,
      "aria-describedby": errors[property] ? `${id}-error` : null,
      oninput: (event: Event) => typed((event.target as HTMLTextAreaElement).value),
    }),
    wrong(id, errors[property]),
    picker(property, known),
  );
}

function wrong(id: string, sentence: string | undefined): HTMLElement | null {
  return sentence ? make("p", { class: "field-error", id: `${id}-error` }, sentence) : null;
}

function tick(
  property: string,
  label: string,
  on: boolean,
  ticked: (on: boolean) => void,
  { errors = {}, disabled = false }: { errors?: Errors; disabled?: boolean } = {},
): HTMLElement {
  const id = `layout-${property}`;
  return make(
    "div",
    {},
    make(
      "label",
      { class: "check" },
      make("input", {
        type: "checkbox",
        id,
        checked: on,
        disabled,
        "data-key": `panel-${property}`,
        onchange: (event: Event) => ticked((event.target as HTMLInputElement).checked),
      }),
      make("span", {}, label),
    ),
    wrong(id, errors[property]),
  );
}

function shows(given: Given, field: Field, errors: Errors, change: Change): Node {
  const shown = field.shows ?? ["form", "page"];
  return make(
    "fieldset",
    { class: "fieldset" },
    make("legend", {}, say("shows")),
    ...given.places.map(({ key, label }) =>
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
    const open = (field.choices ?? []).filter((choice) => !choice.archived && choice.id !== undefined);
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
      wrong(id, errors.default),
    );
  }
  if (field.type === "checkbox") return tick("default", say("ticked"), field.default === true, (on) => change("default", on || null), { errors });
  return line("default", say("default"), text(field.default), (typed) => change("default", typed || null, true), { errors });
}

function choices(given: Given, field: Field, errors: Errors, change: Change): Node {
  const held = field.choices ?? [];
  const put = (next: Choice[], typing = false): void => change("choices", next, typing);
  const at = (index: number, next: Partial<Choice>): Choice[] =>
    held.map((choice, place) => (place === index ? { ...choice, ...next } : choice));
  const swapped = (index: number, by: number): Choice[] => {
    const next = [...held];
    const [moved] = next.splice(index, 1);
    if (moved) next.splice(index + by, 0, moved);
    return next;
  };
  const rows = held.map((choice, index) => {
    const label = written(choice.label, given.language);
    const unsaved = choice.id === undefined;
    return make(
      "li",
      { class: "layout-choice", "data-archived": choice.archived === true },
      make("input", {
        class: "input",
        "data-key": `panel-choice-${index}`,
        "aria-label": say("choice_label", { number: index + 1 }),
        value: label,
        maxlength: "120",
        oninput: (event: Event) =>
          put(at(index, { label: { ...choice.label, [given.language]: (event.target as HTMLInputElement).value } }), true),
        onkeydown: (event: KeyboardEvent) => {
          if (event.key !== "Enter") return;
          event.preventDefault();
          document.querySelector<HTMLElement>('[data-key="panel-choice-add"]')?.click();
        },
      }),
      button(
        `panel-choice-colour-${index}`,
        say("choice_colour", { choice: label, colour: say(`colour_${choice.colour || "none"}`) }),
        () => put(at(index, { colour: given.colours[(given.colours.indexOf(choice.colour ?? "") + 1) % given.colours.length] ?? "" })),
        { picture: "palette", hidden: true, variant: "quiet", "data-colour": choice.colour || null },
      ),
      button(`panel-choice-up-${index}`, say("choice_up", { choice: label }), () => put(swapped(index, -1)), {
        picture: "chevron-up",
        hidden: true,
        variant: "quiet",
        disabled: index === 0,
      }),
      button(`panel-choice-down-${index}`, say("choice_down", { choice: label }), () => put(swapped(index, 1)), {
        picture: "chevron-down",
        hidden: true,
        variant: "quiet",
        disabled: index === held.length - 1,
      }),
      unsaved
        ? button(`panel-choice-away-${index}`, say("choice_remove", { choice: label }), () => put(held.filter((_one, place) => place !== index)), {
            picture: "trash-2",
            hidden: true,
            variant: "quiet",
          })
        : button(
            `panel-choice-away-${index}`,
            say(choice.archived ? "choice_restore" : "choice_archive", { choice: label }),
            () => put(at(index, { archived: !choice.archived })),
            { picture: choice.archived ? "rotate-ccw" : "ban", hidden: true, variant: "quiet" },
          ),
    );
  });
  return make(
    "fieldset",
    { class: "fieldset layout-choices" },
    make("legend", {}, say("choices")),
    make("ol", {}, ...rows),
    button("panel-choice-add", say("choice_add"), () => put([...held, { label: { [given.language]: "" } }]), { picture: "plus" }),
    make(
      "details",
      { class: "detail" },
      make("summary", { "data-key": "panel-choices-many" }, say("choices_many")),
      make(
        "div",
        { class: "field" },
        make("label", { for: "layout-choices-many" }, say("choices_many_label")),
        make("textarea", { id: "layout-choices-many", class: "input", rows: "4", "data-key": "panel-choices-text" }),
        button("panel-choices-take", say("choices_many_take"), (event) => {
          const typed = (event.currentTarget as HTMLElement).parentElement?.querySelector("textarea")?.value ?? "";
          const known = new Set(held.map((choice) => written(choice.label, given.language)));
          const lines = [...new Set(typed.split("\n").map((one) => one.trim()))].filter((one) => one && !known.has(one));
          put([...held.filter((choice) => written(choice.label, given.language)), ...lines.map((one) => ({ label: { [given.language]: one } }))]);
        }),
      ),
    ),
    wrong("layout-choices", errors.choices),
  );
}

interface Column {
  /** What rules call it: c1, c2 … */
  key?: string;
  type: string;
  label: Words;
  [property: string]: unknown;
}

/** The columns of lines that repeat: parts with a reference, a quantity, a price. */
function columns(given: Given, field: Field, errors: Errors, change: Change): Node {
  const held = (field.columns ?? []) as Column[];
  const put = (next: Column[], typing = false): void => change("columns", next, typing);
  const at = (index: number, next: Partial<Column>): Column[] =>
    held.map((column, place) => (place === index ? { ...column, ...next } : column));
  const next = held.reduce((most, column) => Math.max(most, Number(column.key?.slice(1) ?? 0)), Number(field.highest ?? 0)) + 1;
  const saved = (column: Column): boolean => Number(column.key?.slice(1) ?? 0) <= Number(field.highest ?? 0);
  return make(
    "fieldset",
    { class: "fieldset layout-choices" },
    make("legend", {}, say("columns")),
    make(
      "ol",
      {},
      ...held.map((column, index) =>
        make(
          "li",
          { class: "layout-choice" },
          make("input", {
            class: "input",
            "data-key": `panel-column-${index}`,
            "aria-label": say("column_label", { number: index + 1 }),
            value: written(column.label, given.language),
            placeholder: column.key ?? "",
            oninput: (event: Event) =>
              put(at(index, { label: { ...column.label, [given.language]: (event.target as HTMLInputElement).value } }), true),
          }),
          make(
            "select",
            {
              class: "input",
              "data-key": `panel-column-type-${index}`,
              "aria-label": say("column_type", { number: index + 1 }),
              disabled: saved(column),
              onchange: (event: Event) => put(at(index, { type: (event.target as HTMLSelectElement).value })),
            },
            ...given.columns.map((kind) => make("option", { value: kind.key, selected: kind.key === column.type }, kind.label)),
          ),
          column.type === "total"
            ? make("input", {
                class: "input layout-rule",
                "data-key": `panel-column-rule-${index}`,
                "aria-label": say("rule"),
                value: text(column.rule),
                oninput: (event: Event) => put(at(index, { rule: (event.target as HTMLInputElement).value }), true),
              })
            : null,
          button(`panel-column-away-${index}`, say("column_remove", { column: written(column.label, given.language) }), () => put(held.filter((_one, place) => place !== index)), {
            picture: "trash-2",
            hidden: true,
            variant: "quiet",
          }),
        ),
      ),
    ),
    button("panel-column-add", say("column_add"), () => put([...held, { key: `c${next}`, type: "text", label: { [given.language]: "" } }]), { picture: "plus" }),
    wrong("layout-columns", errors.columns),
  );
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

function text(value: unknown): string {
  return value === null || value === undefined ? "" : String(value as string | number | boolean);
}
