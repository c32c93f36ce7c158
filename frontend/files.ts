// Files of fields are sent as soon as they are chosen: the form then carries their id, so nothing is sent twice, and a
// photo taken where there is no network is tried again until it arrives. Without a script they go with the form.

const RETRY = 5000;

interface Kept {
  id: string;
  html: string;
}

/** Send `parts` for the field that `holder` draws; returns whether it was kept. What cannot be sent yet throws. */
export async function sendFor(holder: HTMLElement, parts: Record<string, string | File>): Promise<boolean> {
  const form = holder.closest("form");
  const token = form?.elements.namedItem("csrfmiddlewaretoken");
  const body = new FormData();
  body.set("field", holder.dataset.file ?? "");
  if (token instanceof HTMLInputElement) body.set("csrfmiddlewaretoken", token.value);
  for (const [name, value] of Object.entries(parts)) body.set(name, value);
  say(holder, holder.dataset.textSending ?? "");
  const response = await fetch(holder.dataset.address ?? "", { method: "POST", body, redirect: "error" });
  if (response.status >= 500 || !response.headers.get("Content-Type")?.startsWith("application/json")) throw response;
  const answer: unknown = await response.json();
  if (!response.ok) {
    say(holder, (answer as { sentence: string }).sentence, true);
    return false;
  }
  say(holder, "");
  holder.querySelector(".field-error")?.remove();
  for (const control of holder.querySelectorAll("[aria-invalid]")) control.removeAttribute("aria-invalid");
  keep(holder, (answer as Kept).html);
  return true;
}

export function say(holder: HTMLElement, text: string, wrong = false): void {
  const place = holder.querySelector<HTMLElement>("[data-said]");
  if (!place) return;
  place.textContent = text;
  place.toggleAttribute("data-waits", wrong);
}

/** Show what is kept now, and let whoever keeps the form's words hear of it. */
function keep(holder: HTMLElement, html: string): void {
  const place = holder.querySelector<HTMLElement>("[data-kept]");
  if (!place) return;
  place.innerHTML = html;
  place.querySelector("input[type=hidden]")?.dispatchEvent(new Event("change", { bubbles: true }));
}

async function sendChosen(input: HTMLInputElement, holder: HTMLElement): Promise<void> {
  const file = input.files?.[0];
  if (!file || !input.isConnected) return;
  try {
    await sendFor(holder, { file });
    // Kept or refused: this file is not to go with the form again.
    if (input.files?.[0] === file) input.value = "";
  } catch {
    say(holder, holder.dataset.textWaiting ?? "", true);
    window.setTimeout(() => void (input.files?.[0] === file && sendChosen(input, holder)), RETRY);
  }
}

document.addEventListener(
  "change",
  (event) => {
    const input = event.target;
    if (!(input instanceof HTMLInputElement)) return;
    const holder = input.closest<HTMLElement>("[data-file]");
    if (!holder) return;
    if (input.type === "file") {
      event.stopImmediatePropagation();
      void sendChosen(input, holder);
    } else if (input.matches("[data-remove-file]") && input.checked) {
      event.stopImmediatePropagation();
      const empty = document.createElement("input");
      empty.type = "hidden";
      empty.name = holder.dataset.file ?? "";
      keep(holder, empty.outerHTML);
      holder.querySelector<HTMLElement>("input[type=file], summary")?.focus();
    }
  },
  true,
);
