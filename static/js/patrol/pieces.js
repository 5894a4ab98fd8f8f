// A photo goes up in pieces that fit the line: each is to take some seconds, on 10 kB/s as on 10 MB/s.

import { NoAnswer, tell } from "./link.js";
import { photoState } from "./shapes.js";

const LEAST = 8 * 1024, MOST = 1024 * 1024, AIM_MS = 4000;
let size = 64 * 1024;

/** Goes on where the service stopped receiving, until its receipt; `announce()` asks where that is. */
export async function sendPieces(id, blob, { announce, phone, sealed, onPart }) {
  let state = await announce(), outOfStep = 0;
  while (!state.receipt) {
    onPart(state.received);
    try {
      state = await sendPiece(blob, state.received, { id, phone, sealed });
      outOfStep = 0;
    } catch (error) {
      if (error.why === "slow") fit(size / 4);
      if (isTooLarge(error) && size > LEAST) fit(size / 4);
      else if (error.code === "photo_out_of_step" && outOfStep++ < 2) state = await announce();
      else throw error;
    }
  }
  return state;
}

async function sendPiece(blob, from, { id, phone, sealed }) {
  const piece = blob.slice(from, from + size), began = performance.now();
  const shape = photoState({ id, size: blob.size });
  const state = await tell(`photos/${id}/bytes?offset=${from}${sealed ? "&sealed=1" : ""}`, piece, shape, { phone });
  if (!state.receipt && state.received <= from) throw new NoAnswer("fault"); // what does not go on would go on for ever
  if (piece.size === size) fit(size * AIM_MS / Math.max(1, performance.now() - began));
  return state;
}

/** By a gateway on the way, or by the service. */
function isTooLarge({ why, status }) {
  return why === "too_large" || status === 413;
}

function fit(wanted) {
  size = Math.round(Math.min(MOST, Math.max(LEAST, wanted, size / 4), size * 4));
}
