// The address around a code: see gi_trace/codes/digital_link.py.

import { parse, parseBatchText } from "./unit_code.js";

const PATH = /\/c\/([^/]+)\/?|\/01\/([^/]+)(?:\/10\/([^/]+))?\/21\/([^/]+)\/?/u;
const AROUND_PATH = /^[a-z][a-z0-9+.-]*:(?=\/\/)|[?#].*$/gisu, HOST = /^\/\/[^/]*/u;
const GTIN_DIGITS = 14, NO_BATCH = -1;

/** {code, gtin, batchNumber} of what was scanned or typed, an address or a code alone; null where it is no code. */
export function readAddress(text) {
  const [, plain, gtin, batch, serial] = PATH.exec(pathOf(text)) ?? [];
  const code = parse(plain ?? serial ?? text);
  if (!code) return null;
  const batchNumber = batch === undefined ? null : parseBatchText(batch) ?? NO_BATCH;
  return { code, gtin: gtin?.padStart(GTIN_DIGITS, "0") ?? null, batchNumber };
}

function pathOf(text) {
  const path = text.trim().replace(AROUND_PATH, "").replace(HOST, "");
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
