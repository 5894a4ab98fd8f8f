// Numbers packed into bytes: see gi_trace/patrol/packs/unit_sets.py, which writes them.

const ESCAPE = 24, RAW_BITS = 40;

/** [number, place after it]; low seven bits first. Numbers may exceed 32 bits, so no bit operators on them. */
export function readVarint(bytes, at) {
  let number = 0, scale = 1;
  for (;;) {
    const byte = bytes[at++];
    number += (byte & 127) * scale;
    if (byte < 128) return [number, at];
    scale *= 128;
  }
}

/** Reads bits from a byte on, the highest first. */
export class Bits {
  constructor(bytes, start) {
    this.bytes = bytes;
    this.at = start * 8;
  }

  one() {
    const bit = this.bytes[this.at >>> 3] >> (7 - (this.at & 7)) & 1;
    this.at += 1;
    return bit;
  }

  number(width) {
    let value = 0;
    for (let i = 0; i < width; i++) value = value * 2 + this.one();
    return value;
  }

  rice(parameter) {
    for (let zeros = 0; zeros < ESCAPE; zeros++) {
      if (this.one()) return zeros * 2 ** parameter + this.number(parameter);
    }
    return this.number(RAW_BITS);
  }
}
