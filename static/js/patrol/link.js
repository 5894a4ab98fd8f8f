// Talking to the service. Three outcomes: what it says, a refusal with its reason, or no answer of it, and why not.

import * as shapes from "./shapes.js";

const PATIENCE_MS = 20_000, SLOWEST_BYTES_A_MS = 2;
let session = null;

export class Refused extends Error {
  constructor(status, { code = String(status), detail = "" }) {
    super(detail || code);
    Object.assign(this, { status, code });
  }
}

/** `why` is a word of the page: no_link, slow, portal, too_large, busy, fault or half. All may pass: what was sent waits. */
export class NoAnswer extends Error {
  constructor(why, { after = 0 } = {}) {
    super(why);
    Object.assign(this, { why, after });
  }
}
export class SignedOut extends Error {}

/** Who is signed in, the write token and the service's time; asked anew when `fresh`. */
export async function openSession({ fresh = false } = {}) {
  if (!session || fresh) session = await ask("session", shapes.session);
  return session;
}

export function forgetSession() {
  session = null;
}

/** What a GET says, if it has the shape that is asked for, as JSON or a file's bytes; no part of it may take longer than
    `patience` ms. */
export function ask(path, shape, { patience = PATIENCE_MS } = {}) {
  return send(path, { patience }, { shape });
}

/**
 * POST of JSON or raw bytes with the write token; the answer as JSON, or a file's bytes with onPart(bytes so far).
 * @param {string} path
 * @param {unknown} body
 * @param {(answer: any) => boolean} shape
 * @param {{phone?: string, patience?: number, onPart?: (size: number) => void}} [options]
 */
export async function tell(path, body, shape, { phone = "", patience, onPart } = {}) {
  const { csrf_token } = await openSession();
  const raw = body instanceof Blob, sent = raw ? body : new Blob([JSON.stringify(body)]);
  return send(path, {
    method: "POST",
    body: sent,
    headers: {
      "X-CSRFToken": csrf_token,
      "X-Patrol-Phone": phone,
      "Content-Type": raw ? "application/octet-stream" : "application/json",
    },
  }, { size: sent.size, shape, patience, onPart });
}

async function send(path, { headers = {}, patience = PATIENCE_MS, ...options }, asked) {
  const { size = 0, shape, onPart } = asked, wait = asked.patience ?? patience, bytes = shape === shapes.file;
  const stop = new AbortController();
  let timer, response = null;
  const goOn = (more = 0) => {
    clearTimeout(timer);
    timer = setTimeout(() => stop.abort(), wait + more);
  };
  goOn(size / SLOWEST_BYTES_A_MS);
  try {
    response = await fetch(`/inspector/patrol/${path}`, {
      ...options,
      headers: { Accept: "application/json", ...headers },
      signal: stop.signal, cache: "no-store", redirect: "manual",
    });
    const isOurs = bytes && response.ok ? isFile(response) : isJson(response);
    if (response.status === 401) throw signedOut();
    if (!isOurs || !response.ok) await fail(response, isOurs);
    const file = await readAll(response, goOn, onPart);
    return bytes ? file : parsed(file, shape);
  } catch (error) {
    if ([Refused, SignedOut, NoAnswer].some((kind) => error instanceof kind)) throw error;
    throw new NoAnswer(stop.signal.aborted ? "slow" : response ? "half" : "no_link");
  } finally {
    clearTimeout(timer);
  }
}

const isJson = (response) => /[/+]json/.test(response.headers.get("Content-Type") ?? "");
const isFile = (response) => /^(application\/octet-stream|image\/)/.test(response.headers.get("Content-Type") ?? "");

/** A page instead of an answer, or a redirect, is a network that wants somebody to sign in to it first. */
async function fail(response, isOurs) {
  const { status } = response, after = Number(response.headers.get("Retry-After")) || 0;
  if (status === 408) throw new NoAnswer("slow");
  if ([429, 503].includes(status)) throw new NoAnswer("busy", { after });
  if (status >= 500) throw new NoAnswer("fault", { after });
  const reason = isOurs ? await response.json().catch(() => null) : null;
  if (!shapes.refusal(reason)) throw new NoAnswer(status === 413 ? "too_large" : "portal");
  if (reason.code === "stale_form") throw signedOut();
  throw new Refused(status, reason);
}

async function readAll(response, goOn, onPart) {
  const parts = [], reader = response.body.getReader();
  for (let size = 0; ;) {
    goOn();
    const { done, value } = await reader.read();
    if (done) return new Blob(parts).arrayBuffer();
    parts.push(value);
    size += value.length;
    onPart?.(size);
  }
}

function parsed(file, shape) {
  let answer;
  try {
    answer = JSON.parse(new TextDecoder().decode(file));
  } catch {
    throw new NoAnswer("half");
  }
  if (!shape(answer)) throw new NoAnswer("portal");
  return answer;
}

function signedOut() {
  session = null;
  return new SignedOut();
}
