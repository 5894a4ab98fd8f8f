// What each answer of the service looks like. Whatever else comes back is not its answer, whatever its status says: a
// network that answers for it, a cache, half a proxy. Only what has the shape that was asked for is believed.

const isText = (value) => typeof value === "string" && value !== "";
const isNumber = Number.isSafeInteger;
const isTime = (value) => isText(value) && !Number.isNaN(Date.parse(value));
const isThe = (one) => (value) => value === one;
const listOf = (is) => (value) => Array.isArray(value) && value.every(is);
const like = (parts) => (value) => value instanceof Object && Object.entries(parts).every(([name, is]) => is(value[name]));

const named = like({ id: isNumber, name: isText });
const shop = like({ id: isText, name: isText });

/** Bytes, which its header tells. */
export const file = () => true;

export const refusal = like({ code: isText, detail: isText });
export const session = like({
  officer: named, csrf_token: isText, now: isTime, pack_key: isText, seals: (value) => listOf(isText)(value) && value.length === 2,
});
export const reference = like({
  products: listOf(like({ code: isText, name: isText })), offences: listOf(like({ code: isText, text: isText })),
  officers: listOf(named), markets: listOf(named), shops: listOf(shop),
});
export const visits = like({
  visits: listOf(like({
    visit: isText, version: isNumber, made_at: isTime, shop,
    scans: listOf(like({ id: isText, code: (value) => typeof value === "string" })), findings: listOf(like({ finding: isText })),
  })),
});
export const looked = like({ verdict: isText, seen: listOf(shop) });
export const phone = (id) => like({ phone: isThe(id) });

/** That an item has arrived: its own id, and the number in the record under which it stands. */
export function receipt({ id, kind }) {
  return kind === "leave" ? like({ id: isThe(id), ended_at: isTime }) : like({ id: isThe(id), receipt: isNumber, received_at: isTime });
}

/** How much of a photo has arrived; all of it, once there is a receipt. */
export function photoState({ id, size }) {
  return (value) => value?.receipt ? receipt({ id, kind: "photo" })(value)
    : like({ id: isThe(id), received: (so) => isNumber(so) && so >= 0 && so <= size })(value);
}
