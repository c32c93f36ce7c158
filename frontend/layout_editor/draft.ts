// What is not saved yet survives a closed window and a lost network: it is kept in the browser, for each layout.

import type { Layout } from "./model";

interface Kept {
  version: number;
  layout: Layout;
}

/** So long after the last change it is written down, in milliseconds; at once when the page is left. */
const REST = 300;

export class Draft {
  private waiting: Kept | null = null;
  private timer = 0;

  constructor(private readonly key: string) {
    window.addEventListener("pagehide", () => this.write());
    document.addEventListener("visibilitychange", () => this.write());
  }

  keep(version: number, layout: Layout): void {
    this.waiting = { version, layout };
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.write(), REST);
  }

  private write(): void {
    if (!this.waiting) return;
    try {
      localStorage.setItem(this.key, JSON.stringify(this.waiting));
    } catch {
      // A full or forbidden store only means that a closed window is not survived.
    }
    this.waiting = null;
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
    this.waiting = null;
    try {
      localStorage.removeItem(this.key);
    } catch {
      // Nothing was kept either.
    }
  }
}
