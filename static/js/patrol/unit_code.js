// The unit code on a phone: see gi_trace/codes/unit_code.py. Keys are non-extractable AES-CBC CryptoKeys.

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
export const LONGEST_TYPED = 500;
const LENGTH = 20, MOST_OF_A_SLIP = 2 * LENGTH, UNIT_BITS = 22n, SERVER_TAG_BITS = 27n, FIELD_TAG_BITS = 18n;
const BATCH_TEXT_LENGTH = 5, MAX_BATCH_NUMBER = 2 ** 23 - 1;
const IGNORED = new RegExp("[\\s\\-\\u2010-\\u2015\\u2212\\u200b-\\u200f\\u2060\\ufeff.,;:\\u3001\\u3002\\u00b7\\u2022\\u2027\\u2219"
  + "\\u22c5\\u30fb\"'`\\u2018-\\u201f\\u300a-\\u3011()\\[\\]<>]+", "gu");
const CODE_IN_ADDRESS = /\/(?:c|21)\/([^/?#]+)/iu;
const VALUE = new Map([...ALPHABET].map((character, value) => [character, value]));
for (const [typed, meant] of [["O", "0"], ["I", "1"], ["L", "1"]]) VALUE.set(typed, VALUE.get(meant));

/** The canonical 20 characters of what was typed or scanned, or null where it cannot be a code. */
export function parse(text) {
  if (text.length > LONGEST_TYPED) return null;
  let plain = text.normalize("NFKC").trim();
  const inAddress = CODE_IN_ADDRESS.exec(plain);
  if (inAddress) plain = inAddress[1];
  const values = valuesOf(plain);
  if (values.length !== LENGTH || values.includes(undefined) || remainder(values) !== 0) return null;
  return values.map((value) => ALPHABET[value]).join("");
}

/** Mostly characters of codes, and not many more than a code has: somebody tried. */
export function isSlip(text) {
  const characters = [...text.replace(IGNORED, "").toUpperCase()];
  const ofCodes = characters.filter((each) => VALUE.has(each) || each === "U").length;
  return characters.length <= MOST_OF_A_SLIP && 2 * ofCodes >= characters.length;
}

export function epochOf(code) {
  return VALUE.get(code[0]);
}

/** {number, unit} of a canonical code under the epoch's keys {mask, field}, unit 0 of a sample; null where the field
 * tag is not ours. */
export async function fieldOpen(code, keys) {
  const epoch = epochOf(code), masked = number(code.slice(1, 10)), tags = number(code.slice(10, 19));
  const serial = masked ^ await prf(keys.mask, epoch, tags, 45n);
  const tag = await prf(keys.field, epoch, serial, FIELD_TAG_BITS);
  const unit = Number(serial & (1n << UNIT_BITS) - 1n);
  if (tags >> SERVER_TAG_BITS !== tag) return null;
  return { number: Number(serial >> UNIT_BITS), unit };
}

/** A batch number as printed: 5 characters. */
export function batchText(batchNumber) {
  return [20, 15, 10, 5, 0].map((shift) => ALPHABET[batchNumber >> shift & 31]).join("");
}

/** The batch number of its 5 characters, as forgiving as parse; null for what is none. */
export function parseBatchText(text) {
  const values = valuesOf(text.slice(0, LONGEST_TYPED).normalize("NFKC"));
  const number = values.reduce((sum, value) => sum * 32 + value, 0);
  return values.length === BATCH_TEXT_LENGTH && number <= MAX_BATCH_NUMBER ? number : null;
}

export function importKey(bytes) {
  return crypto.subtle.importKey("raw", bytes, "AES-CBC", false, ["encrypt"]);
}

function valuesOf(text) {
  return [...text.replace(IGNORED, "").toUpperCase()].map((each) => VALUE.get(each));
}

function number(characters) {
  return [...characters].reduce((sum, character) => sum << 5n | BigInt(VALUE.get(character)), 0n);
}

/** First bits of AES(key, epoch as 1 byte, value as 15): the first block of CBC from a zero vector. */
async function prf(key, epoch, value, bits) {
  const block = new Uint8Array(16);
  block[0] = epoch;
  for (let place = 15, rest = value; rest > 0n; place--, rest >>= 8n) block[place] = Number(rest & 255n);
  const encrypted = await crypto.subtle.encrypt({ name: "AES-CBC", iv: new Uint8Array(16) }, key, block);
  return new DataView(encrypted).getBigUint64(0) >> 64n - bits;
}

/** The code as a polynomial over GF(32), evaluated at the generator; 0 for a sound one. */
function remainder(values) {
  return values.reduce((sum, value) => (sum << 1 ^ (sum >> 4) * 0b100101) ^ value, 0);
}
