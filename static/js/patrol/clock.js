// Two clocks: the phone's, which may be wrong by days, and the service's as of the last contact.

import * as store from "./store.js";

const WRONG_MS = 2 * 60_000;
let ahead = 0, lastServerTime = 0;

export async function loadClock() {
  ({ ahead, lastServerTime } = await store.get("settings", "clock") ?? { ahead: 0, lastServerTime: 0 });
}

/** Called with the service's time whenever it is heard. */
export function hearServer(isoTime) {
  lastServerTime = Date.parse(isoTime);
  ahead = Date.now() - lastServerTime;
  return store.put("settings", "clock", { ahead, lastServerTime });
}

/** The service's time as well as we know it; never before what it last said, whatever the phone's clock does. */
export function now() {
  return Math.max(Date.now() - ahead, lastServerTime);
}

/** How far the phone's clock is off, in ms, or 0 when it is near enough. */
export function wrongBy() {
  return Math.abs(ahead) > WRONG_MS ? ahead : 0;
}

export function deviceTime() {
  return new Date().toISOString();
}
