// Two clocks: the phone's, which may be wrong by days, and the service's as of the last contact.

import * as store from "./store.js";

const WRONG_MS = 2 * 60_000;
let ahead = 0, latest = 0;

export async function loadClock() {
  const kept = await store.get("settings", "clock");
  ahead = kept?.ahead ?? 0;
  latest = Math.max(kept?.latest ?? 0, kept?.lastServerTime ?? 0);
}

/** Called with the service's time whenever it is heard: it alone may say that it is earlier than the phone thought. */
export function hearServer(isoTime) {
  latest = Date.parse(isoTime);
  ahead = Date.now() - latest;
  return keepClock();
}

/** The service's time as well as we know it; never before the latest that this phone has seen, whatever its clock does. */
export function now() {
  latest = Math.max(Date.now() - ahead, latest);
  return latest;
}

/** So that a clock set back finds, after a restart too, how late it has been. */
export function keepClock() {
  return store.put("settings", "clock", { ahead, latest: now() });
}

/** How far the phone's clock is off, in ms, or 0 when it is near enough. */
export function wrongBy() {
  return Math.abs(ahead) > WRONG_MS ? ahead : 0;
}

export function deviceTime() {
  return new Date().toISOString();
}
