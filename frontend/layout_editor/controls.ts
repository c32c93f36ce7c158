// What properties are typed and ticked in: a label, the box, and what is wrong with it.

import { type Given, say } from "./given";
import type { Field, Words } from "./model";
import { make } from "./page";
import { type Nameable, picker } from "./rules";

/** Property -> what is wrong with it. */
export type Errors = Record<string, string>;
/** `typing` continues what was typed last; `focus` is the key of what has the focus then. */
export type Change = (property: string, value: unknown, typing?: boolean, focus?: string) => void;

export function words(given: Given, field: Field, property: string, label: string, errors: Errors, change: Change): Node {
  const held = (field[property] ?? {}) as Words;
  const others = given.languages.filter(({ code }) => code !== given.language);
  const one = (code: string, shown: string): Node =>
    line(code === given.language ? property : `${property}-${code}`, shown, held[code] ?? "", (typed) => change(property, { ...held, [code]: typed }, true), {
      errors: code === given.language ? errors : {},
      lang: code,
      maxlength: property === "help" ? "500" : "120",
      spoken: code === given.language ? null : `${label} – ${shown}`,
    });
  return make(
    "div",
    { class: "layout-words" },
    one(given.language, label),
    ...others.map(({ code, name }) => one(code, say("in_language", { property: label, language: name }))),
  );
}

interface LineOptions {
  errors: Errors;
  /** What it is called aloud, where its label alone would be said of several. */
  spoken?: string | null;
  [attribute: string]: unknown;
}

export function line(
  property: string,
  label: string,
  value: string,
  typed: (text: string) => void,
  { errors, spoken = null, ...more }: LineOptions,
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
      "aria-label": spoken,
      "aria-invalid": errors[property] ? "true" : null,
      "aria-describedby": errors[property] ? `${id}-error` : null,
      oninput: (event: Event) => typed((event.target as HTMLInputElement).value),
      ...more,
    }),
    wrong(id, errors[property]),
  );
}

export function area(
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

export function wrong(id: string, sentence: string | undefined): HTMLElement | null {
  return sentence ? make("p", { class: "field-error", id: `${id}-error` }, sentence) : null;
}

export function tick(
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

export function text(value: unknown): string {
  return value === null || value === undefined ? "" : String(value as string | number | boolean);
}
