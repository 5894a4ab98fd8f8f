// The same unit in another shop: one pack is in one shop. Each source knows what the others do not, and all may be silent.

import { listVisits } from "./visits.js";

const NOTHING = { shops: [], units: [] };

/** Names of other shops than `here` in which this phone has met the unit, or other officers as the latest pack knows. */
export async function otherShopsWith(look, here, pack) {
  const { code, number, unit } = look, { shops, units } = pack?.header.seen ?? NOTHING;
  const own = (await listVisits()).filter((visit) => visit.scans.some((scan) => scan.code === code));
  const told = units.filter(([batch, one]) => batch === number && one === unit).map(([,, place]) => shops[place]);
  return otherNames([...own.map((visit) => visit.shop), ...told], here);
}

/** Names of the shops {id, name} but `here`, each once. */
export function otherNames(shops, here) {
  return [...new Set(shops.filter((shop) => shop.id !== here.shop.id).map((shop) => shop.name))];
}
