// How htmx behaves here: who asks is proven, a live region asks quietly, focus goes where the news is.
import htmx from "htmx.org";

import { focusNews, leaveDialog, openDialogs, rememberOpener } from "./panels";
import { toast } from "./toasts";

interface Context {
  sourceElement: Element;
  sourceEvent?: Event;
  target?: Element | string | null;
  request: { method: string; action: string; headers: Record<string, string> };
  response?: { status: number; headers: Headers; raw: Response };
}

type HtmxEvent = CustomEvent<{ ctx: Context; error?: Error }>;

function on(name: string, listener: (event: HtmxEvent) => void): void {
  document.addEventListener(name, (event) => listener(event as HtmxEvent));
}

const etags = new WeakMap<Element, string>();
// What waits for an answer; the answer itself may go elsewhere.
const waiting = new WeakMap<Context, Element>();

function isLive(element: Element): boolean {
  return element.hasAttribute("data-live");
}

on("htmx:config:request", (event) => {
  const { ctx } = event.detail;
  const token = document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content;
  if (token && ctx.request.method !== "GET") ctx.request.headers["X-CSRFToken"] = token;
  if (isLive(ctx.sourceElement)) {
    // Nobody looks, or somebody is in the middle of something: the next round will do.
    if (document.hidden || ctx.sourceElement.querySelector("details.menu[open], :is(input, select, textarea):focus")) {
      event.preventDefault();
      return;
    }
    const etag = etags.get(ctx.sourceElement) ?? ctx.sourceElement.getAttribute("data-etag");
    if (etag) ctx.request.headers["If-None-Match"] = etag;
  }
});

on("htmx:before:request", (event) => {
  const { ctx } = event.detail;
  if (isLive(ctx.sourceElement)) return;
  if (ctx.target instanceof Element) {
    waiting.set(ctx, ctx.target);
    ctx.target.setAttribute("aria-busy", "true");
  }
  rememberOpener(ctx.sourceElement, ctx.target);
});

on("htmx:finally:request", (event) => {
  waiting.get(event.detail.ctx)?.removeAttribute("aria-busy");
});

on("htmx:before:response", (event) => {
  const { ctx } = event.detail;
  const response = ctx.response?.raw;
  if (response?.redirected && new URL(response.url).pathname.startsWith("/accounts/")) {
    // The session ended: the sign-in page is a page, not a fragment. It brings us back here.
    event.preventDefault();
    location.reload();
  }
  const etag = response?.headers.get("ETag");
  if (etag && isLive(ctx.sourceElement)) etags.set(ctx.sourceElement, etag);
});

// Whoever has chosen one of the lookup's answers is done with the others.
function leaveAnswers(source: Element): void {
  const answers = source.closest("[data-answers]");
  if (!answers) return;
  const typed = answers.closest("[data-arrows]")?.querySelector<HTMLInputElement>("input[type=search]");
  if (typed) typed.value = "";
  answers.replaceChildren();
}

on("htmx:after:swap", (event) => {
  const { ctx } = event.detail;
  leaveAnswers(ctx.sourceElement);
  leaveDialog(ctx.sourceElement, ctx.target);
  openDialogs();
  if (!isLive(ctx.sourceElement)) focusNews(ctx.target, (ctx.response?.status ?? 200) >= 400);
});

on("htmx:response:error", (event) => {
  const { ctx } = event.detail;
  const status = ctx.response?.status ?? 0;
  const words = document.body.dataset;
  if (status === 403) toast(words.textForbidden, "danger");
  else if (status === 404) toast(words.textNotFound, "danger");
  else if (status === 429) toast(words.textTooMany, "danger");
  else if (status >= 500 && !isLive(ctx.sourceElement)) toast(words.textFailed, "danger");
});

on("htmx:error", (event) => {
  if (event.detail.ctx && !isLive(event.detail.ctx.sourceElement)) toast(document.body.dataset.textOffline, "danger");
});

// A morph would close what the reader has opened: the server does not know that it is open.
htmx.registerExtension("carnet", {
  htmx_before_morph_attr: (element: Element, detail: { attrName: string }) =>
    !(detail.attrName === "open" && element.matches("details, dialog")),
});
