// The values of a pick list and the columns of lines, in the panel of their field.

import { area, type Change, type Errors, text, wrong } from "./controls";
import { type Given, say } from "./given";
import { type Choice, type Field, type Words, written } from "./model";
import { button, make } from "./page";

/** So many values are shown at once; in longer lists they are looked for. */
const SHOWN = 50;
/** What is looked for in the list of each field. */
const wanted = new Map<string, string>();

export function choices(given: Given, field: Field, errors: Errors, change: Change): Node {
  const held = field.choices ?? [];
  const called = (choice: Choice): string => written(choice.label, given.language);
  const put = (next: Choice[], typing = false, focus = ""): void => change("choices", next, typing, focus);
  const at = (index: number, next: Partial<Choice>): Choice[] =>
    held.map((choice, place) => (place === index ? { ...choice, ...next } : choice));
  const step = (index: number, by: 1 | -1): void => {
    const next = [...held];
    const [moved] = next.splice(index, 1);
    if (!moved || !held[index + by]) return;
    next.splice(index + by, 0, moved);
    put(next, false, `panel-choice-${by === 1 ? "down" : "up"}-${index + by}`);
  };
  const add = (): void => {
    wanted.delete(field.ref);
    put([...held, { label: { [given.language]: "" } }], false, `panel-choice-${held.length}`);
  };
  const row = (choice: Choice, index: number): HTMLElement => {
    const label = called(choice);
    const small = { hidden: true, variant: "quiet" };
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
          if (event.key !== "Enter" || event.isComposing) return;
          event.preventDefault();
          add();
        },
      }),
      button(
        `panel-choice-colour-${index}`,
        say("choice_colour", { choice: label, colour: say(`colour_${choice.colour || "none"}`) }),
        () => put(at(index, { colour: given.colours[(given.colours.indexOf(choice.colour ?? "") + 1) % given.colours.length] ?? "" })),
        { ...small, picture: "palette", "data-colour": choice.colour || null },
      ),
      button(`panel-choice-up-${index}`, say("choice_up", { choice: label }), () => step(index, -1), {
        ...small,
        picture: "chevron-up",
        "aria-disabled": index === 0 ? "true" : null,
      }),
      button(`panel-choice-down-${index}`, say("choice_down", { choice: label }), () => step(index, 1), {
        ...small,
        picture: "chevron-down",
        "aria-disabled": index === held.length - 1 ? "true" : null,
      }),
      choice.id === undefined
        ? button(
            `panel-choice-away-${index}`,
            say("choice_remove", { choice: label }),
            () => put(held.filter((_one, place) => place !== index), false, held.length > 1 ? `panel-choice-${Math.max(0, index - 1)}` : "panel-choice-add"),
            { ...small, picture: "trash-2" },
          )
        : button(
            `panel-choice-away-${index}`,
            say(choice.archived ? "choice_restore" : "choice_archive", { choice: label }),
            () => put(at(index, { archived: !choice.archived })),
            { ...small, picture: choice.archived ? "rotate-ccw" : "ban" },
          ),
    );
  };
  const looked = (wanted.get(field.ref) ?? "").toLocaleLowerCase();
  const found = [...held.entries()].filter(([, choice]) => called(choice).toLocaleLowerCase().includes(looked));
  // A value that was just added has no name yet, and is typed at the end of the list.
  const shown = looked ? found.slice(0, SHOWN) : [...found.slice(0, SHOWN), ...found.slice(SHOWN).filter(([, choice]) => !called(choice))];
  return make(
    "fieldset",
    { class: "fieldset layout-choices" },
    make("legend", {}, say("choices")),
    held.length > SHOWN
      ? make(
          "div",
          { class: "field" },
          make("label", { for: "layout-choices-find" }, say("choices_find")),
          make("input", {
            id: "layout-choices-find",
            class: "input",
            type: "search",
            "data-key": "panel-choices-find",
            value: wanted.get(field.ref) ?? "",
            oninput: (event: Event) => {
              wanted.set(field.ref, (event.target as HTMLInputElement).value);
              change("", null);
            },
          }),
          make("p", { class: "field-help" }, say("choices_shown", { shown: shown.length, count: held.length })),
        )
      : null,
    make("ol", {}, ...shown.map(([index, choice]) => row(choice, index))),
    button("panel-choice-add", say("choice_add"), add, { picture: "plus" }),
    several(given, held, (next) => put(next, false, "panel-choice-add")),
    wrong("layout-choices", errors.choices),
  );
}

/** A list that stands somewhere else already is pasted as it is, a value on each line. */
function several(given: Given, held: Choice[], put: (next: Choice[]) => void): HTMLElement {
  const called = (choice: Choice): string => written(choice.label, given.language);
  const box = make("textarea", { id: "layout-choices-many", class: "input", rows: "4", "data-key": "panel-choices-text" });
  return make(
    "details",
    { class: "detail" },
    make("summary", { "data-key": "panel-choices-many" }, say("choices_many")),
    make(
      "div",
      { class: "field" },
      make("label", { for: "layout-choices-many" }, say("choices_many_label")),
      box,
      button("panel-choices-take", say("choices_many_take"), () => {
        const there = new Set(held.map(called));
        const lines = [...new Set(box.value.split("\n").map((one) => one.trim()))].filter((one) => one && !there.has(one));
        put([...held.filter(called), ...lines.map((one) => ({ label: { [given.language]: one } }))]);
      }),
    ),
  );
}

export interface Column {
  /** What rules call it: c1, c2 … */
  key?: string;
  type: string;
  label: Words;
  [property: string]: unknown;
}

/** The columns of lines that repeat: parts with a reference, a quantity, a price. */
export function columns(given: Given, field: Field, errors: Errors, change: Change): Node {
  const held = (field.columns ?? []) as Column[];
  const put = (next: Column[], typing = false, focus = ""): void => change("columns", next, typing, focus);
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
    button("panel-column-add", say("column_add"), () =>
      put([...held, { key: `c${next}`, type: "text", label: { [given.language]: "" } }], false, `panel-column-${held.length}`), { picture: "plus" }),
    wrong("layout-columns", errors.columns),
  );
}
