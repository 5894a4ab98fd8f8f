// The list of shops: what is looked for, what is near, and what is already there under another id.

const KM_OF_A_DEGREE = 111.2, NEXT_DOOR_KM = 0.05;

/** Kilometres between two places {latitude_e6, longitude_e6}, or null where one is not known. */
export function kilometres(shop, fix) {
  if (!fix || shop.latitude_e6 == null) return null;
  const north = (shop.latitude_e6 - fix.latitude_e6) / 1e6, east = (shop.longitude_e6 - fix.longitude_e6) / 1e6;
  return KM_OF_A_DEGREE * Math.hypot(north, east * Math.cos(fix.latitude_e6 / 1e6 * Math.PI / 180));
}

/** Shops with `sought` in name, address or licence; the nearest to the fix first, those of no known place last. */
export function listed(shops, sought, fix) {
  const far = (shop) => kilometres(shop, fix) ?? Infinity;
  const found = shops.filter(({ name, address, code }) => plain(name + address + code).includes(plain(sought)));
  return fix ? found.sort((a, b) => (far(a) === far(b) ? 0 : far(a) - far(b))) : found;
}

/** The only shop that was ever found within 50 m of a fix as good as that, or undefined. */
export function standingAt(shops, fix) {
  const near = shops.filter((shop) => kilometres(shop, fix) !== null && kilometres(shop, fix) <= NEXT_DOOR_KM);
  return near.length === 1 && fix.accuracy_m <= NEXT_DOOR_KM * 1000 ? near[0] : undefined;
}

/** The shop of this licence, else of this name, or undefined. */
export function alike(shops, name, code) {
  return shops.find((shop) => plain(code) && plain(shop.code) === plain(code))
    ?? shops.find((shop) => plain(shop.name) === plain(name));
}

/** As compared: no matter how wide, how large or how spaced. */
function plain(text) {
  return text.normalize("NFKC").toUpperCase().replace(/[^\p{L}\p{N}]/gu, "");
}
