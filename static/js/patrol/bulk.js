// Scan, scan, scan: the camera stays open, and what was told is counted by what it was.

import { $, fill, list } from "./page.js";

const tally = new Map();

export const isBulk = () => $("bulk").checked;

export function startBulk() {
  $("bulk").addEventListener("change", () => {
    tally.clear();
    show("");
  });
}

/** One more, and what was said of it. */
export function count({ text, kind }, code) {
  tally.set(text, { text, kind, times: (tally.get(text)?.times ?? 0) + 1 });
  show(`${text} ${code}`);
}

function show(last) {
  $("bulk-last").textContent = last;
  list($("tally"), $("tally-row"), [...tally.values()], (row, { text, kind, times }) => {
    fill(row, { text, times: String(times) });
    row.querySelector(".tag").classList.add(kind);
  });
}
