// What rules may name, chosen by what it is called, and how a rule is written.

import type { Column } from "./choices";
import { type Given, say } from "./given";
import { type Layout, written } from "./model";
import { make } from "./page";

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
      const choices = (field.choices ?? []).filter((choice) => choice.id !== undefined && !choice.archived).slice(0, 100);
      const columns = ((field.columns ?? []) as Column[]).filter((column) => column.key);
      return [
        { name, label },
        ...choices.map((choice) => ({ name: `${name} = #${choice.id}`, label: `${label} = ${written(choice.label, given.language)}` })),
        ...columns.map((column) => ({ name: `${name}.${column.key}`, label: `${label}: ${written(column.label, given.language)}` })),
      ];
    });
}

export function picker(property: string, known: Nameable[]): HTMLElement | null {
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
