// Own visits on the phone: what was scanned, found and photographed in each.

import { deviceTime } from "./clock.js";
import { ask } from "./link.js";
import * as outbox from "./outbox.js";
import { putOwn } from "./seal.js";
import * as shapes from "./shapes.js";
import * as store from "./store.js";
import { allOwn, asRow, getOwn } from "./vault.js";

const newId = () => crypto.randomUUID();

export async function listVisits() {
  return (await allOwn("visits")).sort((a, b) => b.madeAt.localeCompare(a.madeAt));
}

export function getVisit(id) {
  return getOwn("visits", id);
}

/** Runs change(visit as it now is) alone, over all tabs, so that a scan and a photo do not undo each other. */
export function changeVisit(id, change) {
  const alone = async () => change(await getVisit(id));
  return navigator.locks ? navigator.locks.request(`patrol-visit-${id}`, alone) : alone();
}

/** Saves a new visit, or a new version of one, and queues it. `facts` are the form's. A version that was refused goes. */
export async function saveVisit(facts, known = null) {
  const made_at = deviceTime();
  const visit = {
    ...known ?? { id: newId(), version: 0, madeAt: made_at, scans: [], findings: [], photos: [] }, ...facts,
  };
  const refused = await outbox.rowsOf((row) => row.kind === "visit" && row.visit === visit.id, "refused");
  const { shop, second_officer_id, latitude_e6, longitude_e6, accuracy_m, market_id, note } = visit;
  const based_on = Math.min(visit.version, ...refused.map(([, row]) => row.based_on));
  const content = {
    id: newId(), visit: visit.id, based_on, made_at, shop, second_officer_id,
    latitude_e6, longitude_e6, accuracy_m, market_id, note,
  };
  visit.version = based_on + 1;
  await outbox.add("visit", content, { visits: [await asRow(visit)], settings: [["currentVisit", visit.id]] }, {
    items: refused.map(([id]) => [id, undefined]),
  });
  return visit;
}

/** Saves a new finding of the visit, or a new version of one, and queues it with the photos that waited for it. */
export function saveFinding({ id: visitId }, facts, known = null) {
  return changeVisit(visitId, async (visit) => {
    const finding = { ...known ?? { id: newId(), version: 0 }, ...facts };
    const content = {
      id: newId(), finding: finding.id, visit: visit.id, based_on: finding.version, made_at: deviceTime(), ...facts,
    };
    finding.version += 1;
    visit.findings = [...visit.findings.filter((each) => each.id !== finding.id), finding];
    const held = await outbox.rowsOf((row) => row.finding === finding.id, "held");
    await outbox.add("finding", content, { visits: [await asRow(visit)], drafts: [[finding.id, undefined]], settings: [["openDraft", undefined]] }, {
      items: held.map(([id, item]) => [id, { ...item, state: "waiting" }]),
    });
    return finding;
  });
}

/** What tells two scans of a visit apart: a code may stand behind our address on one pack, behind a clone on another. */
export const keyOf = ({ code, host }) => `${code} ${host ?? ""}`.trim();

/** Keeps a scan of the visit, whatever came of it. The same again is `again`: whether it is another pack, only the
    officer sees. */
export function noteScan({ id: visitId }, look) {
  return changeVisit(visitId, async (visit) => {
    const { code, verdict, pack, text, at } = look, host = look.foreignHost ?? "";
    const again = visit.scans.some((scan) => keyOf(scan) === keyOf({ code, host }));
    const scan = { id: newId(), code, host, verdict, pack, at, again, twin: false };
    visit.scans.push(scan);
    const made = { made_at: at, ...look.clock }; // as the clock was when it was read, though the visit be younger
    const content = { id: scan.id, based_on: 0, visit: visitId, ...made, text, code, host, verdict, pack, again };
    await outbox.add("scan", content, { visits: [await asRow(visit)] });
    return scan;
  });
}

/** Two packs with one code in one shop: one of them, at least, is a copy. */
export function markTwin({ id: visitId }, look) {
  return changeVisit(visitId, async (visit) => {
    const key = keyOf({ code: look.code, host: look.foreignHost });
    visit.scans.find((scan) => keyOf(scan) === key).twin = true;
    await putOwn({ visits: [await asRow(visit)] });
  });
}

/** Today's visits that a colleague shares with me, and newer versions of mine. What was under way here when they were asked
    for, or has changed since, is newer than the answer. */
export async function takeSharedVisits() {
  const before = new Map((await listVisits()).map((visit) => [visit.id, JSON.stringify(visit)]));
  const busy = new Set((await outbox.unsent()).map((row) => row.visit));
  const { visits } = await ask("visits", shapes.visits);
  for (const shared of visits) {
    if (busy.has(shared.visit)) continue;
    await changeVisit(shared.visit, async (known) => {
      if (before.get(shared.visit) === JSON.stringify(known)) await putOwn({ visits: [await asRow(merged(shared, known))] });
    });
  }
}

function merged({ visit: id, made_at: madeAt, findings, scans, ...facts }, known) {
  const here = new Set(known?.scans.map((scan) => scan.id));
  return {
    ...known ?? { photos: [] }, ...facts, id, madeAt,
    scans: [...known?.scans ?? [], ...scans.filter((scan) => !here.has(scan.id))],
    findings: findings.map(({ finding, ...rest }) => ({ id: finding, ...rest })),
  };
}
