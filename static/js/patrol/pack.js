// The offline pack: see gi_trace/patrol/packs/file.py. Nothing of it is believed before its signature is.

import { readVarint } from "./bits.js";
import { UnitSet } from "./unit_set.js";

const MAGIC = [0x47, 0x49, 0x50, 0x41, 0x43, 0x4b, 1], SIGNATURE_BYTES = 64;
const DAY_MS = 86_400_000, DAY_ZERO = Date.UTC(2000, 0, 1);

export class PackBroken extends Error {}

/** A Pack of the bytes, if the service's key (32 bytes) signed them. Throws PackBroken. */
export async function openPack(bytes, publicKey) {
  const body = bytes.subarray(0, -SIGNATURE_BYTES), signature = bytes.subarray(-SIGNATURE_BYTES);
  if (!await signed(body, signature, publicKey)) throw new PackBroken("signature");
  if (!MAGIC.every((byte, at) => body[at] === byte)) throw new PackBroken("format");
  return new Pack(body);
}

async function signed(body, signature, publicKey) {
  try {
    const key = await crypto.subtle.importKey("raw", publicKey, "Ed25519", false, ["verify"]);
    return await crypto.subtle.verify("Ed25519", key, signature, body);
  } catch (error) {
    if (error.name !== "NotSupportedError") throw error;
    const { verifyAsync } = await import("/static/vendor/noble/index.js");
    return verifyAsync(signature, body, publicKey);
  }
}

class Pack {
  constructor(body) {
    let [size, at] = readVarint(body, MAGIC.length);
    this.header = JSON.parse(new TextDecoder().decode(body.subarray(at, at + size)));
    at += size;
    this.columns = {};
    for (const [name, length] of this.header.columns) {
      this.columns[name] = readColumn(body, at, this.header.batches);
      at += length;
    }
    this.sets = [];
    for (const [verdict, length] of this.header.sets) {
      this.sets.push([verdict, new UnitSet(body.subarray(at, at + length))]);
      at += length;
    }
    this.issuedAt = Date.parse(this.header.issued_at);
    this.validUntil = Date.parse(this.header.valid_until);
    this.numbers = runningSum(this.columns.number);
    this.ends = runningSum(this.columns.units);
  }

  /** {verdict, batch} of a unit on a day ("2026-11-24"), or null when the pack does not hold its batch. */
  newsOf(epoch, number, unit, today) {
    const row = find(this.numbers, number);
    if (row < 0) return null;
    const batch = this.batchAt(row);
    if (batch.epoch !== epoch || unit > batch.units) return { verdict: "not_ours", batch };
    const place = this.ends[row] - batch.units + unit - 1;
    const told = this.sets.filter(([, units]) => units.has(place)).map(([verdict]) => verdict);
    if (batch.bestBefore && today > batch.bestBefore) told.push("past_date");
    const order = this.header.verdicts;
    const worst = Math.min(this.columns.news[row], ...told.map((verdict) => order.indexOf(verdict)));
    return { verdict: order[worst], batch };
  }

  batchAt(row) {
    const { epoch, right, net_weight_g, units, packed_on, best_before } = this.columns;
    return {
      number: this.numbers[row],
      epoch: epoch[row],
      right: this.header.rights[right[row]],
      netWeightG: net_weight_g[row],
      units: units[row],
      packedOn: day(packed_on[row]),
      bestBefore: best_before[row] ? day(packed_on[row] + best_before[row] - 1) : null,
    };
  }
}

/** By the first pack that holds the batch: a difference stands before its base. */
export function newsIn(packs, epoch, number, unit, today) {
  for (const pack of packs) {
    const news = pack.newsOf(epoch, number, unit, today);
    if (news) return news;
  }
  return null;
}

function readColumn(bytes, at, count) {
  const values = new Float64Array(count);
  for (let row = 0; row < count; row++) [values[row], at] = readVarint(bytes, at);
  return values;
}

function runningSum(values) {
  let sum = 0;
  return values.map((value) => sum += value);
}

function find(sorted, value) {
  let low = 0, high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return sorted[low] === value ? low : -1;
}

function day(number) {
  return new Date(DAY_ZERO + number * DAY_MS).toISOString().slice(0, 10);
}
