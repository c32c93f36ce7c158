// A job sheet saves itself while it is filled in: what has changed is sent a moment later, one request at a time, and
// again until it arrives. The form itself says what still waits; a press on a button waits for what is under way.

const PAUSE = 900;
const RETRY = 5000;

interface Answer {
  version?: number;
  sentence: string;
}

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

class Keeper {
  private changed = new Set<string>();
  private timer = 0;
  private underWay: Promise<void> | null = null;

  constructor(readonly form: HTMLFormElement) {}

  note(control: Control, pause: number): void {
    // A signature is given by its own button, not while it is being drawn or its name typed.
    if (control instanceof Element && control.closest("[data-signing]")) return;
    // A field of several inputs, such as lines and their columns (f12.0.c1), is sent whole.
    const key = /^(f\d+)(\.|$)/.exec(control.name)?.[1];
    const lines = control instanceof Element ? control.closest<HTMLElement>("[data-lines]")?.dataset.lines : undefined;
    if (!key && !lines) return;
    this.changed.add((key ?? lines) as string);
    this.later(pause);
  }

  /** Save what has changed, after what is being saved now. */
  async save(): Promise<void> {
    window.clearTimeout(this.timer);
    while (this.underWay) await this.underWay;
    if (this.changed.size === 0 || !this.form.isConnected) return;
    this.underWay = this.send(new Set(this.changed));
    await this.underWay;
    this.underWay = null;
  }

  get busy(): boolean {
    return this.underWay !== null;
  }

  /** The whole form is on its way, and carries what still waits: a part beside it would make it stale. */
  leaveToForm(): void {
    window.clearTimeout(this.timer);
  }

  private later(pause: number): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.save(), pause);
  }

  private async send(names: Set<string>): Promise<void> {
    const typed = new FormData(this.form);
    // Neither does a signature that nobody has given yet go with a part.
    for (const signing of this.form.querySelectorAll<HTMLInputElement>("[data-signing] input")) typed.delete(signing.name);
    const part = new FormData();
    part.set("part", "1");
    for (const name of ["version", "drawn", "csrfmiddlewaretoken"]) part.set(name, String(typed.get(name) ?? ""));
    for (const key of names) {
      // What is not asked any more is not sent: it stays as it is.
      if (!this.isAsked(key)) continue;
      part.append("own", key);
      for (const [name, value] of typed) {
        if (typeof value === "string" && (name === key || name.startsWith(`${key}.`))) part.append(name, value);
      }
    }
    if (!part.has("own")) {
      this.changed.clear();
      return;
    }
    this.changed.clear();
    this.say(this.form.dataset.textSaving ?? "");
    try {
      const response = await fetch(this.form.action, { method: "POST", body: part, redirect: "error" });
      if (response.status >= 500 || !response.headers.get("Content-Type")?.startsWith("application/json")) throw response;
      const answer = (await response.json()) as Answer;
      if (response.ok) {
        const version = this.form.elements.namedItem("version");
        if (version instanceof HTMLInputElement) version.value = String(answer.version);
        for (const name of names) this.clear(name);
        if (this.changed.size === 0) this.say(answer.sentence);
      } else {
        // Refused: the words stay on the page, and are tried again with the next change or press.
        for (const name of names) this.changed.add(name);
        this.say(`${this.form.dataset.textRefused ?? ""} ${answer.sentence}`, true);
      }
    } catch {
      for (const name of names) this.changed.add(name);
      this.say(this.form.dataset.textWaiting ?? "", true);
      this.later(RETRY);
    }
  }

  private isAsked(key: string): boolean {
    const field = this.form.querySelector<HTMLFieldSetElement>(`[data-own="${key}"]`);
    return !field?.disabled;
  }

  /** What is saved is no longer wrong. */
  private clear(key: string): void {
    const field = this.form.querySelector<HTMLElement>(`[data-own="${key}"]`);
    if (!field || this.changed.has(key)) return;
    for (const control of field.querySelectorAll("[aria-invalid]")) control.removeAttribute("aria-invalid");
    field.querySelector(".field-error")?.remove();
  }

  private say(text: string, waits = false): void {
    const place = this.form.querySelector<HTMLElement>("[data-saved]");
    if (!place) return;
    place.textContent = text;
    place.toggleAttribute("data-waits", waits);
  }
}

const keepers = new WeakMap<HTMLFormElement, Keeper>();

function keeperOf(target: EventTarget | null): Keeper | null {
  const form = target instanceof Element ? target.closest<HTMLFormElement>("form[data-job-sheet]") : null;
  if (!form) return null;
  const keeper = keepers.get(form) ?? new Keeper(form);
  keepers.set(form, keeper);
  return keeper;
}

document.addEventListener("input", (event) => keeperOf(event.target)?.note(event.target as Control, PAUSE));
document.addEventListener("change", (event) => keeperOf(event.target)?.note(event.target as Control, 0));
window.addEventListener("online", () => {
  const form = document.querySelector("form[data-job-sheet]");
  void keeperOf(form)?.save();
});

// The whole form carries the version it was read at, which a save under way is about to change.
document.addEventListener(
  "submit",
  (event) => {
    const keeper = keeperOf(event.target);
    keeper?.leaveToForm();
    if (!keeper?.busy) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { submitter } = event as SubmitEvent;
    void keeper.save().then(() => keeper.form.requestSubmit(submitter as HTMLElement | null));
  },
  true,
);

// The printed sheet has its own button; without a script the browser's does the same.
for (const button of document.querySelectorAll<HTMLElement>("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
