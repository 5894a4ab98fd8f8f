// The patrol app starts here: from the phone alone, then from the service when there is a link.

import { hearServer, keepClock, loadClock, now, wrongBy } from "./clock.js";
import { startFindingScreen } from "./finding_screen.js";
import { endSession, handOver, leave } from "./handover.js";
import { NoAnswer, openSession, Refused, SignedOut } from "./link.js";
import { flush, sealItems } from "./outbox.js";
import { showCount, startOutboxScreen } from "./outbox_screen.js";
import { PackBroken } from "./pack.js";
import { $, alertLine, currentScreen, fill, list, moment, onScreen, showScreen, sizeText, word } from "./page.js";
import { downloadPack, ownPhone } from "./phone.js";
import { startMarksScreen } from "./marks.js";
import { startScanScreens } from "./scan_screen.js";
import { endWhenOvertaken, isOwnersTab, loadSeals, takeSeals } from "./seal.js";
import { startSignatureScreen } from "./signature.js";
import { currentVisit, loadState, refreshState, state } from "./state.js";
import * as store from "./store.js";
import { ageOf } from "./verdict.js";
import { sealRows } from "./vault.js";
import { watchForNewVersion } from "./version.js";
import { offerLists, showVisits, startVisitAt, startVisitScreens } from "./visit_screen.js";
import { takeSharedVisits } from "./visits.js";

const MOST_STOPS = 20, TICK_MS = 30_000;

async function start() {
  watchForNewVersion(announceVersion);
  await loadClock();
  await keepClock();
  endWhenOvertaken();
  await loadSeals();
  await loadState();
  startScanScreens();
  startVisitScreens();
  startFindingScreen();
  startOutboxScreen();
  startMarksScreen();
  startSignatureScreen();
  onScreen("home", showHome);
  onScreen("pack", showPack);
  addEventListener("hashchange", showScreen);
  addEventListener("online", connect);
  document.addEventListener("visibilitychange", () => document.hidden || connect());
  $("pack-form").addEventListener("submit", download);
  $("sign-out").addEventListener("click", signOut);
  setInterval(() => { showAge(); keepClock().catch(() => {}); }, TICK_MS);
  showAge();
  await showCount();
  await showScreen();
  document.body.dataset.ready = "1";
  store.keepForGood();
  await connect();
}

function announceVersion(take) {
  $("new-version").hidden = false;
  $("take-version").addEventListener("click", take, { once: true });
}

/** What needs the service: lists, shared visits, and the outbox. */
async function connect() {
  if (!await isOwnersTab()) return location.reload();
  try {
    if (!await endSession()) return;
    const { now: serverTime, officer, seals } = await openSession({ fresh: true });
    await hearServer(serverTime);
    const here = await store.get("settings", "officer");
    if (here && here.id !== officer.id) return await takeOver();
    await refreshState();
    if (currentScreen() === "visit-form") offerLists();
    await ownPhone();
    await takeSeals(officer.id, seals);
    await sealWhatLiesOpen();
    $("signed-out").hidden = true;
    await takeSharedVisits();
    if (["home", "pack"].includes(currentScreen())) await showScreen();
  } catch (error) {
    if (error instanceof SignedOut) $("signed-out").hidden = false;
    else if (!(error instanceof NoAnswer) && !(error instanceof Refused)) throw error;
  }
  showAge();
  await flush();
}

/** A shared phone, on which somebody else has signed in without the one before signing out. */
async function takeOver() {
  await handOver();
  location.reload(); // nothing that a screen still holds may be kept in the next officer's name
}

async function sealWhatLiesOpen() {
  for (const name of ["visits", "drafts"]) await sealRows(name);
  await sealItems();
}

function showAge() {
  const age = ageOf(state.packs, now()), chip = $("pack-age");
  const issued = state.packs[0] ? moment(state.packs[0].issuedAt) : "";
  chip.textContent = word(`age.${age}`, { issued });
  chip.className = `chip ${{ fresh: "good", amber: "warn", incomplete: "bad", ended: "bad" }[age] ?? "quiet"}`;
  alertLine("broken", state.broken ? word("pack_broken") : "");
  const minutes = Math.round(Math.abs(wrongBy()) / 60_000);
  alertLine("clock", minutes ? word("clock_wrong", { minutes, server: moment(now()) }) : "");
}

async function showHome() {
  state.finding = null; // what was asked for on the way is not wanted any more
  $("no-pack").hidden = state.packs.length > 0;
  const visit = await currentVisit();
  $("current-visit").hidden = !visit;
  if (visit) fill($("current-visit"), { shop: visit.shop.name });
  const stops = state.reference.shops.slice(0, MOST_STOPS);
  $("no-stops").hidden = stops.length > 0;
  list($("stops"), $("stop-row"), stops, (row, shop) => {
    fill(row, { name: shop.name, address: shop.address, reasons: shop.reasons.join(" · ") });
    row.querySelector("button").addEventListener("click", () => startVisitAt(shop));
  });
  await showVisits($("visits"), $("visit-row"), $("no-visits"));
}

async function showPack() {
  const [pack] = state.packs;
  $("pack-issued").textContent = pack ? moment(pack.issuedAt) : "—";
  $("pack-until").textContent = pack ? moment(pack.validUntil) : "—";
  $("pack-products").textContent = pack?.header.products.map((product) => product.name).join("、") ?? "—";
  $("pack-batches").textContent = state.packs.reduce((sum, each) => sum + each.header.batches, 0).toLocaleString("en");
  $("pack-size").textContent = pack ? sizeText(state.size) : "—";
  const chosen = new Set(pack?.header.products.map((product) => product.code) ?? []);
  list($("pack-choices"), $("product-choice"), state.reference.products, (row, { code, name }) => {
    const input = row.querySelector("input"), label = row.querySelector("label");
    Object.assign(input, { id: `product-${code}`, value: code, checked: !chosen.size || chosen.has(code) });
    label.htmlFor = input.id;
    label.textContent = name;
  });
  $("pack-form").querySelector("button").disabled = !state.reference.products.length;
}

async function download(event) {
  event.preventDefault();
  const products = [...event.target.querySelectorAll("input:checked")].map((input) => input.value);
  const button = event.target.querySelector("button"), tellProgress = (text) => $("pack-progress").textContent = text;
  button.disabled = true;
  tellProgress(word("downloading"));
  try {
    await downloadPack(products, (size) => tellProgress(word("downloading_size", { size: sizeText(size) })));
    state.broken = false;
    await loadState();
    tellProgress(word("downloaded"));
  } catch (error) {
    tellProgress(troubleText(error));
  }
  button.disabled = false;
  showAge();
  await showPack();
}

function troubleText(error) {
  if (error instanceof NoAnswer) return word(error.why);
  if (error instanceof SignedOut) return word("signed_out");
  if (error instanceof PackBroken) return word("pack_broken");
  if (error instanceof Refused) return error.message;
  throw error;
}

/** Without network too: the phone forgets the officer now, and the service ends the session when it is next heard. */
async function signOut() {
  if (!await isOwnersTab()) return location.reload();
  if (!await leave(word("leave_unsent"))) return;
  if (await endSession()) location.href = "/";
  else location.reload();
}

start();
