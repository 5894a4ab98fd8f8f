// What the screens share: the packs in memory, the lists of forms, and the visit under way.

import * as store from "./store.js";
import { clockSaid, deviceTime, now } from "./clock.js";
import { ask, openSession } from "./link.js";
import { loadPacks } from "./phone.js";
import { putOwn } from "./seal.js";
import * as shapes from "./shapes.js";
import { judge } from "./verdict.js";
import { getVisit } from "./visits.js";

const EMPTY = { products: [], offences: [], officers: [], markets: [], shops: [] };

export const state = { packs: [], keys: new Map(), reference: EMPTY, officer: null, look: null, finding: null };

/** From the phone alone. */
export async function loadState() {
  Object.assign(state, await loadPacks());
  state.reference = await store.get("settings", "reference") ?? EMPTY;
  state.officer = await store.get("settings", "officer") ?? null;
}

/** From the service: who is signed in, as it has just said, and the lists. */
export async function refreshState() {
  const { officer } = await openSession();
  state.reference = await ask("reference", shapes.reference);
  state.officer = officer;
  await putOwn({ settings: [["reference", state.reference], ["officer", officer]] });
  return officer;
}

/** The offline verdict of a text, with the pack that it rests on. */
export async function lookAt(text) {
  const look = await judge(text, { packs: state.packs, keys: state.keys, now: now() });
  return { ...look, text, at: deviceTime(), clock: await clockSaid(), pack: state.packs[0]?.header.pack ?? "" };
}

export async function currentVisit() {
  const id = await store.get("settings", "currentVisit");
  return id ? getVisit(id) : null;
}

const keyOf = ({ id, party, uscc, number }) => [id, party, uscc, number].join(" ");

/** The latest word of the packs on a right: differences stand before their base. */
export function rightsOf(product) {
  const rights = new Map();
  for (const pack of [...state.packs].reverse()) for (const right of pack.header.rights) rights.set(keyOf(right), right);
  return [...rights.values()].filter((right) => right.product === product);
}

export function productOf(code) {
  return state.packs[0]?.header.products.find((product) => product.code === code);
}
