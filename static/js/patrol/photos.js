// Photos as evidence: the bytes are hashed at capture, before anything else touches them.

import { hex } from "./bytes.js";
import { deviceTime } from "./clock.js";
import { add } from "./outbox.js";
import { putOwn, unsealPhoto } from "./seal.js";
import * as store from "./store.js";
import { asRow } from "./vault.js";
import { changeVisit } from "./visits.js";

const MOST_BYTES = 64 * 1024 * 1024, THUMB_SIDE = 160;
/** @type {[type: string, at: number, mark: string][]} */
const STARTS = [
  ["image/jpeg", 0, "\xff\xd8\xff"],
  ["image/png", 0, "\x89PNG"],
  ["image/webp", 8, "WEBP"],
  ["image/heic", 4, "ftyp"],
];
const HEIC_BRANDS = ["heic", "heix", "hevc", "heim", "heis", "mif1", "msf1"];

/** Why a photo was not taken: code is a word of the page. */
export class PhotoUnfit extends Error {
  constructor(code, facts = {}) {
    super(code);
    Object.assign(this, { code, facts });
  }
}

/** Keeps a photo of the visit, or of its finding, for the outbox; `held` until that is saved. Its entry in the visit.
    Throws PhotoUnfit before anything is kept. */
export async function keepPhoto(file, {
  visit, finding = null, held = false, kind = "photo", marks_of = null,
}) {
  if (file.size > MOST_BYTES) throw new PhotoUnfit("photo_too_large", { most: MOST_BYTES / 2 ** 20 });
  if (!await store.hasRoomFor(file.size)) throw new PhotoUnfit("storage_full");
  const bytes = await file.arrayBuffer(), type = typeOf(bytes), blob = new Blob([bytes], { type: type ?? "" });
  const thumb = type && await thumbOf(blob);
  if (!type || (!thumb && type !== "image/heic")) throw new PhotoUnfit("not_a_photo", { name: file.name });
  const sha256 = hex(await crypto.subtle.digest("SHA-256", bytes));
  const content = {
    id: crypto.randomUUID(), based_on: 0, visit, finding, sha256, size: blob.size, kind, marks_of, made_at: deviceTime(),
  };
  const photo = { id: content.id, sha256, size: blob.size, type, finding, thumb, kind, marks_of };
  try {
    await changeVisit(visit, async (kept) => {
      kept.photos.push(photo);
      return add("photo", content, { visits: [await asRow(kept)] }, { held, bytes });
    });
  } catch (error) {
    console.error(error);
    throw new PhotoUnfit("storage_full");
  }
  return photo;
}

/** Whether the photo may still be taken back: not once the service has heard of it. */
export async function isLoose(id) {
  const item = await store.get("items", id);
  return Boolean(item) && !item.begun && item.state !== "sent";
}

/** The photo as it was taken, or null where its bytes have gone up. */
export async function bytesOf(id) {
  const item = await store.get("items", id), photo = await store.get("photos", id);
  if (!photo) return null;
  const bytes = await photo.blob.arrayBuffer();
  return item.seal ? unsealPhoto(id, bytes) : bytes;
}

/** Marks name the photo that they were drawn on: it stays as long as they do. */
export function isMarked(id, photos) {
  return photos.some((photo) => photo.marks_of === id);
}

export function dropPhoto(visitId, id) {
  return changeVisit(visitId, async (visit) => {
    if (await isLoose(id) && !isMarked(id, visit.photos)) await putOwn(await outOf(visit, [id]));
  });
}

/** The rows by which these photos are gone, from the visit too. */
export async function outOf(visit, ids) {
  const photos = visit.photos.filter((photo) => !ids.includes(photo.id)), gone = ids.map((id) => [id, undefined]);
  return { visits: [await asRow({ ...visit, photos })], items: gone, photos: gone };
}

/** By the first bytes, as the service tells: a film ends in .jpg as easily as a photo. */
function typeOf(bytes) {
  const start = String.fromCharCode(...new Uint8Array(bytes, 0, Math.min(16, bytes.byteLength)));
  const type = STARTS.find(([, at, mark]) => start.startsWith(mark, at))?.[0] ?? null;
  return type === "image/heic" && !HEIC_BRANDS.includes(start.slice(8, 12)) ? null : type;
}

/** A small JPEG to recognise it by, in base64; null where this browser cannot open it. */
async function thumbOf(blob) {
  const bitmap = await createImageBitmap(blob).catch(() => null);
  if (!bitmap) return null;
  const scale = Math.min(1, THUMB_SIDE / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return canvas.toDataURL("image/jpeg", 0.7).split(",")[1];
}
