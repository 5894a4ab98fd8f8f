// Signing out on a shared phone: the pack and its keys go, unsent items stay for their maker, with a warning.

import { unsent } from "./outbox.js";
import * as store from "./store.js";

/** Asks before leaving when items are unsent (`warning` with {count}); true once the pack is wiped. */
export async function leave(warning) {
  const count = (await unsent()).length;
  if (count && !confirm(warning.replace("{count}", count))) return false;
  await wipe({ keepUnsent: count > 0 });
  return true;
}

export async function wipe({ keepUnsent }) {
  await store.remove("settings", "packs");
  await store.remove("settings", "reference");
  await store.remove("settings", "currentVisit");
  if (keepUnsent) return;
  for (const name of ["visits", "items", "photos", "drafts"]) await store.clear(name);
  await store.remove("settings", "officer");
}
