// Items of the outbox as they lie on the phone: beside what the app itself must know, sealed and signed by their maker
// when made. One that was made before its maker's seals were at hand lies open until they are.

import { toBase64 } from "./bytes.js";
import { clockSaid } from "./clock.js";
import { ownKeys } from "./phone.js";
import { seal, sealer, unseal, written } from "./seal.js";

const SIGN = { name: "ECDSA", hash: "SHA-256" };

export async function newItem(made, facts) {
  const content = { ...await clockSaid(), ...made };
  const row = { id: content.id, madeAt: content.made_at, officer: sealer(), ...told(content), ...facts };
  return sealer() === null ? { ...row, content } : { ...row, ...await sealed(content) };
}

/** What was open, sealed. */
export async function sealedNow({ content, ...row }) {
  return { ...row, officer: sealer(), ...await sealed(content) };
}

/** A row of whatever version of the app, with what is told of each. */
export function asTold(row) {
  return row.content && row.visit === undefined ? { officer: null, ...told(row.content), ...row } : row;
}

export function isOwn({ officer }) {
  return (officer ?? sealer()) === sealer();
}

/** What its maker made, or null for whoever is not. */
export async function contentOf(row) {
  if (!isOwn(row)) return null;
  return row.content ?? JSON.parse((await unseal(row.seal, row.phone)).content);
}

/** As it is sent. */
export function bodyOf({ seal: sealedContent, phone, content }) {
  return sealedContent ? { phone, ...written(sealedContent) } : content;
}

function told({ visit = null, based_on, finding = null, size = 0 }) {
  return { visit, based_on, finding, size };
}

async function sealed(content) {
  const { id: phone, keys } = await ownKeys(), text = JSON.stringify(content);
  const signature = toBase64(await crypto.subtle.sign(SIGN, keys.privateKey, new TextEncoder().encode(text)));
  return { phone, seal: await seal({ content: text, signature }, phone) };
}
