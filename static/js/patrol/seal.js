// What an officer makes lies sealed on the phone: whoever signs in next carries it on and reads nothing. The keys come
// with the officer's session, cannot be read out, and go when the officer signs out. See gi_trace/patrol/sealing.py.

import { fromBase64, toBase64 } from "./bytes.js";
import * as store from "./store.js";

const BLOCK = 16;
let own = null; // {officer, items, photos}

export async function loadSeals() {
  own = await store.get("settings", "seals") ?? null;
}

/** Of the officer who is signed in, as the session tells them. */
export async function takeSeals(officer, [items, photos]) {
  const key = (text, name) => crypto.subtle.importKey("raw", fromBase64(text), name, false, ["encrypt", "decrypt"]);
  own = { officer, items: await key(items, "AES-GCM"), photos: await key(photos, "AES-CTR") };
  await store.put("settings", "seals", own);
}

export function forgetSeals() {
  own = null;
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
