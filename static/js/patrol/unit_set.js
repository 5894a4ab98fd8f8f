// Membership in a compressed set of units, one block read at a time.

import { Bits, readVarint } from "./bits.js";

export class UnitSet {
  constructor(bytes) {
    this.bytes = bytes;
    this.blocks = readBlocks(bytes);
  }

  has(unit) {
    const block = this.blockBefore(unit);
    if (!block) return false;
    const bits = new Bits(this.bytes, block.start);
    let first = block.first, last = first + (block.runs ? bits.rice(block.lengthK) : 0);
    for (let entry = 1; last < unit && entry < block.entries; entry++) {
      first = last + bits.rice(block.gapK) + (block.runs ? 2 : 1);
      last = first + (block.runs ? bits.rice(block.lengthK) : 0);
    }
    return first <= unit && unit <= last;
  }

  /** The last block that begins at the unit or before it. */
  blockBefore(unit) {
    let low = 0, high = this.blocks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.blocks[middle].first <= unit) low = middle + 1;
      else high = middle;
    }
    return this.blocks[low - 1];
  }
}

function readBlocks(bytes) {
  let [count, at] = readVarint(bytes, 0);
  const blocks = [];
  let first = 0, start = 0;
  for (; count > 0; count--) {
    let step, size, entries;
    [step, at] = readVarint(bytes, at);
    [size, at] = readVarint(bytes, at);
    [entries, at] = readVarint(bytes, at);
    const kind = bytes[at++], runs = Boolean(kind & 1);
    first += step;
    blocks.push({ first, start, entries, runs, gapK: kind >> 1, lengthK: runs ? bytes[at++] : 0 });
    start += size;
  }
  for (const block of blocks) block.start += at;
  return blocks;
}
