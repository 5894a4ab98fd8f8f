// Visits: the form, and the visit under way with its scans, findings and photos.

import { $, fill, go, list, moment, onScreen, options, verdictWord, word, yuan } from "./page.js";
import { draftsOf } from "./drafts.js";
import { keep } from "./keeping.js";
import { photoField } from "./photo_field.js";
import { isWatching, stopWatching, watchPlace } from "./place.js";
import { alike, kilometres, listed, standingAt } from "./shops.js";
import { currentVisit, state } from "./state.js";
import { putOwn } from "./seal.js";
import * as store from "./store.js";
import { listVisits, noteScan, saveVisit } from "./visits.js";

const POOR_FIX_M = 500, MOST_ADDRESS = 200;
let fix = null, editing = null, chosenShop = "", mayPropose = false;

export function startVisitScreens() {
  onScreen("visit-form", showForm);
  onScreen("visit", showVisit);
  $("visit-form").addEventListener("submit", save);
  $("known-shop").addEventListener("change", showShopFields);
  $("online").addEventListener("change", showShopFields);
  $("shop-search").addEventListener("input", showShops);
  $("take-fix").addEventListener("click", takeFix);
  addEventListener("hashchange", stopWatching);
  $("edit-visit").addEventListener("click", () => editing = "current");
  $("new-finding").addEventListener("click", () => state.finding = { fresh: true });
  $("end-visit").addEventListener("click", async () => {
    await keep(() => putOwn({ settings: [["currentVisit", undefined]] }));
    go("home");
  });
}

/** Opens the form for this shop of the list. */
export function startVisitAt(shop) {
  chosenShop = shop.id;
  go("visit-form");
}

export async function openVisit(visit) {
  await keep(() => putOwn({ settings: [["currentVisit", visit.id]] }));
  go("visit");
}

/** Rows of today's visits. */
export async function showVisits(target, template, empty) {
  const visits = await listVisits();
  empty.hidden = visits.length > 0;
  list(target, template, visits, (row, visit) => {
    const facts = { time: moment(visit.madeAt), scans: visit.scans.length, findings: visit.findings.length };
    fill(row, { name: visit.shop.name, counts: word("visit_counts", facts) });
    row.querySelector("button").addEventListener("click", () => openVisit(visit));
  });
}

async function showForm() {
  const form = $("visit-form");
  form.hidden = true; // until it is filled: what is typed before that would be lost
  const visit = editing === "current" ? await currentVisit() : null;
  const colleague = await store.get("settings", "colleague");
  editing = visit;
  offerLists();
  form.reset();
  fix = visit?.latitude_e6 != null ? visit : null;
  $("fix").textContent = fix ? word("fix", { accuracy: fix.accuracy_m }) : "";
  showShops();
  $("known-shop").value = chosenShop;
  mayPropose = !visit && !chosenShop;
  chosenShop = "";
  $("shop-search").closest(".field").hidden = Boolean(visit);
  $("known-shop").closest(".field").hidden = Boolean(visit);
  $("second-officer").value = colleague ?? "";
  if (visit) {
    $("second-officer").value = visit.second_officer_id;
    $("market").value = visit.market_id ?? "";
    form.note.value = visit.note;
  }
  showShopFields();
  fail("");
  form.hidden = false;
  if (!visit) takeFix(); // by the time the rest has been looked at it is there
}

/** Also while the form is open: on a new phone they come when the officer is there already. What was chosen stays. */
export function offerLists() {
  const { officers, markets } = state.reference, colleagues = officers.filter((each) => each.id !== state.officer?.id);
  options($("second-officer"), [["", ""], ...colleagues.map((each) => [each.id, each.name])]);
  options($("market"), markets.map((market) => [market.id, `${market.city} ${market.name}`]));
  showShops();
}

/** The shops that the search leaves, the nearest first once there is a fix. */
function showShops() {
  const sought = $("shop-search").value.trim(), found = listed(state.reference.shops, sought, fix);
  options($("known-shop"), found.map((shop) => [shop.id, shopText(shop)]));
  if (sought && found.length === 1) $("known-shop").value = found[0].id;
  showShopFields();
}

function shopText(shop) {
  const far = kilometres(shop, fix);
  return [shop.name, shop.address, ...far === null ? [] : [word("far", { far: far.toFixed(1) })]].join(" · ");
}

function showShopFields() {
  const isOnline = $("online").checked;
  $("new-shop").hidden = Boolean(editing) || Boolean($("known-shop").value);
  $("online-shop").hidden = !isOnline;
  $("shop-address").closest(".field").hidden = isOnline;
}

function fail(text) {
  fill($("visit-form"), { error: text });
}

function takeFix() {
  fix = null;
  $("fix").textContent = word("fixing");
  watchPlace((best) => {
    fix = best;
    $("fix").textContent = word("fix", { accuracy: fix.accuracy_m });
    proposeShop();
    showShops();
  }, () => {
    if (!fix) $("fix").textContent = word("no_fix");
  });
}

/** The one shop of the list that stands here, unless another one was named. */
function proposeShop() {
  const here = mayPropose && standingAt(state.reference.shops, fix);
  if (!here || $("known-shop").value || $("shop-search").value || $("shop-name").value || $("online").checked) return;
  mayPropose = false; // once: whoever wants another one is not asked again
  $("known-shop").value = here.id;
}

async function save(event) {
  event.preventDefault();
  const form = $("visit-form"), shop = editing?.shop ?? shopOf(form);
  const market = form.market.value ? Number(form.market.value) : null;
  if (!shop) return fail(word($("online").checked ? "need_link" : "need_shop"));
  if (!form.second_officer.value) return fail(word("need_officer"));
  if (!fix && market === null && !shop.link) return fail(word(isWatching() ? "fixing" : "need_place"));
  if (fix?.accuracy_m > POOR_FIX_M && !confirm(word("poor_fix", { accuracy: fix.accuracy_m }))) return;
  stopWatching();
  const facts = {
    shop,
    second_officer_id: Number(form.second_officer.value),
    latitude_e6: fix?.latitude_e6 ?? null, longitude_e6: fix?.longitude_e6 ?? null, accuracy_m: fix?.accuracy_m ?? null,
    market_id: market, note: form.note.value,
  };
  const buttons = form.querySelectorAll(".thumb button"), isNew = !editing;
  for (const button of buttons) button.disabled = true;
  const visit = await keep(() => saveVisit(facts, editing));
  await keep(() => putOwn({ settings: [["colleague", facts.second_officer_id]] }));
  for (const button of buttons) button.disabled = false;
  editing = null;
  if (isNew && state.finding?.look) await takeAlong(visit, state.finding.look);
  else go(event.submitter?.value === "scan" ? "scan" : "visit");
}

/** What was scanned before there was a visit, and led to it, is its first scan. */
async function takeAlong(visit, look) {
  await keep(() => noteScan(visit, look));
  go("finding");
}

function shopOf(form) {
  const known = state.reference.shops.find((shop) => shop.id === form.known_shop.value);
  if (known) return asSent(known);
  const online = $("online").checked ? onlineFacts(form) : {}, name = form.shop_name.value.trim();
  const address = (online.link ?? form.shop_address.value).slice(0, MOST_ADDRESS).trim();
  if (!name || !address) return null;
  const same = alike(state.reference.shops, name, form.shop_code.value);
  if (same && confirm(word("same_shop", { shop: `${same.name} · ${same.address}` }))) return asSent(same);
  return {
    id: crypto.randomUUID(), name, address, code: form.shop_code.value, city: form.shop_city.value, market_id: null,
    ...online,
  };
}

/** A shop that sells online stands at its link, with the seller that the page shows. */
function onlineFacts({ link, platform, seller }) {
  const address = link.value.trim();
  return {
    link: /^https?:\/\/\S+$/u.test(address) ? address : "", platform: platform.value.trim(), seller: seller.value.trim(),
  };
}

/** A shop of the list without what the list says of it. */
function asSent({ reasons, latitude_e6, longitude_e6, ...shop }) {
  return shop;
}

async function showVisit() {
  const visit = await currentVisit();
  if (!visit) return go("home");
  const screen = document.querySelector('[data-screen="visit"]');
  fill(screen, { shop: visit.shop.name, when: word("visit_when", { time: moment(visit.madeAt) }) });
  $("no-scans").hidden = visit.scans.length > 0;
  list($("scans"), $("scan-row"), visit.scans, fillScan);
  const drafts = await draftsOf(visit);
  $("no-findings").hidden = visit.findings.length + drafts.length > 0;
  list($("drafts"), $("draft-row"), drafts, fillDraft);
  list($("findings"), $("finding-row"), visit.findings, fillFinding);
  await photoField(screen.querySelector("[data-photos]"), { visit: visit.id, online: Boolean(visit.shop.link) });
}

function fillScan(row, scan) {
  const { text, kind } = verdictWord(scan.host ? "other_host" : scan.verdict), tag = row.querySelector(".tag");
  fill(row, {
    code: scan.code.replace(/^[0-9A-Z]{20}$/, (code) => code.replace(/(.{5})(?=.)/g, "$1 ")),
    host: scan.host ?? "", verdict: scan.twin ? word("twin") : text, again: scan.again ? word("scanned_again") : "",
  });
  tag.classList.add(scan.twin ? "bad" : kind);
}

function fillDraft(row, draft) {
  const offence = state.reference.offences.find((each) => each.code === draft.values.offence);
  fill(row, { offence: offence?.text ?? word("no_offence_yet") });
  row.querySelector("button").addEventListener("click", () => {
    state.finding = draft.known ? { known: draft.known } : { fresh: true };
    go("finding");
  });
}

function fillFinding(row, finding) {
  const offence = state.reference.offences.find((each) => each.code === finding.offence);
  const { quantity, quantity_unit: unit, unit_price_fen } = finding;
  fill(row, {
    offence: offence?.text ?? finding.offence,
    amount: word("amount", { quantity, unit, value: yuan(quantity * unit_price_fen) }),
  });
  row.querySelector("button").addEventListener("click", () => {
    state.finding = { known: finding };
    go("finding");
  });
}
