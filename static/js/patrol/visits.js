// Own visits on the phone: what was scanned, found and photographed in each.

import { deviceTime } from "./clock.js";
import { ask } from "./link.js";
import * as outbox from "./outbox.js";
import * as store from "./store.js";

const newId = () => crypto.randomUUID();

export async function listVisits() {
  return (await store.all("visits")).sort((a, b) => b.madeAt.localeCompare(a.madeAt));
}

export function getVisit(id) {
  return store.get("visits", id);
}

/** Saves a new visit, or a new version of one, and queues it. `facts` are the form's. */
export async function saveVisit(facts, known = null) {
  const made_at = deviceTime();
  const visit = {
    ...known ?? { id: newId(), version: 0, madeAt: made_at, scans: [], findings: [], photos: [] }, ...facts,
  };
  const { shop, second_officer_id, latitude_e6, longitude_e6, accuracy_m, market_id, note } = visit;
  const content = {
    id: newId(), visit: visit.id, based_on: visit.version, made_at, shop, second_officer_id,
    latitude_e6, longitude_e6, accuracy_m, market_id, note,
  };
  visit.version += 1;
  await outbox.add("visit", content, { visits: [[visit.id, visit]] });
  await store.put("settings", "currentVisit", visit.id);
  return visit;
}

/** Saves a new finding of the visit, or a new version of one, and queues it. */
export async function saveFinding(visit, facts, known = null) {
  const finding = { ...known ?? { id: newId(), version: 0 }, ...facts };
  const content = {
    id: newId(), finding: finding.id, visit: visit.id, based_on: finding.version, made_at: deviceTime(), ...facts,
  };
  finding.version += 1;
  visit.findings = [...visit.findings.filter((each) => each.id !== finding.id), finding];
  await outbox.add("finding", content, { visits: [[visit.id, visit]] });
  return finding;
}

/** Notes a scan of the visit. The same unit again is `again`: whether it is another pack, only the officer sees. */
export async function noteScan(visit, look) {
  const earlier = visit.scans.find((scan) => scan.code === look.code);
  if (earlier) return { scan: earlier, again: true };
  const scan = { code: look.code, verdict: look.verdict, pack: look.pack, at: deviceTime(), twin: false };
  visit.scans.push(scan);
  await store.put("visits", visit.id, visit);
  return { scan, again: false };
}

/** Two packs with one code in one shop: one of them, at least, is a copy. */
export async function markTwin(visit, code) {
  visit.scans.find((scan) => scan.code === code).twin = true;
  await store.put("visits", visit.id, visit);
}

/** Today's visits that a colleague shares with me, and newer versions of mine that are not under way here. */
export async function takeSharedVisits() {
  const { visits } = await (await ask("visits")).json();
  const busy = new Set((await outbox.unsent()).map((item) => item.content.visit));
  for (const shared of visits) {
    if (busy.has(shared.visit)) continue;
    const known = await getVisit(shared.visit);
    await store.put("visits", shared.visit, merged(shared, known));
  }
}

function merged({ visit: id, made_at: madeAt, findings, ...facts }, known) {
  return {
    ...known ?? { scans: [], photos: [] }, ...facts, id, madeAt,
    findings: findings.map(({ finding, ...rest }) => ({ id: finding, ...rest })),
  };
}
