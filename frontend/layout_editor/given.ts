// What the page gives the editor: the layout, the types of field, and every word that is read. No text lives here.

import type { Field, Section } from "./model";

export interface TypeGiven {
  /** What is offered among the new fields: a type, or a type with some of its properties chosen. */
  offer: string;
  key: string;
  label: string;
  icon: string;
  /** The properties it has besides those of every field. */
  properties: string[];
  may_be_unique: boolean;
  searchable: boolean;
  has_default: boolean;
  /** The properties that a new field begins with. */
  begins: Record<string, unknown>;
}

export interface Given {
  layout: { sections: Omit<Section, "ref">[]; removed: Omit<Field, "ref">[] };
  version: number;
  module: string;
  language: string;
  languages: { code: string; name: string }[];
  types: TypeGiven[];
  places: { key: string; label: string }[];
  colours: string[];
  columns: { key: string; label: string }[];
  icons: string;
  /** Where it is said which profiles see a field; "" for whom that is shut. */
  profiles: string;
  /** The types of fields that can be converted, and where that is done; "f0" stands for the field. */
  convertible: string[];
  conversion: string;
  /** How rules are written, in sentences. */
  rules: string[];
  words: Record<string, string>;
}

/** What kind of field it is: of the offers of its type the one that fits it best. */
export function kindOf(given: Given, field: Field | undefined): TypeGiven | undefined {
  const kinds = given.types.filter((type) => type.key === field?.type);
  return kinds.find((type) => (type.begins.decimals === undefined ? kinds.length === 1 : Boolean(type.begins.decimals) === Boolean(field?.decimals))) ?? kinds[0];
}

let words: Record<string, string> = {};

export function wordsFrom(given: Record<string, string>): void {
  words = given;
}

/** A sentence of the page, its gaps ("%(name)s") filled in. */
export function say(key: string, gaps: Record<string, string | number> = {}): string {
  const sentence = words[key] ?? key;
  return sentence.replace(/%\((\w+)\)s/g, (_whole, gap: string) => String(gaps[gap] ?? ""));
}
