// A new version of the app is announced, and taken when the officer says so. What is on the phone stays: drafts are kept
// with every stroke, and the outbox is not of the page.

const SCOPE = "/inspector/patrol", LOOK_MS = 3_600_000;

/** Calls announce(take) when a newer version has been fetched; take() goes over to it. */
export async function watchForNewVersion(announce) {
  if (!("serviceWorker" in navigator)) return;
  const registration = await navigator.serviceWorker.register(`${SCOPE}/worker.js`, { scope: SCOPE }).catch(() => null);
  if (!registration) return;
  const tell = (worker) => worker && navigator.serviceWorker.controller && announce(() => takeOver(worker));
  const tellOnceInstalled = (worker) => worker?.addEventListener(
    "statechange", () => worker.state === "installed" && tell(worker),
  );
  tell(registration.waiting);
  tellOnceInstalled(registration.installing); // found before anybody listened
  registration.addEventListener("updatefound", () => tellOnceInstalled(registration.installing));
  const look = () => registration.update().catch(() => {}); // offline it stays as it is
  if (registration.active) look(); // registering what is registered looks for nothing
  setInterval(look, LOOK_MS);
}

function takeOver(worker) {
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
  worker.postMessage("take");
}
