// Findings as they are written, under their final id: a reload, another screen or a dead battery loses nothing.

import { outOf } from "./photos.js";
import * as outbox from "./outbox.js";
import * as store from "./store.js";
import { putOwn } from "./seal.js";
import { allOwn, asRow } from "./vault.js";
import { changeVisit, keyOf } from "./visits.js";

export async function draftsOf(visit) {
  return (await allOwn("drafts")).filter((draft) => draft.visit === visit.id);
}

/**
 * The draft to go on with: of the finding `known`, else the one (or the saved finding) that was open last, else the visit's new one.
 * `fresh` leaves the open one alone; `scan` and `offence` are entered.
 */
export async function openDraft(visit, { known, fresh = false, scan, offence } = {}) {
  const drafts = await draftsOf(visit), open = await store.get("settings", "openDraft");
  if (!fresh && !scan) known ??= visit.findings.find((each) => each.id === open);
  const draft = (known ? drafts.find((each) => each.id === known.id) : drafts.find((each) => each.id === open && !fresh)
    ?? drafts.find((each) => !each.known)) ?? blank(visit, known);
  if (scan && !draft.scans.includes(scan)) draft.scans.push(scan);
  if (offence && !draft.values.offence) draft.values.offence = offence;
  const entered = scan || offence ? { drafts: [await asRow(draft)] } : {}; // an empty one is none
  await putOwn({ ...entered, settings: [["openDraft", draft.id]] });
  return draft;
}

export async function keepDraft(draft) {
  return putOwn({ drafts: [await asRow(draft)] });
}

export async function draftCount() {
  return (await allOwn("drafts")).length;
}

/** The draft goes, and the photos that were taken for it and wait for it. */
export function dropDraft(draft) {
  return changeVisit(draft.visit, async (visit) => {
    const held = await outbox.rowsOf((row) => row.finding === draft.id, "held");
    await putOwn({ drafts: [[draft.id, undefined]], settings: [["openDraft", undefined]], ...await outOf(visit, held.map(([id]) => id)) });
  });
}

function blank(visit, known) {
  if (!known) return { id: crypto.randomUUID(), visit: visit.id, known: null, values: {}, scans: [] };
  return { id: known.id, visit: visit.id, known, values: valuesOf(known), scans: known.scans.map(keyOf) };
}

/** A saved finding as the form's fields have it. */
function valuesOf({ label = {}, unit_price_fen: fen, ...finding }) {
  const names = ["offence", "product", "quantity", "quantity_unit", "supplier", "statement", "measure", "measure_on",
    "measure_number", "note"];
  const values = Object.fromEntries(names.filter((name) => finding[name] != null).map((name) => [name, finding[name]]));
  const labels = Object.entries(label).map(([name, text]) => [`label.${name}`, text]);
  return { ...values, ...Object.fromEntries(labels), price: (fen / 100).toFixed(2) };
}
