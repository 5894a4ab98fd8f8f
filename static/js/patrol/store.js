// What the app keeps on the phone, in IndexedDB: settings, own visits, the outbox, photos' bytes, drafts of findings.

const NAME = "patrol", VERSION = 2, STORES = ["settings", "visits", "items", "photos", "drafts"];
let opened;

/** Stores are only ever added: what an older version of the app has kept stays as it is. */
function open() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => STORES
      .filter((name) => !request.result.objectStoreNames.contains(name))
      .forEach((name) => request.result.createObjectStore(name));
    request.onsuccess = () => resolve(letGo(request.result));
    request.onerror = () => reject(request.error);
  }).catch((error) => {
    opened = null;
    throw error;
  });
  return opened;
}

/** A database that the browser closed, or that a newer version of the app waits for, is opened anew when next needed. */
function letGo(database) {
  database.onclose = () => opened = null;
  database.onversionchange = () => {
    database.close();
    opened = null;
  };
  return database;
}

/** Runs work(stores by name) in one transaction; resolves with its result once it is on disk. */
async function transact(mode, names, work) {
  const database = await open();
  return new Promise((resolve, reject) => {
    const transaction = begin(database, mode, names);
    let request;
    transaction.oncomplete = () => resolve(request?.result);
    transaction.onabort = () => reject(transaction.error);
    try {
      request = work(...names.map((name) => transaction.objectStore(name)));
    } catch (error) {
      transaction.abort(); // what was put before it must not stay
      reject(error);
    }
  });
}

function begin(database, mode, names) {
  try {
    return database.transaction(names, mode, { durability: "strict" });
  } catch (error) {
    opened = null; // closed under us: whoever tries again opens it anew
    throw error;
  }
}

export const get = (name, key) => transact("readonly", [name], (store) => store.get(key));
export const all = (name) => transact("readonly", [name], (store) => store.getAll());
export const put = (name, key, value) => transact("readwrite", [name], (store) => store.put(value, key));
export const remove = (name, key) => transact("readwrite", [name], (store) => store.delete(key));
export const clear = (name) => transact("readwrite", [name], (store) => store.clear());

/** Several values at once, or none: {store: [[key, value], …]}; without a value the key goes. */
export function putAll(rows) {
  return transact("readwrite", Object.keys(rows), (...stores) => putRows(rows, stores));
}

/** The same, if the settings hold: {key: (value) => whether}, in the same transaction. Whether they did. */
export async function putAllIf(holds, rows) {
  let asked = [];
  const doHold = () => Object.values(holds).every((holdsOne, at) => holdsOne(asked[at].result));
  await transact("readwrite", [...new Set(["settings", ...Object.keys(rows)])], (settings) => {
    asked = Object.keys(holds).map((key) => settings.get(key));
    const stores = Object.keys(rows).map((name) => settings.transaction.objectStore(name));
    asked.at(-1).onsuccess = () => doHold() && putRows(rows, stores);
  });
  return doHold();
}

function putRows(rows, stores) {
  Object.values(rows).forEach((pairs, at) => pairs.forEach(([key, value]) => {
    if (value === undefined) stores[at].delete(key);
    else stores[at].put(value, key);
  }));
}

/** Whether `bytes` more will fit, with room for the rest of the day's work. */
export async function hasRoomFor(bytes) {
  const { usage = 0, quota = Infinity } = await navigator.storage?.estimate?.() ?? {};
  return quota - usage > 2 * bytes + 1_000_000;
}

/** Asks the browser not to throw the outbox away when space runs short. */
export function keepForGood() {
  return navigator.storage?.persist?.() ?? Promise.resolve(false);
}
