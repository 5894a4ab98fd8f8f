// Serves the app's shell without network. SHELL (version, page, files) stands in front of this text.

const CACHE = `patrol-${SHELL.version}`;

self.addEventListener("install", (event) => {
  event.waitUntil(fill());
});

/** A new version waits until the officer takes it: no page changes under a thumb. */
self.addEventListener("message", ({ data }) => data === "take" && self.skipWaiting());

self.addEventListener("activate", (event) => {
  event.waitUntil(dropOlder().then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event, address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  if (request.mode === "navigate" && address.pathname === SHELL.page && !address.search) {
    event.respondWith(cached(SHELL.page));
  } else if (SHELL.files.includes(address.pathname) || address.pathname.startsWith("/static/vendor/")) {
    event.respondWith(cached(address.pathname));
  }
});

/** Whole or not at all; a redirect to the sign-in page must never be kept as the shell. */
async function fill() {
  const cache = await caches.open(CACHE);
  await Promise.all([SHELL.page, ...SHELL.files].map(async (path) => {
    const response = await fetch(path, { cache: "no-cache", redirect: "error" });
    if (!response.ok) throw new Error(`${path}: ${response.status}`);
    await cache.put(path, response);
  }));
}

async function dropOlder() {
  const names = (await caches.keys()).filter((name) => name.startsWith("patrol-") && name !== CACHE);
  await Promise.all(names.map((name) => caches.delete(name)));
}

async function cached(path) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(path);
  if (kept) return kept;
  const response = await fetch(path);
  if (response.ok && !response.redirected) await cache.put(path, response.clone());
  return response;
}
