// Everything made on this phone until the service has given a receipt for it. Items are sent in any order, as
// often as it takes; the service knows each by its id.

import { deviceTime, hearServer } from "./clock.js";
import { NoLink, Refused, SignedOut, openSession, tell } from "./link.js";
import { ownPhone } from "./phone.js";
import * as store from "./store.js";

const CHUNK_BYTES = 256 * 1024, FIRST_PAUSE_MS = 1000, LONGEST_PAUSE_MS = 60_000;
const PATHS = { visit: "visits", finding: "findings", photo: "photos" };
const ORDER = ["visit", "finding", "photo"];
const listeners = new Set();
let pause = FIRST_PAUSE_MS, timer = null;

/** Called with {signedOut} after each change of an item. */
export function onChange(listener) {
  listeners.add(listener);
}

/** Puts an item and what belongs to it (rows of other stores) on disk at once, then tries to send it. */
export async function add(kind, content, rows = {}) {
  const item = { id: content.id, kind, content, state: "waiting", madeAt: content.made_at };
  await store.putAll({ items: [[item.id, item]], ...rows });
  changed();
  flush();
}

export function items() {
  return store.all("items");
}

export async function unsent() {
  return (await items()).filter((item) => item.state !== "sent");
}

/** A refused item is sent again when its maker says so. */
export async function retry(id) {
  const item = await store.get("items", id);
  await store.put("items", id, { ...item, state: "waiting", reason: null });
  changed();
  flush();
}

/** Sent items leave the list; the service has them. */
export async function forgetSent() {
  for (const item of await items()) if (item.state === "sent") await store.remove("items", item.id);
  changed();
}

/** One flush at a time, over all tabs. */
export function flush() {
  clearTimeout(timer);
  if (!navigator.locks) return sendWaiting();
  return navigator.locks.request("patrol-outbox", { ifAvailable: true }, (lock) => lock && sendWaiting());
}

async function sendWaiting() {
  const waiting = (await items()).filter((item) => item.state === "waiting");
  waiting.sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) || a.madeAt.localeCompare(b.madeAt));
  if (!waiting.length) return;
  try {
    await greet();
    for (const item of waiting) await tryToSend(item);
  } catch (error) {
    if (error instanceof SignedOut) return changed({ signedOut: true });
    if (!(error instanceof NoLink)) throw error;
  }
  if ((await items()).some((item) => item.state === "waiting")) tryLater();
}

/** The service's time is heard anew before each round; an outbox never goes up under another officer's name. */
async function greet() {
  const { now, officer } = await openSession({ fresh: true });
  await hearServer(now);
  const owner = await store.get("settings", "officer");
  if (owner && owner.id !== officer.id) throw new SignedOut();
}

async function tryToSend(item) {
  try {
    const receipt = item.kind === "photo" ? await sendPhoto(item) : await send(item);
    await keepReceipt(item, receipt);
    pause = FIRST_PAUSE_MS;
  } catch (error) {
    if (error instanceof Refused) {
      await store.put("items", item.id, { ...item, state: "refused", reason: { code: error.code, text: error.message } });
    } else if (!(error instanceof NoLink)) {
      throw error;
    }
  }
  changed();
}

/** Only now may the photo's bytes leave the phone: in the same transaction as the receipt arrives. */
async function keepReceipt(item, receipt) {
  await store.put("items", item.id, { ...item, state: "sent", receipt });
  if (item.kind === "photo") await store.remove("photos", item.id);
}

async function send(item) {
  const answer = await tell(PATHS[item.kind], { ...item.content, sent_at: deviceTime() }, { phone: await phoneId() });
  return answer.json();
}

/** Goes on where the service stopped receiving. */
async function sendPhoto(item) {
  const phone = await phoneId(), { blob } = await store.get("photos", item.id);
  let state = await send(item);
  while (!state.receipt) {
    const chunk = blob.slice(state.received, state.received + CHUNK_BYTES);
    state = await (await tell(`photos/${item.id}/bytes?offset=${state.received}`, chunk, { phone })).json();
    changed({ sending: item.id, done: state.received / blob.size });
  }
  return state;
}

/** A phone that never took a pack along makes itself known when it first has something to send. */
async function phoneId() {
  return (await store.get("settings", "phone") ?? await ownPhone()).id;
}

function tryLater() {
  timer = setTimeout(flush, pause);
  pause = Math.min(2 * pause, LONGEST_PAUSE_MS);
}

function changed(detail = {}) {
  listeners.forEach((listener) => listener(detail));
}
