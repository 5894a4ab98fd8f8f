// What a phone may say of a code without network. Never a plain "valid": only what stood in the pack, and when.

import { readAddress } from "./address.js";
import { newsIn } from "./pack.js";
import { epochOf, fieldOpen } from "./unit_code.js";

const AMBER_MS = 24 * 3_600_000, INCOMPLETE_MS = 72 * 3_600_000;

/** How far the packs may be trusted now: "none", "ended", "incomplete", "amber" or "fresh". */
export function ageOf(packs, now) {
  if (!packs.length) return "none";
  if (now >= packs[0].validUntil) return "ended";
  const age = now - packs[0].issuedAt;
  if (age > INCOMPLETE_MS) return "incomplete";
  return age > AMBER_MS ? "amber" : "fresh";
}

/**
 * {verdict, code, number, unit, batch, foreignHost} of a scanned or typed text.
 * Besides the verdicts of the pack: "no_pack", "pack_ended", "other_epoch", "other_batch".
 */
export async function judge(text, { packs, keys, now }) {
  const address = readAddress(text);
  const otherHost = foreignHost(text, packs[0]?.header.host);
  if (!address) return { verdict: "malformed", code: text.trim().slice(0, 60), foreignHost: otherHost };
  const { code } = address, look = { code, foreignHost: otherHost };
  const age = ageOf(packs, now);
  if (age === "none") return { ...look, verdict: "no_pack" };
  if (age === "ended") return { ...look, verdict: "pack_ended" };
  const epoch = epochOf(code), epochKeys = keys.get(epoch);
  if (!epochKeys) return { ...look, verdict: "other_epoch" };
  const opened = await fieldOpen(code, epochKeys);
  if (!opened) return { ...look, verdict: "not_ours" };
  if (opened.unit === 0) {
    const isOther = ![null, opened.number].includes(address.batchNumber);
    return { ...look, ...opened, verdict: isOther ? "not_ours" : "sample" };
  }
  const news = newsIn(packs, epoch, opened.number, opened.unit, shanghaiDay(now));
  if (!news) return { ...look, ...opened, verdict: "other_batch" };
  const verdict = contradicts(address, news.batch, packs) ? "not_ours" : news.verdict;
  return { ...look, ...opened, verdict, batch: news.batch };
}

export function shanghaiDay(now) {
  return new Date(now + 8 * 3_600_000).toISOString().slice(0, 10);
}

/** The host of a scanned address when it is not the official one: a cloned page may stand behind it. */
function foreignHost(text, official) {
  const address = /^\s*https?:\/\/([^/?#\s]+)/iu.exec(text);
  const host = address?.[1].toLowerCase();
  return host && official && host !== official.toLowerCase() ? host : null;
}

/** Whether a Digital Link names another batch or product than its code. */
function contradicts({ gtin, batchNumber }, batch, packs) {
  const product = packs[0].header.products.find(({ code }) => code === batch.right.product);
  return ![null, batch.number].includes(batchNumber) || ![null, product.gtin].includes(gtin);
}
