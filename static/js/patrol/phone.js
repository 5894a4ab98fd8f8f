// This phone's own key, and the packs that were made for it.

import { fromBase64, hex, toBase64 } from "./bytes.js";
import { hearServer, now } from "./clock.js";
import { openSession, tell } from "./link.js";
import { openPack, PackBroken } from "./pack.js";
import { putOwn } from "./seal.js";
import * as shapes from "./shapes.js";
import * as store from "./store.js";

const SIGN = { name: "ECDSA", namedCurve: "P-256" };
const WRAP = { name: "RSA-OAEP", modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: "SHA-256" };

const ID_LENGTH = 32;
const MAKING_MS = 180_000; // a season's pack is made when it is asked for

/** {packs, keys, phone}: packs with the difference before its base, keys by epoch. Broken packs are not loaded. */
export async function loadPacks() {
  const kept = await store.get("settings", "packs");
  const phone = (await store.get("settings", "phone"))?.id ?? "";
  if (!kept) return { packs: [], keys: new Map(), phone };
  try {
    const packs = await Promise.all(kept.files.map((file) => openPack(new Uint8Array(file), kept.publicKey)));
    const size = kept.files.reduce((sum, file) => sum + file.byteLength, 0);
    return { packs, keys: kept.keys, phone, size };
  } catch (error) {
    if (!(error instanceof PackBroken)) throw error;
    return { packs: [], keys: new Map(), phone, broken: true };
  }
}

/** Downloads what is new for these products, or all where there is nothing to build on. */
export async function downloadPack(products, onPart) {
  const { pack_key, now: serverTime, officer } = await openSession({ fresh: true });
  await hearServer(serverTime);
  const publicKey = fromBase64(pack_key), phone = await ownPhone();
  const base = await baseFor(products, publicKey);
  // The key that opens the pack's keys lives for this download only: what is stored afterwards opens nothing.
  const wrapping = await crypto.subtle.generateKey(WRAP, false, ["wrapKey", "unwrapKey"]);
  const wrapKey = await crypto.subtle.exportKey("spki", wrapping.publicKey);
  const proof = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, phone.keys.privateKey, wrapKey);
  const file = await tell("pack", {
    phone: phone.id, products, base: base?.header.pack ?? null, wrap_key: toBase64(wrapKey), proof: toBase64(proof),
  }, shapes.file, { patience: MAKING_MS, onPart });
  const pack = await openPack(new Uint8Array(file), publicKey);
  checkMine(pack.header, phone.id, officer.id);
  await keep(pack, file, base, wrapping.privateKey, publicKey, products);
}

async function keep(pack, file, base, unwrappingKey, publicKey, products) {
  const kept = await store.get("settings", "packs");
  const files = pack.header.base ? [file, kept.files.at(-1)] : [file];
  const keys = await unwrapKeys(pack.header.keys, unwrappingKey);
  await putOwn({ settings: [["packs", { files, keys, publicKey, products }]] });
}

async function unwrapKeys(wrapped, unwrappingKey) {
  const unwrap = (text) => crypto.subtle.unwrapKey(
    "raw", fromBase64(text), unwrappingKey, { name: "RSA-OAEP" }, "AES-CBC", false, ["encrypt"],
  );
  const keys = new Map();
  for (const [epoch, { mask, field }] of Object.entries(wrapped)) {
    keys.set(Number(epoch), { mask: await unwrap(mask), field: await unwrap(field) });
  }
  return keys;
}

function checkMine(header, phone, officer) {
  if (header.phone !== phone || header.officer !== officer) throw new PackBroken("another phone");
  if (Date.parse(header.valid_until) <= now()) throw new PackBroken("ended");
}

async function baseFor(products, publicKey) {
  const kept = await store.get("settings", "packs");
  if (!kept || kept.products.join() !== products.join() || toBase64(kept.publicKey) !== toBase64(publicKey)) {
    return null;
  }
  return openPack(new Uint8Array(kept.files.at(-1)), publicKey).catch(() => null);
}

/** {id, keys}: made once, known to the service, and never readable. */
export async function ownPhone() {
  const { id, keys, known } = await ownKeys();
  if (known === false) {
    await tell("phone", { public_key: toBase64(await crypto.subtle.exportKey("spki", keys.publicKey)) }, shapes.phone(id));
    await putOwn({ settings: [["phone", { id, keys, known: true }]] }, { phone: id });
  }
  return { id, keys };
}

/** The same from the phone alone: what is made before the service knows the phone is signed all the same. */
export async function ownKeys() {
  const kept = await store.get("settings", "phone");
  if (kept) return kept;
  const keys = await crypto.subtle.generateKey(SIGN, false, ["sign", "verify"]);
  const digest = await crypto.subtle.digest("SHA-256", await crypto.subtle.exportKey("spki", keys.publicKey));
  const phone = { id: hex(digest).slice(0, ID_LENGTH), keys, known: false };
  await putOwn({ settings: [["phone", phone]] });
  return phone;
}
