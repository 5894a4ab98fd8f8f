// Two clocks: the phone's, which may be wrong by days, and the service's as of the last contact.

import * as store from "./store.js";

const WRONG_MS = 2 * 60_000;
let ahead = 0, latest = 0, since = performance.now(), heard = null, loading = null;

/** What this phone kept of both clocks: read once in a page, before now() is first asked. */
export function loadClock() {
  return loading ??= load();
}

async function load() {
  const kept = await store.get("settings", "clock");
  ahead = kept?.ahead ?? 0;
  latest = Math.max(kept?.latest ?? 0, kept?.lastServerTime ?? 0);
  since = performance.now();
  heard = kept?.heard ?? null;
}

/** Called with the service's time whenever it is heard: it alone may say that it is earlier than the phone thought. */
export async function hearServer(isoTime) {
  await loadClock();
  latest = heard = Date.parse(isoTime);
  since = performance.now();
  ahead = Date.now() - latest;
  return keepClock();
}

/** The service's time as well as we know it; never before the latest that this phone has seen and what has passed since,
    whatever its clock does. */
export function now() {
  const passed = performance.now() - since;
  since += passed;
  latest = Math.max(Date.now() - ahead, Math.floor(latest + passed));
  return latest;
}

/** So that a clock set back finds, after a restart too, how late it has been. */
export async function keepClock() {
  await loadClock();
  return store.put("settings", "clock", { ahead, latest: now(), heard });
}

/** How far the phone's clock is off, in ms, or 0 when it is near enough. */
export function wrongBy() {
  const wrong = Date.now() - now();
  return Math.abs(wrong) > WRONG_MS ? wrong : 0;
}

/** What each item says of the clock that it was made by: how far that was off as the phone knew, and when it was last
    compared, by the service's time. Sealed with it, for nobody else can tell later. */
export async function clockSaid() {
  await loadClock();
  return { clock_ahead_s: Math.round((Date.now() - now()) / 1000), heard_at: heard && new Date(heard).toISOString() };
}

export function deviceTime() {
  return new Date().toISOString();
}
