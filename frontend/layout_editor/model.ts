// A layout while it is edited: plain data, and what can be done with it. Nothing here touches the page.

export type Words = Record<string, string>;

export interface Choice {
  id?: number;
  label: Words;
  colour?: string;
  archived?: boolean;
}

export interface Field {
  /** Which field is meant while it is edited; the server knows it by `id` or `key`, or not yet. */
  ref: string;
  id?: number;
  key?: string;
  type: string;
  label: Words;
  help?: Words;
  placeholder?: Words;
  required: boolean;
  locked?: boolean;
  read_only?: boolean;
  choices?: Choice[];
  shows?: string[];
  [property: string]: unknown;
}

export interface Section {
  ref: string;
  label: Words;
  columns: number;
  fields: Field[];
  shown_if?: string;
}

export interface Layout {
  sections: Section[];
  removed: Field[];
}

/** Where something stands: the section, and before which of its fields. */
export interface Place {
  section: number;
  index: number;
}

let made = 0;

/** A name that no part has had; rules may call a field by it before it is saved. */
export function newRef(): string {
  made += 1;
  return `new${made}_${Date.now().toString(36)}`;
}

/** Give each part a name for as long as it is edited. */
export function named(layout: { sections: Omit<Section, "ref">[]; removed?: Omit<Field, "ref">[] }): Layout {
  const known = (field: Omit<Field, "ref">): Field => {
    const kept = (field as Field).ref;
    const ref = kept || (field.id === undefined ? String(field.key ?? newRef()) : `f${String(field.id)}`);
    return { ...(field as Field), ref };
  };
  return {
    sections: layout.sections.map((section, index) => ({
      ...section,
      ref: (section as Section).ref || `s${index}`,
      fields: section.fields.map(known),
    })),
    removed: (layout.removed ?? []).map(known),
  };
}

/** The layout as it was saved, its parts under the names that they had in what was sent. */
export function answeredTo(sent: Layout, saved: Layout): Layout {
  return {
    ...saved,
    sections: saved.sections.map((section, index) => ({
      ...section,
      ref: sent.sections[index]?.ref ?? section.ref,
      fields: section.fields.map((field, place) => ({ ...field, ref: sent.sections[index]?.fields[place]?.ref ?? field.ref })),
    })),
  };
}

/** What was changed while it was being saved, its new fields being those that were made: none is made twice. */
export function known(layout: Layout, saved: Layout): Layout {
  const ids = new Map(saved.sections.flatMap((section) => section.fields).map((field) => [field.ref, field.id]));
  const made = (field: Field): Field => {
    const id = ids.get(field.ref);
    return field.id === undefined && field.key === undefined && id !== undefined ? { ...field, id } : field;
  };
  return { ...layout, sections: layout.sections.map((section) => ({ ...section, fields: section.fields.map(made) })) };
}

/** The layout as it is sent: without what only names its parts here. */
export function plain(layout: Layout): unknown {
  const bare = ({ ref: _ref, ...field }: Field): Omit<Field, "ref"> => field as Omit<Field, "ref">;
  return {
    sections: layout.sections.map(({ ref: _ref, fields, ...section }) => ({ ...section, fields: fields.map(bare) })),
    removed: layout.removed.map(bare),
  };
}

/** What is wrong with each part of what was sent, by where it stands: ref -> property -> sentence. */
export function byRef(sent: Layout, errors: Record<string, string>): Record<string, Record<string, string>> {
  const found: Record<string, Record<string, string>> = {};
  for (const [path, sentence] of Object.entries(errors)) {
    const [, section, field, property] = /^sections\.(\d+)(?:\.fields\.(\d+))?(?:\.(\w+))?/.exec(path) ?? [];
    const held = sent.sections[Number(section)];
    const ref = field === undefined ? held?.ref : held?.fields[Number(field)]?.ref;
    if (ref) (found[ref] ??= {})[property ?? "label"] = sentence;
  }
  return found;
}

export function copy<T>(value: T): T {
  return structuredClone(value);
}

/** Whether two layouts say the same; what they share is not looked into. */
export function same(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== "object" || typeof other !== "object" || !one || !other) return false;
  const [mine, theirs] = [one as Record<string, unknown>, other as Record<string, unknown>];
  const told = (of: Record<string, unknown>): string[] => Object.keys(of).filter((key) => of[key] !== undefined);
  return told(mine).length === told(theirs).length && told(mine).every((key) => same(mine[key], theirs[key]));
}

export function written(words: Words | undefined, language: string): string {
  return words?.[language] || Object.values(words ?? {}).find((text) => text) || "";
}

export function placeOf(layout: Layout, ref: string): Place | null {
  for (const [section, { fields }] of layout.sections.entries()) {
    const index = fields.findIndex((field) => field.ref === ref);
    if (index >= 0) return { section, index };
  }
  return null;
}

export function fieldOf(layout: Layout, ref: string): Field | undefined {
  const place = placeOf(layout, ref);
  return place ? layout.sections[place.section]?.fields[place.index] : undefined;
}

export function added(layout: Layout, field: Field, place: Place): Layout {
  const next = copy(layout);
  next.sections[place.section]?.fields.splice(place.index, 0, field);
  return next;
}

/** Move a field before the one that now stands at `place`. */
export function moved(layout: Layout, ref: string, place: Place): Layout {
  const from = placeOf(layout, ref);
  if (!from) return layout;
  const next = copy(layout);
  const [field] = next.sections[from.section]?.fields.splice(from.index, 1) ?? [];
  if (!field) return layout;
  const behind = from.section === place.section && from.index < place.index ? 1 : 0;
  next.sections[place.section]?.fields.splice(place.index - behind, 0, field);
  return next;
}

/** The next place for a field, one step on or back, across sections; null at either end. */
export function step(layout: Layout, ref: string, by: 1 | -1): Place | null {
  const here = placeOf(layout, ref);
  if (!here) return null;
  const count = layout.sections[here.section]?.fields.length ?? 0;
  if (by === 1) {
    if (here.index + 1 < count) return { section: here.section, index: here.index + 2 };
    return here.section + 1 < layout.sections.length ? { section: here.section + 1, index: 0 } : null;
  }
  if (here.index > 0) return { section: here.section, index: here.index - 1 };
  const before = layout.sections[here.section - 1];
  return before ? { section: here.section - 1, index: before.fields.length } : null;
}

export function sectionMoved(layout: Layout, from: number, to: number): Layout {
  const next = copy(layout);
  const [section] = next.sections.splice(from, 1);
  if (section) next.sections.splice(to, 0, section);
  return next;
}

export function removed(layout: Layout, ref: string): Layout {
  const place = placeOf(layout, ref);
  const field = fieldOf(layout, ref);
  if (!place || !field || field.locked) return layout;
  const next = copy(layout);
  next.sections[place.section]?.fields.splice(place.index, 1);
  // What was never saved holds nothing that could be put back.
  if (field.id !== undefined || field.key !== undefined) next.removed.push(field);
  return next;
}

export function putBack(layout: Layout, ref: string): Layout {
  const next = copy(layout);
  const index = next.removed.findIndex((field) => field.ref === ref);
  const [field] = index < 0 ? [] : next.removed.splice(index, 1);
  if (field) next.sections.at(-1)?.fields.push(field);
  return next;
}

export function changed(layout: Layout, ref: string, change: Partial<Field>): Layout {
  // Only what changes is made anew: a long pick list is not copied with each letter that is typed elsewhere.
  const held = (field: Field): Field => (field.ref === ref ? { ...field, ...copy(change) } : field);
  return { ...layout, sections: layout.sections.map((section) => ({ ...section, fields: section.fields.map(held) })) };
}

export function sectionChanged(layout: Layout, index: number, change: Partial<Section>): Layout {
  const next = copy(layout);
  const section = next.sections[index];
  if (section) Object.assign(section, copy(change));
  return next;
}

/** Remove a section; its fields go to the one before it, or after it where there is none. */
export function sectionRemoved(layout: Layout, index: number): Layout {
  if (layout.sections.length < 2) return layout;
  const next = copy(layout);
  const [section] = next.sections.splice(index, 1);
  next.sections[Math.max(0, index - 1)]?.fields.push(...(section?.fields ?? []));
  return next;
}
