// Everything made on this phone until the service has given a receipt for it. The service knows each item by its id,
// so an item is sent as often as it takes; what is refused waits for its maker and stops no other.

import { deviceTime, hearServer } from "./clock.js";
import { NoAnswer, Refused, SignedOut, openSession, tell } from "./link.js";
import { ownPhone } from "./phone.js";
import { sendPieces } from "./pieces.js";
import * as store from "./store.js";

const FIRST_PAUSE_MS = 1000, LONGEST_PAUSE_MS = 60_000, MOST_FAILURES = 3;
const PATHS = { visit: "visits", scan: "scans", finding: "findings", photo: "photos" };
const ORDER = Object.keys(PATHS), DONE = ["sent", "discarded"];
const listeners = new Set();
let pause = FIRST_PAUSE_MS, timer = null;

/** Called with {signedOut}, {sending, done} or {line, nextAt} after each change. */
export function onChange(listener) {
  listeners.add(listener);
}

/** Puts an item and what belongs to it (rows of other stores) on disk at once, then tries to send it. A `held` one waits
    until what it belongs to is saved. */
export async function add(kind, content, rows = {}, { held = false, items: others = [] } = {}) {
  const item = { id: content.id, kind, content, state: held ? "held" : "waiting", madeAt: content.made_at };
  await store.putAll({ ...rows, items: [[item.id, item], ...others] });
  changed();
  flush();
}

export function items() {
  return store.all("items");
}

export async function unsent() {
  return (await items()).filter((item) => !DONE.includes(item.state));
}

/** Items of this kind that belong to it and are held back or refused, as [id, item]. */
export async function itemsOf(belongs, state) {
  return (await items()).filter((item) => item.state === state && belongs(item)).map((item) => [item.id, item]);
}

/** A refused item is sent again when its maker says so. */
export async function retry(id) {
  const item = await store.get("items", id);
  await store.put("items", id, { ...item, state: "waiting", reason: null });
  changed();
  flush();
}

/** What the service will not have goes, and all that waits for it; the reason stays in the list until it is cleared. */
export async function discard(id, reason) {
  const item = await store.get("items", id), needed = item.kind === "visit" ? item.content.visit : null;
  const gone = (await items()).filter((each) => each.id === id
    || (needed && each.content.visit === needed && !DONE.includes(each.state)));
  await store.putAll({
    items: gone.map((each) => [each.id, { ...each, state: "discarded", reason: { ...each.reason, given: reason } }]),
    photos: gone.map((each) => [each.id, undefined]),
  });
  changed();
}

/** Items that are done with leave the list. */
export async function forgetSent() {
  const done = (await items()).filter((item) => DONE.includes(item.state));
  await store.putAll({ items: done.map((item) => [item.id, undefined]) });
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
    tryLater(await sendAll(waiting));
  } catch (error) {
    if (error instanceof SignedOut) return changed({ signedOut: true });
    if (!(error instanceof NoAnswer)) throw error;
    tryLater(error);
  }
}

/** The last trouble with the line, or null. One item's never stops the others, until nothing comes through at all. */
async function sendAll(waiting) {
  const toCome = visitsToCome(await items());
  let trouble = null, inARow = 0;
  for (const item of waiting) {
    if (waitsForItsVisit(item, toCome)) continue;
    const failed = await tryToSend(item, toCome);
    inARow = failed ? inARow + 1 : 0;
    trouble = failed ?? trouble;
    if (inARow === MOST_FAILURES) break;
  }
  return trouble;
}

/** Whose a visit is the service knows once it has arrived; until then it takes nothing of it. */
export function visitsToCome(every) {
  return new Set(every.filter(({ kind, state, content }) => kind === "visit" && !content.based_on && !DONE.includes(state))
    .map((item) => item.content.visit));
}

export function waitsForItsVisit({ kind, content }, toCome) {
  return kind !== "visit" && toCome.has(content.visit);
}

/** The service's time is heard anew before each round; an outbox never goes up under another officer's name. */
async function greet() {
  const { now, officer } = await openSession({ fresh: true });
  await hearServer(now);
  const owner = await store.get("settings", "officer");
  if (owner && owner.id !== officer.id) throw new SignedOut();
}

/** Null once the service has said something of it, be it a refusal; else why it did not. */
async function tryToSend({ id }, toCome) {
  const item = await store.get("items", id);
  if (item?.state !== "waiting") return null; // taken back or sent since the round began
  try {
    const receipt = item.kind === "photo" ? await sendPhoto(item) : await send(item);
    await keepReceipt(item, receipt);
    if (item.kind === "visit") toCome.delete(item.content.visit);
    pause = FIRST_PAUSE_MS;
    return null;
  } catch (error) {
    if (error instanceof NoAnswer) return error;
    if (!(error instanceof Refused)) throw error;
    await store.put("items", item.id, { ...item, begun: item.kind === "photo", state: "refused", reason: { code: error.code, text: error.message } });
    return null;
  } finally {
    changed();
  }
}

/** Only now may the photo's bytes leave the phone: in the same transaction as the receipt arrives. */
function keepReceipt(item, receipt) {
  return store.putAll({ items: [[item.id, { ...item, state: "sent", receipt }]], photos: [[item.id, undefined]] });
}

async function send(item) {
  return tell(PATHS[item.kind], { ...item.content, sent_at: deviceTime() }, { phone: await phoneId() });
}

async function sendPhoto(item) {
  const { blob } = await store.get("photos", item.id) ?? {};
  if (!blob) throw new Refused(0, { code: "photo_gone" });
  await store.put("items", item.id, { ...item, begun: true });
  return sendPieces(item.id, blob, {
    announce: () => send(item),
    phone: await phoneId(),
    onPart: (done) => changed({ sending: item.id, done: done / blob.size }),
  });
}

/** A phone that never took a pack along makes itself known when it first has something to send. */
async function phoneId() {
  return (await store.get("settings", "phone") ?? await ownPhone()).id;
}

/** While anything waits, a round follows: soon after something came through, later and later after nothing did. */
async function tryLater(trouble) {
  const every = await items(), toCome = visitsToCome(every);
  if (!every.some((item) => item.state === "waiting" && !waitsForItsVisit(item, toCome))) return changed({ line: null });
  const wait = Math.max(pause, (trouble?.after ?? 0) * 1000);
  clearTimeout(timer);
  timer = setTimeout(flush, wait);
  pause = Math.min(2 * pause, LONGEST_PAUSE_MS);
  changed({ line: trouble?.why ?? null, nextAt: Date.now() + wait });
}

function changed(detail = {}) {
  listeners.forEach((listener) => listener(detail));
}
