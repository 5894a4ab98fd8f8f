// What an officer makes lies sealed on the phone: whoever signs in next carries it on and reads nothing. The keys come
// with the officer's session, cannot be read out, and go when the officer signs out. See gi_trace/patrol/sealing.py.

import { fromBase64, toBase64 } from "./bytes.js";
import * as store from "./store.js";

const BLOCK = 16;
const tabs = new BroadcastChannel("patrol-owner");
let own = null; // {officer, items, photos}: whom this tab acts for

/** The phone has been handed over, or taken by another officer, in another tab: no write of this one would be kept. */
export class NotOwner extends Error {}

/** The app's screens end with what they show when another tab hands the phone over or takes it. */
export function endWhenOvertaken() {
  tabs.onmessage = async () => {
    const kept = await store.get("settings", "seals");
    if (kept?.officer !== own?.officer) location.reload();
  };
}

/** True while this tab acts for the officer whose seals lie on the phone; one that knew of nobody learns whose. */
export async function isOwnersTab() {
  const kept = await store.get("settings", "seals") ?? null;
  own ??= kept;
  return kept?.officer === own?.officer;
}

/** What an officer makes, or has on the phone, is put (see store.putAll) only while the phone is that officer's, and
    `phone` its key, in the same transaction. Throws NotOwner, and ends a tab that has been overtaken. */
export async function putOwn(rows, { phone = null } = {}) {
  const officer = sealer();
  const isKept = await store.putAllIf({
    seals: (kept) => (kept?.officer ?? null) === officer, phone: (kept) => phone === null || kept?.id === phone,
  }, rows);
  if (isKept) return;
  if (!await isOwnersTab()) location.reload();
  throw new NotOwner();
}

export async function loadSeals() {
  own = await store.get("settings", "seals") ?? null;
}

/** Of the officer who is signed in, as the session tells them. */
export async function takeSeals(officer, [items, photos]) {
  const key = (text, name) => crypto.subtle.importKey("raw", fromBase64(text), name, false, ["encrypt", "decrypt"]);
  const taken = { officer, items: await key(items, "AES-GCM"), photos: await key(photos, "AES-CTR") };
  const isNews = officer !== sealer();
  await putOwn({ settings: [["seals", taken]] });
  own = taken;
  if (isNews) tabs.postMessage("taken");
}

/** After they are gone from the phone. */
export function forgetSeals() {
  own = null;
  tabs.postMessage("left");
}

/** Whose seals are at hand, or null. */
export function sealer() {
  return own?.officer ?? null;
}

/** {iv, sealed} of what JSON can say; `bound` is authenticated with it. */
export async function seal(value, bound) {
  const iv = crypto.getRandomValues(new Uint8Array(12)), text = new TextEncoder().encode(JSON.stringify(value));
  return { iv, sealed: await crypto.subtle.encrypt(gcm(iv, bound), own.items, text) };
}

export async function unseal({ iv, sealed }, bound) {
  return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt(gcm(iv, bound), own.items, sealed)));
}

/** A photo's bytes sealed: their number stays, so that they go up in pieces as they are. */
export function sealPhoto(id, bytes) {
  return crypto.subtle.encrypt(ctr(id), own.photos, bytes);
}

export function unsealPhoto(id, bytes) {
  return crypto.subtle.decrypt(ctr(id), own.photos, bytes);
}

function ctr(id) {
  const counter = new Uint8Array(BLOCK);
  counter.set(id.replaceAll("-", "").match(/../g).slice(0, 8).map((pair) => parseInt(pair, 16)));
  return { name: "AES-CTR", counter, length: 64 };
}

/** As it is sent: in base64. */
export function written({ iv, sealed }) {
  return { iv: toBase64(iv), sealed: toBase64(sealed) };
}

function gcm(iv, bound) {
  return { name: "AES-GCM", iv, additionalData: new TextEncoder().encode(bound) };
}
