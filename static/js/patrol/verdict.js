// What a phone may say of a code without network. Never a plain "valid": only what stood in the pack, and when.

import { readText, toJudge } from "./address.js";
import { newsIn } from "./pack.js";
import { epochOf, fieldOpen } from "./unit_code.js";

const AMBER_MS = 24 * 3_600_000, INCOMPLETE_MS = 72 * 3_600_000, LONGEST_SHOWN = 60;

/** How far the packs may be trusted now: "none", "ended", "incomplete", "amber" or "fresh". */
export function ageOf(packs, now) {
  if (!packs.length) return "none";
  if (now >= packs[0].validUntil) return "ended";
  const age = now - packs[0].issuedAt;
  if (age > INCOMPLETE_MS) return "incomplete";
  return age > AMBER_MS ? "amber" : "fresh";
}

/**
 * {verdict, code, number, unit, batch, foreignHost, content} of a scanned or typed text. Of a code behind another host's
 * address the verdict is that host's, whatever the pack holds of the code.
 * Besides the verdicts of the pack: "no_pack", "pack_ended", "other_epoch", "other_batch".
 */
export async function judge(text, { packs, keys, now }) {
  const reading = readText(text, ownHosts(packs)), { kind, host, content } = reading;
  const look = { foreignHost: host || null, content };
  if (!reading.code) return { ...look, verdict: kind, code: text.trim().slice(0, LONGEST_SHOWN) };
  const told = await judgeCode(reading, { packs, keys, now });
  return { ...look, ...told, code: reading.code, verdict: kind === "other_host" ? kind : told.verdict };
}

async function judgeCode(address, { packs, keys, now }) {
  const age = ageOf(packs, now);
  if (age === "none") return { verdict: "no_pack" };
  if (age === "ended") return { verdict: "pack_ended" };
  const epoch = epochOf(address.code), epochKeys = keys.get(epoch);
  if (!epochKeys) return { verdict: "other_epoch" };
  const opened = await fieldOpen(address.code, epochKeys);
  if (!opened) return { verdict: "not_ours" };
  const isOther = address.variant !== null || ![null, opened.number].includes(address.batchNumber);
  if (opened.unit === 0) return { ...opened, verdict: isOther ? "not_ours" : "sample" };
  const news = newsIn(packs, epoch, opened.number, opened.unit, shanghaiDay(now));
  if (!news) return { ...opened, verdict: isOther ? "not_ours" : "other_batch" };
  const contradicts = isOther || ![null, gtinOf(news.batch, packs)].includes(address.gtin);
  return { ...opened, verdict: contradicts ? "not_ours" : news.verdict, batch: news.batch };
}

export function shanghaiDay(now) {
  return new Date(now + 8 * 3_600_000).toISOString().slice(0, 10);
}

/** Of the symbols of one picture what is to be judged; of several of ours a person chooses. */
export const judged = (texts, packs) => toJudge(texts, ownHosts(packs));

export const isOurs = (text, packs) => readText(text, ownHosts(packs)).kind === "code";

/** Packs made before FORMER_HOSTS was known name one host; a phone without packs knows the one that it came from. */
function ownHosts([newest]) {
  return newest?.header.hosts ?? [newest?.header.host ?? location.host];
}

function gtinOf(batch, packs) {
  return packs[0].header.products.find(({ code }) => code === batch.right.product).gtin;
}
