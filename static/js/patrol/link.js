// Talking to the service. Three outcomes: an answer, a refusal with its reason, or no link.

const TIMEOUT_MS = 20_000;
let session = null;

export class Refused extends Error {
  constructor(status, { code = String(status), detail = "" }) {
    super(detail || code);
    Object.assign(this, { status, code });
  }
}
export class NoLink extends Error {}
export class SignedOut extends Error {}

/** Who is signed in, the write token and the service's time; asked anew when `fresh`. */
export async function openSession({ fresh = false } = {}) {
  if (!session || fresh) session = await (await ask("session")).json();
  return session;
}

export function ask(path, options = {}) {
  return send(path, options);
}

/** POST of JSON or raw bytes with the write token; the response. */
export async function tell(path, body, { phone = "", signal } = {}) {
  const { csrf_token } = await openSession();
  const raw = body instanceof Blob;
  return send(path, {
    method: "POST",
    body: raw ? body : JSON.stringify(body),
    headers: {
      "X-CSRFToken": csrf_token,
      "X-Patrol-Phone": phone,
      "Content-Type": raw ? "application/octet-stream" : "application/json",
    },
    signal,
  });
}

async function send(path, { headers = {}, signal, ...options }) {
  const response = await fetch(`/inspector/patrol/${path}`, {
    ...options,
    headers: { Accept: "application/json", ...headers },
    signal: signal ?? AbortSignal.timeout(TIMEOUT_MS),
    cache: "no-store",
  }).catch(() => {
    throw new NoLink();
  });
  if (response.status >= 500) throw new NoLink();
  if (response.redirected || response.status === 401) throw signedOut();
  if (!response.ok) {
    const reason = await response.json().catch(() => ({}));
    if (reason.code === "stale_form") throw signedOut();
    throw new Refused(response.status, reason);
  }
  return response;
}

function signedOut() {
  session = null;
  return new SignedOut();
}
