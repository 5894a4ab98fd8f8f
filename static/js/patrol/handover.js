// One phone, several officers, one after the other: who leaves takes pack, keys and registration off it; what is unsent
// stays sealed, for whoever signs in next to send, and for its maker alone to see.

import { deviceTime } from "./clock.js";
import { draftCount } from "./drafts.js";
import { forgetSession, openSession, SignedOut } from "./link.js";
import * as outbox from "./outbox.js";
import { forgetSeals, loadSeals, putOwn, sealer } from "./seal.js";
import * as store from "./store.js";
import { nameRows } from "./vault.js";

const YEAR_S = 365 * 24 * 3600;
const ANYBODY = 0; // who signed out before the service was ever heard
const OF_THE_OFFICER = ["packs", "reference", "currentVisit", "openDraft", "colleague", "seals", "phone", "officer"];

/** Asks before leaving when something is unsent or unsaved (`warning` with {count}); true once the phone is handed over. */
export async function leave(warning) {
  await loadSeals();
  const count = (await outbox.unsent()).length + await draftCount();
  if (count && !confirm(warning.replace("{count}", count))) return false;
  const officer = (await store.get("settings", "officer"))?.id ?? ANYBODY;
  await handOver({ signedOut: officer });
  // The service ends the sign-in with the next request of this browser, also one that no script of ours makes.
  document.cookie = `signed_out=1; path=/; max-age=${YEAR_S}; samesite=lax`;
  return true;
}

export async function hasLeft() {
  return await store.get("settings", "signedOut") !== undefined;
}

/** "ended" once the service has ended the session of whoever signed out here, perhaps without network; "another" where
    somebody else is signed in by now; false while the service is not reached. */
export async function endSession() {
  if (!await hasLeft()) return "ended";
  const left = await store.get("settings", "signedOut");
  let session = "ended";
  try {
    const { officer, csrf_token } = await openSession({ fresh: true });
    if (![ANYBODY, officer.id].includes(left)) session = "another";
    else if (!await post("/sign-in/out", csrf_token)) return false;
  } catch (error) {
    if (!(error instanceof SignedOut)) return false;
  }
  forgetSession();
  await store.remove("settings", "signedOut");
  return session;
}

async function post(path, token) {
  const headers = { "X-CSRFToken": token };
  const answer = await fetch(path, { method: "POST", headers, redirect: "manual" }).catch(() => null);
  return answer?.type === "opaqueredirect" || Boolean(answer?.ok);
}

/** At once, and only if the phone is still this tab's officer's; `told` are settings that say how. */
export async function handOver(told = {}) {
  const officer = (await store.get("settings", "officer"))?.id ?? null;
  for (const name of ["visits", "drafts", "items"]) await nameRows(name, officer);
  const settings = [...OF_THE_OFFICER.map((name) => [name, undefined]), ...Object.entries(told)];
  if (sealer() !== null && await store.get("settings", "phone")) {
    await outbox.add("leave", { id: crypto.randomUUID(), based_on: 0, made_at: deviceTime() }, { settings });
  } else await putOwn({ settings });
  forgetSeals();
  await outbox.clearDone();
}
