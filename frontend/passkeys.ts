// Passkeys: a form with [data-passkey] hands the browser what the server asks for, and sends back what the browser
// made ("make") or signed ("use"). The server speaks base64url where the browser wants bytes.

type Described = { id: string; type: PublicKeyCredentialType; transports?: AuthenticatorTransport[] };
type Options = { publicKey: Record<string, unknown> & { challenge: string } };

function bytes(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
}

function text(buffer: ArrayBuffer | null): string | null {
  if (!buffer) return null;
  let plain = "";
  for (const one of new Uint8Array(buffer)) plain += String.fromCharCode(one);
  return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function known(list: unknown): PublicKeyCredentialDescriptor[] {
  return ((list ?? []) as Described[]).map((one) => ({ ...one, id: bytes(one.id) }));
}

async function optionsOf(form: HTMLFormElement): Promise<Options> {
  if (form.dataset.options) return JSON.parse(form.dataset.options) as Options;
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  return JSON.parse(((await answer.json()) as { options: string }).options) as Options;
}

async function make({ publicKey }: Options): Promise<PublicKeyCredential> {
  const user = publicKey.user as { id: string };
  const made = await navigator.credentials.create({
    publicKey: {
      ...publicKey,
      challenge: bytes(publicKey.challenge),
      user: { ...user, id: bytes(user.id) },
      excludeCredentials: known(publicKey.excludeCredentials),
    } as unknown as PublicKeyCredentialCreationOptions,
  });
  return made as PublicKeyCredential;
}

async function use({ publicKey }: Options): Promise<PublicKeyCredential> {
  const found = await navigator.credentials.get({
    publicKey: {
      ...publicKey,
      challenge: bytes(publicKey.challenge),
      allowCredentials: known(publicKey.allowCredentials),
    } as unknown as PublicKeyCredentialRequestOptions,
  });
  return found as PublicKeyCredential;
}

function written(credential: PublicKeyCredential): string {
  const response = credential.response as AuthenticatorAttestationResponse & AuthenticatorAssertionResponse;
  const parts: Record<string, string | null> = { clientDataJSON: text(response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"] as const) {
    if (response[name]) parts[name] = text(response[name]);
  }
  return JSON.stringify({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response: parts,
    clientExtensionResults: credential.getClientExtensionResults(),
  });
}

async function ask(form: HTMLFormElement): Promise<void> {
  const failed = form.querySelector<HTMLElement>("[data-passkey-failed]");
  if (failed) failed.hidden = true;
  try {
    const options = await optionsOf(form);
    const credential = form.dataset.passkey === "make" ? await make(options) : await use(options);
    const field = form.querySelector<HTMLInputElement>("[name=credential]");
    if (field) field.value = written(credential);
    // Not `requestSubmit`: other fields of the form may stay empty where a passkey is used.
    form.submit();
  } catch {
    if (failed) failed.hidden = false;
  }
}

export function wirePasskeys(): void {
  if (!("PublicKeyCredential" in window)) return;
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-passkey]")) {
    for (const button of form.querySelectorAll<HTMLButtonElement>("[data-passkey-button]")) {
      button.hidden = false;
      button.addEventListener("click", () => void ask(form));
    }
    if (form.dataset.passkey !== "make") continue;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void ask(form);
    });
  }
}
