// What could not be kept on the phone says so in a band that stays, and is tried again until it is.

import { alertLine, word } from "./page.js";

const FIRST_PAUSE_MS = 1000, LONGEST_PAUSE_MS = 15_000;
let failing = 0;

/** Runs work() until it succeeds, whatever fails: a full disk, a closed database, a quota. Its result. */
export async function keep(work) {
  let pause = FIRST_PAUSE_MS, failed = false;
  for (;;) {
    try {
      const result = await work();
      if (failed) told(-1);
      return result;
    } catch (error) {
      console.error(error);
      if (!failed) told(1);
      failed = true;
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
    pause = Math.min(2 * pause, LONGEST_PAUSE_MS);
  }
}

function told(change) {
  failing += change;
  alertLine("not-kept", failing ? word("not_kept") : "", "bad");
}
