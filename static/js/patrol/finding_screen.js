// The finding form, which is kept as a draft with every stroke.

import { shanghaiDay } from "./verdict.js";
import { now } from "./clock.js";
import { dropDraft, keepDraft, openDraft } from "./drafts.js";
import { keep } from "./keeping.js";
import { expectedLabel, labelFaults } from "./label_check.js";
import { $, fenOf, fill, go, list, onScreen, options, verdictWord, word, yuan } from "./page.js";
import { photoField } from "./photo_field.js";
import { currentVisit, productOf, rightsOf, state } from "./state.js";
import { keyOf, saveFinding } from "./visits.js";

const PRESERVATION_DAYS = 7, DAY_MS = 86_400_000, MOST_NAMED = 5;
let visit = null, draft = null, keeping = Promise.resolve(), typed = false;

export function startFindingScreen() {
  onScreen("finding", show);
  const form = $("finding-form");
  form.addEventListener("submit", save);
  form.addEventListener("input", () => { note(); refresh(); });
  $("drop-draft").addEventListener("click", drop);
}

async function show() {
  visit = await currentVisit();
  if (!visit) return go("visit-form");
  const form = $("finding-form");
  form.hidden = true; // until it is filled: what is typed before that would be lost
  await keeping;
  const { offences, products } = state.reference, asked = state.finding ?? {};
  state.finding = null; // asked once: whoever comes back goes on with the draft
  draft = await keep(() => openDraft(visit, asked));
  form.reset();
  showOffences(offences);
  options($("finding-product"), [["", word("none")], ...products.map((product) => [product.code, product.name])]);
  showScans(new Set(draft.scans));
  for (const [name, value] of Object.entries(draft.values)) if (form.elements[name]) form.elements[name].value = value;
  fill(form, { error: "" });
  refresh();
  $("offence").open = !form.offence.value;
  form.hidden = false;
  await photoField(form.querySelector("[data-photos]"), { visit: visit.id, finding: draft.id, held: !draft.known, online: Boolean(visit.shop.link) });
}

/** Open until one is chosen, so that choosing it is one tap. */
function showOffences(offences) {
  list($("offences"), $("offence-choice"), offences, (row, { code, text }) => {
    const input = row.querySelector("input"), label = row.querySelector("label");
    Object.assign(input, { id: `offence-${code}`, value: code });
    input.addEventListener("change", () => $("offence").open = false);
    label.htmlFor = input.id;
    label.textContent = text;
  });
}

/** Each scan once; the one that is a twin stands for all of its code. */
function scansToChoose() {
  const scans = new Map();
  for (const scan of visit.scans) if (!scans.has(keyOf(scan)) || scan.twin) scans.set(keyOf(scan), scan);
  return [...scans.values()];
}

function showScans(chosen) {
  $("no-finding-scans").hidden = visit.scans.length > 0;
  list($("finding-scans"), $("scan-choice"), scansToChoose(), (row, scan) => {
    const input = row.querySelector("input"), label = row.querySelector("label"), key = keyOf(scan);
    input.id = `scan-${key}`;
    input.value = key;
    input.checked = chosen.has(key);
    label.htmlFor = input.id;
    const verdict = scan.twin ? word("twin") : scan.host ? word("verdict.other_host") : verdictWord(scan.verdict).text;
    label.textContent = `${key} ${verdict}`;
  });
}

/** The form as it stands, on the phone before the next stroke or after it; many strokes are one writing. */
function note() {
  if (!draft) return; // it has been saved or dropped
  const form = $("finding-form"), { scan, ...values } = Object.fromEntries(new FormData(form));
  Object.assign(draft, { values, scans: chosenScans(form) });
  if (typed) return;
  typed = true;
  keeping = keeping.then(() => {
    typed = false;
    const noted = draft; // it is tried again also when the screen has gone on
    return noted && keep(() => keepDraft(noted));
  });
}

function chosenScans(form) {
  return [...form.querySelectorAll("[name=scan]:checked")].map((input) => input.value);
}

/** What follows from the form as it stands: clause, value, deadline, label faults. */
function refresh() {
  const form = $("finding-form"), { offences } = state.reference;
  const offence = offences.find(({ code }) => code === form.offence.value);
  fill($("offence"), { offence: offence?.text ?? "" });
  $("clause").textContent = offence?.clause ?? "";
  const fen = priceOf(form), quantity = wholeNumber(form.quantity.value);
  $("value-total").textContent = fen === null || quantity === null ? "" : word("value", { value: yuan(fen * quantity) });
  const measure = form.elements.measure.value;
  $("measure-facts").hidden = measure === "none";
  if (measure !== "none" && !form.measure_on.value) form.measure_on.value = shanghaiDay(now());
  $("decide-by").textContent = measure === "preserved" && form.measure_on.value
    ? word("decide_by", { day: lastDay(form.measure_on.value) }) : "";
  checkLabel(form);
}

function lastDay(from) {
  return new Date(Date.parse(from) + PRESERVATION_DAYS * DAY_MS).toISOString().slice(0, 10);
}

function checkLabel(form) {
  const product = productOf(form.product.value), label = labelOf(form);
  const expected = product ? expectedLabel(product, rightsOf(product.code), label) : {};
  const faults = labelFaults(label, expected);
  for (const hint of form.querySelectorAll("[data-check]")) {
    const name = hint.dataset.check, told = label[name] && expected[name];
    hint.textContent = !told ? "" : name in faults ? faultWord(expected[name]) : word("label_as_expected");
    hint.classList.toggle("error", Boolean(told) && name in faults);
  }
}

function faultWord(expected) {
  return expected.length > MOST_NAMED ? word("label_not_on_roll") : word("label_expected", { expected: expected.join(" / ") });
}

function labelOf(form) {
  const fields = [...form.elements].filter((field) => field.name.startsWith("label.") && field.value.trim());
  return Object.fromEntries(fields.map((field) => [field.name.slice(6), field.value.trim()]));
}

/** In fen; nothing said is nothing, which is asked about before it is saved. */
function priceOf(form) {
  return form.price.value.trim() ? fenOf(form.price.value) : 0;
}

function wholeNumber(text) {
  const plain = text.normalize("NFKC").replaceAll(",", "").trim();
  return /^\d{1,9}$/.test(plain) ? Number(plain) : null;
}

/** What is missing, as a word of the page. */
function missing(form, { quantity, unit_price_fen, measure, measure_on }) {
  if (!form.offence.value) return "need_offence";
  if (quantity === null || unit_price_fen === null) return "need_amount";
  if (measure === "none") return null;
  if (!measure_on) return "need_measure_date";
  return measure_on > shanghaiDay(now()) ? "measure_date_ahead" : null;
}

async function save(event) {
  event.preventDefault();
  const form = $("finding-form"), facts = factsOf(form), needed = missing(form, facts);
  if (needed) return fill(form, { error: word(needed) });
  if (!facts.unit_price_fen && !confirm(word("price_zero"))) return;
  const button = event.submitter ?? form.querySelector(".button.big");
  button.disabled = true; // a save that is tried again must not be pressed twice
  const known = draft.known ?? { id: draft.id, version: 0 };
  draft = null; // no stroke brings the draft back behind the finding
  await keeping;
  await keep(() => saveFinding(visit, facts, known));
  button.disabled = false;
  go("visit");
}

function factsOf(form) {
  const chosen = new Set(chosenScans(form)), measure = form.elements.measure.value;
  const scans = scansToChoose().filter((scan) => chosen.has(keyOf(scan)));
  return {
    offence: form.offence.value, product: form.product.value || null, label: labelOf(form),
    scans: scans.map(({ code, host = "", verdict, pack, at, twin }) => ({ code, host, verdict, pack, at, twin })),
    quantity: wholeNumber(form.quantity.value), unit_price_fen: priceOf(form),
    quantity_unit: form.quantity_unit.value, supplier: form.supplier.value, statement: form.statement.value,
    measure, measure_on: measure === "none" ? null : form.measure_on.value,
    measure_number: form.measure_number.value, note: form.note.value,
  };
}

async function drop() {
  if (!confirm(word("drop_draft"))) return;
  const dropped = draft;
  draft = null;
  await keeping;
  await keep(() => dropDraft(dropped));
  go("visit");
}
