// What was typed, pasted or scanned, and the address around a code: see gi_trace/codes/reading.py and digital_link.py.

import { hostOf } from "./host.js";
import { isSlip, LONGEST_TYPED, parse, parseBatchText } from "./unit_code.js";

const PATH = /\/c\/([^/]+)|(?:\/01\/([^/]+)(?:\/22\/([^/]+))?(?:\/10\/([^/]+))?)?\/21\/([^/]+)/iu;
const QUALIFIER = /\/(?:01|10|22)\//u;
const AUTHORITY = "([^/\\\\?#\\s]*)((?:[/\\\\][^?#]*)?)(?:\\?([^#]*))?";
const WITH_SCHEME = new RegExp(`(?:^|[^a-z0-9+.-])(https?):[/\\\\]*${AUTHORITY}`, "iu");
const WITHOUT_SCHEME = new RegExp(`^(?:[/\\\\]{2,})?${AUTHORITY}`, "u");
const NAMED = /^(?:(?:[^\s/\\?#@:.]+\.)+(?:[a-z]{2,}|xn--[a-z0-9-]+)\.?(?::[0-9]+)?|[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?::[0-9]+)?)$/iu;
const SCHEME = /^[a-z][a-z0-9+.-]*:/iu;
const LEAD_IN = /^["'\u201c\u201d\u2018\u2019「」『』([【<《\s]*(?:(?:标识码|標識碼)\s*:?|code\s*:)/iu;
const WIDE = { "：": ":", "／": "/", "？": "?" }, INVISIBLE = /^[\ufeff\u200b]+/u, LEFT_OUT = /[\t\n\r]/gu, OWN_PATH = /^\/(?![/\\])/u;
const SAYING = ["malformed", "other_host", "not_a_code"]; // the most first
const GTIN_DIGITS = 14, NO_BATCH = -1;
const SCHEMES = [
  ["payment", /^(?:wxp:|weixin:\/\/wxpay|alipays?:|upwallet:)/iu],
  ["chat", /^(?:weixin:|wechat:|mqq[a-z]*:)/iu],
  ["wifi", /^wifi:/iu],
  ["contact", /^(?:begin:vcard|mecard:|tel:|sms(?:to)?:|mailto:)/iu],
];
const PLACES = [
  ["payment", /^(?:qr\.alipay\.com|payapp\.weixin\.qq\.com|wx\.tenpay\.com|qr\.95516\.com)\//u],
  ["chat", /^(?:u\.wechat\.com|work\.weixin\.qq\.com|qm\.qq\.com|weixin\.qq\.com\/[rgm])\//u],
];

/** {kind, code, gtin, batchNumber, variant, host, content} of a text; `own` are the hosts that our labels lead to. */
export function readText(text, own) {
  const plain = text.trim().replace(INVISIBLE, "");
  if (OWN_PATH.test(plain)) {
    const [path, query] = plain.split("#")[0].split(/\?(.*)/su);
    return inOwn({ path, query });
  }
  const site = siteIn(plain.replace(/[：／？]/gu, (each) => WIDE[each]), own);
  if (!site) return alone(plain);
  return own.includes(site.host) ? inOwn(site) : elsewhere(site);
}

/** Of the symbols of one picture: those with codes of ours, wherever they stand, each once; else the one that says most. */
export function toJudge(texts, own) {
  const read = texts.map((text) => ({ text, ...readText(text, own) })), codes = new Map();
  for (const { text, kind, code, gtin, batchNumber, variant } of read) {
    const key = [code, gtin, batchNumber, variant].join(" ");
    if (kind === "code" && !codes.has(key)) codes.set(key, text);
  }
  if (codes.size) return [...codes.values()];
  return read.sort((a, b) => SAYING.indexOf(a.kind) - SAYING.indexOf(b.kind)).slice(0, 1).map(({ text }) => text);
}

const told = (kind, { code = null, gtin = null, batchNumber = null, variant = null } = {}, host = "", content = null) => (
  { kind, code, gtin, batchNumber, variant, host, content }
);

function siteIn(written, own) {
  const text = asFollowed(written, own);
  const found = WITH_SCHEME.exec(text);
  if (found && (found.index === 0 && /^h/iu.test(found[0]) || !SCHEME.test(text))) {
    const [, scheme, authority, path, query] = found;
    return siteOf(hostOf(authority, scheme), path, query);
  }
  const [whole, authority, path, query] = WITHOUT_SCHEME.exec(text);
  return isHost(whole, authority, own) ? siteOf(hostOf(authority), path, query) : null;
}

/** Browsers leave tabs and line breaks out of an address: it leads where the whole of it leads. What is written on the
    line below an address stays apart, also below a whole host of our own that it does not go on. */
function asFollowed(text, own) {
  const whole = text.replace(LEFT_OUT, ""), followed = atStart(whole), seen = atStart(text);
  if (!followed || !seen) return followed ? whole : text;
  const below = text.slice(seen[0].length).replace(LEFT_OUT, "");
  const isApart = own.includes(hostOf(seen[2], seen[1])) && !/^[.:@-]/u.test(below);
  return isApart || (seen[1] === followed[1] && seen[2] === followed[2]) ? text : whole;
}

function atStart(text) {
  const found = WITH_SCHEME.exec(text);
  return found?.index === 0 ? found : null;
}

const siteOf = (host, path, query) => (host ? { host, path: path.replaceAll("\\", "/"), query } : null);

/** Without a scheme a word with dots is a host, unless it is a code that somebody wrote with dots. */
function isHost(whole, authority, own) {
  if (/^[/\\]/u.test(whole) || own.includes(hostOf(authority))) return authority !== "";
  return NAMED.test(authority) && !(whole === authority && parse(authority));
}

function inOwn(site) {
  const address = parsePath(site);
  return address ? told("code", address) : told("malformed");
}

function elsewhere(site) {
  const where = `${site.host}${site.path || "/"}`, place = PLACES.find(([, pattern]) => pattern.test(where));
  if (place) return told("not_a_code", {}, "", place[0]);
  return told("other_host", parsePath(site) ?? {}, site.host);
}

function parsePath({ path, query }) {
  const whole = decoded(path), match = PATH.exec(whole);
  const [, plain, gtin, variant, batch, serial] = match ?? [];
  const asked = !match && ["", "/"].includes(path) ? new URLSearchParams(query).get("code") ?? "" : "";
  const code = firstCode(plain ?? serial ?? asked);
  if (!code) return null;
  if (!match) return { code };
  const around = `${whole.slice(0, match.index)}/ /${whole.slice(match.index + match[0].length)}/`;
  const isBatch = batch === undefined ? null : parseBatchText(batch) ?? NO_BATCH;
  const batchNumber = QUALIFIER.test(around) ? NO_BATCH : isBatch;
  return { code, gtin: gtin?.padStart(GTIN_DIGITS, "0") ?? null, batchNumber, variant: variant ?? null };
}

/** Of what is written on behind an address, as in a message, nothing is meant. */
const firstCode = (text) => parse(text) ?? parse(text.trim().split(/\s+/u)[0]);

function alone(text) {
  const typed = text.slice(0, LONGEST_TYPED + 1).normalize("NFKC").replace(LEAD_IN, "").trim();
  const code = typed.includes("/") ? null : parse(typed);
  if (code) return told("code", { code });
  const scheme = SCHEMES.find(([, pattern]) => pattern.test(text));
  if (scheme) return told("not_a_code", {}, "", scheme[0]);
  if (SCHEME.test(typed)) return told("not_a_code", {}, "", "app");
  if (hasRightCheckDigit(typed)) return told("not_a_code", {}, "", "barcode");
  return isSlip(typed) ? told("malformed") : told("not_a_code", {}, "", "text");
}

/** Of a GTIN-8, -12, -13 or -14. */
function hasRightCheckDigit(gtin) {
  if (!/^(?:[0-9]{8}|[0-9]{12,14})$/u.test(gtin)) return false;
  return [...gtin].reverse().reduce((sum, digit, place) => sum + digit * (place % 2 ? 3 : 1), 0) % 10 === 0;
}

function decoded(path) {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
