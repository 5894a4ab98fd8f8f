// Everything made on this phone until the service has given a receipt for it. The service knows each item by its id,
// so an item is sent as often as it takes; what is refused waits for its maker and stops no other.

import { deviceTime, hearServer } from "./clock.js";
import { asTold, bodyOf, contentOf, isOwn, newItem, sealedNow } from "./item_rows.js";
import { NoAnswer, Refused, SignedOut, openSession, tell } from "./link.js";
import { ownPhone } from "./phone.js";
import { sendPieces } from "./pieces.js";
import { putOwn, sealPhoto } from "./seal.js";
import { photoState, receipt } from "./shapes.js";
import * as store from "./store.js";

const FIRST_PAUSE_MS = 1000, LONGEST_PAUSE_MS = 60_000, MOST_FAILURES = 3;
const PATHS = {
  visit: "visits", scan: "scans", finding: "findings", photo: "photos", discard: "discards", leave: "leave",
};
const ORDER = Object.keys(PATHS), DONE = ["sent", "discarded"];
const listeners = new Set();
let pause = FIRST_PAUSE_MS, timer = null;

/** Called with {signedOut}, {sending, done} or {line, nextAt} after each change. */
export function onChange(listener) {
  listeners.add(listener);
}

/** Puts an item and what belongs to it (rows of other stores) on disk at once, then tries to send it. A `held` one waits
    until what it belongs to is saved; `bytes` are of a photo. */
export async function add(kind, content, rows = {}, { held = false, items: others = [], bytes = null } = {}) {
  const item = await newItem(content, { kind, state: held ? "held" : "waiting" });
  const photo = bytes && { blob: new Blob([item.seal ? await sealPhoto(item.id, bytes) : bytes]) };
  const kept = { ...rows, items: [[item.id, item], ...others], ...photo && { photos: [[item.id, photo]] } };
  await putOwn(kept, { phone: item.phone });
  changed();
  flush();
}

/** What lies there, by whomever; that an officer has left is nobody's business on the screen. */
export async function rows() {
  return (await store.all("items")).map(asTold).filter((row) => row.kind !== "leave");
}

/** The officer's own, with their content. */
export async function items() {
  return Promise.all((await rows()).filter(isOwn).map(async (row) => ({ ...row, content: await contentOf(row) })));
}

/** What is to be sent; of what others made only what goes up by itself. */
export async function unsent() {
  return (await rows()).filter((row) => isOwn(row) ? !DONE.includes(row.state) : row.state === "waiting");
}

/** Rows that belong to it and are held back or refused, as [id, row]. */
export async function rowsOf(belongs, state) {
  return (await rows()).filter((row) => row.state === state && belongs(row)).map((row) => [row.id, row]);
}

/** A refused item is sent again when its maker says so. */
export async function retry(id) {
  const item = await store.get("items", id);
  await store.put("items", id, { ...item, state: "waiting", reason: null });
  changed();
  flush();
}

/** What the service will not have goes, and all that waits for it; the reason goes up, as an item of its own. */
export async function discard(id, reason) {
  const every = await rows(), refused = every.find((row) => row.id === id);
  const gone = every.filter((each) => each.id === id
    || (isFirstOfItsVisit(refused) && each.visit === refused.visit && !DONE.includes(each.state)));
  const content = {
    id: crypto.randomUUID(), based_on: 0, made_at: deviceTime(), visit: refused.visit, reason,
    refusal: refused.reason.text ?? refused.reason.code, items: gone.map((each) => ({ id: each.id, kind: each.kind, made_at: each.madeAt })),
  };
  await add("discard", content, { photos: gone.map((each) => [each.id, undefined]) }, {
    items: gone.map((each) => [each.id, { ...each, state: "discarded", reason: { ...each.reason, given: reason } }]),
  });
}

/** Without which the service knows nothing of the visit. */
export const isFirstOfItsVisit = ({ kind, based_on }) => kind === "visit" && !based_on;

/** Items that are done with leave the list. */
export async function forgetSent() {
  const done = (await rows()).filter((row) => DONE.includes(row.state));
  await putOwn({ items: done.map((row) => [row.id, undefined]) });
  changed();
}

/** What is left of officers who have gone, once all that they made has been sent. */
export async function clearDone() {
  const every = await store.all("items"), drafts = await store.all("drafts");
  const waits = new Set([...every.filter((row) => !DONE.includes(row.state) && row.kind !== "leave"), ...drafts]
    .map((row) => row.officer));
  const over = (row) => !isOwn(row) && !waits.has(row.officer);
  const gone = (rows) => rows.filter(over).map((row) => [row.id, undefined]);
  await putOwn({
    visits: gone(await store.all("visits")), items: gone(every.filter((row) => row.kind !== "leave")),
  });
}

/** What was made before its maker's seals were at hand is sealed; alone, so that no flush sends it meanwhile. */
export function sealItems() {
  return alone(async () => {
    for (const row of (await store.all("items")).map(asTold)) {
      if (row.seal || !isOwn(row)) continue;
      const photo = await store.get("photos", row.id), item = await sealedNow(row);
      const bytes = photo && await sealPhoto(row.id, await photo.blob.arrayBuffer());
      const rows = { items: [[row.id, item]], photos: photo ? [[row.id, { blob: new Blob([bytes]) }]] : [] };
      await putOwn(rows, { phone: item.phone });
    }
  });
}

/** One flush at a time, over all tabs. */
export function flush() {
  clearTimeout(timer);
  return alone(sendWaiting, { ifAvailable: true });
}

function alone(work, options = {}) {
  if (!navigator.locks) return work();
  return navigator.locks.request("patrol-outbox", options, (lock) => lock && work());
}

async function sendWaiting() {
  const officer = (await store.get("settings", "officer"))?.id;
  const waiting = (await store.all("items")).map(asTold).filter((row) => mayBeSent(row, officer));
  waiting.sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) || a.madeAt.localeCompare(b.madeAt));
  if (!waiting.length) return;
  if (!officer) return changed({ line: "line_signed_out", nextAt: 0 });
  try {
    await greet();
    changed({ line: null });
    tryLater(await sendAll(waiting));
  } catch (error) {
    if (error instanceof SignedOut) return changed({ signedOut: true, line: "line_signed_out", nextAt: 0 });
    tryLater(error instanceof NoAnswer ? error : new NoAnswer("fault"));
    if (!(error instanceof NoAnswer)) throw error;
  }
}

/** What lies open goes up in the name of whoever is signed in, so only its maker sends it. */
function mayBeSent(row, officer) {
  return row.state === "waiting" && (row.seal || (row.officer ?? officer) === officer);
}

/** The last trouble with the line, or null. One item's never stops the others, until nothing comes through at all. */
async function sendAll(waiting) {
  const toCome = visitsToCome(await rows());
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
  return new Set(every.filter((row) => isFirstOfItsVisit(row) && !DONE.includes(row.state)).map((row) => row.visit));
}

export function waitsForItsVisit({ kind, visit }, toCome) {
  return kind !== "visit" && toCome.has(visit);
}

/** The service's time is heard anew before each round; and the app must know who is signed in now. */
async function greet() {
  const { now, officer } = await openSession({ fresh: true });
  await hearServer(now);
  const here = await store.get("settings", "officer");
  if (here?.id !== officer.id) throw new SignedOut();
}

/** Null once the service has said something of it, be it a refusal; else why it did not. */
async function tryToSend({ id }, toCome) {
  const item = asTold(await store.get("items", id) ?? {});
  if (item.state !== "waiting") return null; // taken back or sent since the round began
  try {
    await keepReceipt(item, item.kind === "photo" ? await sendPhoto(item) : await send(item));
    if (item.kind === "visit") toCome.delete(item.visit);
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

/** Only now may the photo's bytes leave the phone: in the same transaction as the receipt arrives. What another officer
    made goes with its receipt. */
async function keepReceipt(item, given) {
  const stays = isOwn(item) && item.kind !== "leave" ? { ...item, state: "sent", receipt: given } : undefined;
  await putOwn({ items: [[item.id, stays]], photos: [[item.id, undefined]] });
  if (!isOwn(item)) await clearDone();
}

async function send(item) {
  const shape = item.kind === "photo" ? photoState(item) : receipt(item);
  return tell(PATHS[item.kind], bodyOf(item), shape, { phone: await phoneOf(item) });
}

async function sendPhoto(item) {
  const { blob } = await store.get("photos", item.id) ?? {};
  if (!blob) throw new Refused(0, { code: "photo_gone" });
  await store.put("items", item.id, { ...item, begun: true });
  return sendPieces(item.id, blob, {
    announce: () => send(item),
    phone: await phoneOf(item),
    sealed: Boolean(item.seal),
    onPart: (done) => changed({ sending: item.id, done: done / blob.size, line: null }),
  });
}

/** The phone, of one officer, on which it was made: what is sealed names it, what is open is of this one. */
async function phoneOf(item) {
  return item.seal ? item.phone : (await ownPhone()).id;
}

/** While anything waits, a round follows: soon after something came through, later and later after nothing did. */
async function tryLater(trouble) {
  const every = await rows(), toCome = visitsToCome(every);
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
