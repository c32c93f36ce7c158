// What is not saved yet survives a closed window and a lost network: it is kept in the browser, for each layout.

import type { Layout } from "./model";

interface Kept {
  version: number;
  layout: Layout;
}

export class Draft {
  constructor(private readonly key: string) {}

  keep(version: number, layout: Layout): void {
    try {
      localStorage.setItem(this.key, JSON.stringify({ version, layout } satisfies Kept));
    } catch {
      // A full or forbidden store only means that a closed window is not survived.
    }
  }

  found(): Kept | null {
    try {
      const kept = JSON.parse(localStorage.getItem(this.key) ?? "null") as Kept | null;
      return kept && Array.isArray(kept.layout.sections) ? kept : null;
    } catch {
      return null;
    }
  }

  forget(): void {
    try {
      localStorage.removeItem(this.key);
    } catch {
      // Nothing was kept either.
    }
  }
}
