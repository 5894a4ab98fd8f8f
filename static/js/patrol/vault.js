// Rows of visits and drafts as they lie on the phone: sealed, so that only their maker reads them. A row that an older
// version kept, or that was made before the service was first heard, lies open until its maker's seals are at hand.

import { putOwn, seal, sealer, unseal } from "./seal.js";
import * as store from "./store.js";

/** As it is put: [id, row]. */
export async function asRow(value) {
  const { id } = value, officer = sealer();
  return [id, officer === null ? { id, officer, open: value } : { id, officer, ...await seal(value, id) }];
}

/** The value under the id, or undefined where there is none of the officer's own. */
export async function getOwn(name, id) {
  return read(await store.get(name, id));
}

export async function allOwn(name) {
  const values = await Promise.all((await store.all(name)).map(read));
  return values.filter((value) => value !== undefined);
}

/** Open rows are sealed, now that it can be done. */
export async function sealRows(name) {
  for (const row of await store.all(name)) {
    if (!row.sealed && isOwn(row)) await putOwn({ [name]: [await asRow(row.open ?? row)] });
  }
}

/** Open rows get their maker's name before another officer comes. */
export async function nameRows(name, officer) {
  const rows = (await store.all(name)).filter((row) => (row.officer ?? null) === null);
  await putOwn({ [name]: rows.map((row) => [row.id, { ...row, officer }]) });
}

async function read(row) {
  if (!row || !isOwn(row)) return undefined;
  return row.sealed ? unseal(row, row.id) : row.open ?? row;
}

/** An open row without a name on it is of whoever was here when the app was first used. */
const isOwn = (row) => row.sealed ? row.officer === sealer() : (row.officer ?? sealer()) === sealer();
