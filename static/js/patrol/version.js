// A new version of the app is announced, and taken when the officer says so. What is on the phone stays: drafts are kept
// with every stroke, and the outbox is not of the page.

const SCOPE = "/inspector/patrol", LOOK_MS = 3_600_000;

/** Calls announce(take) when a newer version has been fetched; take() goes over to it. */
export async function watchForNewVersion(announce) {
  if (!("serviceWorker" in navigator)) return;
  const registration = await navigator.serviceWorker.register(`${SCOPE}/worker.js`, { scope: SCOPE }).catch(() => null);
  if (!registration) return;
  const tell = (worker) => worker && navigator.serviceWorker.controller && announce(() => takeOver(worker));
  tell(registration.waiting);
  registration.addEventListener("updatefound", () => {
    const worker = registration.installing;
    worker?.addEventListener("statechange", () => worker.state === "installed" && tell(worker));
  });
  setInterval(() => registration.update().catch(() => {}), LOOK_MS); // offline it stays as it is
}

function takeOver(worker) {
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
  worker.postMessage("take");
}
