// Photos as evidence: the bytes are hashed at capture, before anything else touches them.

import { deviceTime } from "./clock.js";
import { add } from "./outbox.js";
import * as store from "./store.js";

const MOST_BYTES = 64 * 1024 * 1024;
const STARTS = [
  ["image/jpeg", 0, [0xff, 0xd8, 0xff]],
  ["image/png", 0, [0x89, 0x50, 0x4e, 0x47]],
  ["image/webp", 8, [0x57, 0x45, 0x42, 0x50]],
  ["image/heic", 4, [0x66, 0x74, 0x79, 0x70]],
];

/** Why a photo was not taken: code is a word of the page. */
export class PhotoUnfit extends Error {
  constructor(code, facts = {}) {
    super(code);
    Object.assign(this, { code, facts });
  }
}

/** Keeps a photo for the outbox; resolves with {id, sha256, size, type}. Throws PhotoUnfit before anything is kept. */
export async function keepPhoto(file, { visit, finding = null }) {
  if (file.size > MOST_BYTES) throw new PhotoUnfit("photo_too_large", { most: MOST_BYTES / 2 ** 20 });
  if (!await store.hasRoomFor(file.size)) throw new PhotoUnfit("storage_full");
  const bytes = await file.arrayBuffer();
  const type = typeOf(new Uint8Array(bytes, 0, Math.min(16, bytes.byteLength)));
  if (!type) throw new PhotoUnfit("not_a_photo", { name: file.name });
  const sha256 = hex(await crypto.subtle.digest("SHA-256", bytes));
  const content = {
    id: crypto.randomUUID(), based_on: 0, visit, finding, sha256, size: bytes.byteLength, made_at: deviceTime(),
  };
  try {
    await add("photo", content, { photos: [[content.id, { blob: new Blob([bytes], { type }) }]] });
  } catch (error) {
    throw error?.name === "QuotaExceededError" ? new PhotoUnfit("storage_full") : error;
  }
  return { id: content.id, sha256, size: content.size, type };
}

function typeOf(start) {
  const found = STARTS.find(([, at, bytes]) => bytes.every((byte, i) => start[at + i] === byte));
  return found?.[0] ?? null;
}

function hex(buffer) {
  return [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
