// The finding form.

import { shanghaiDay } from "./verdict.js";
import { now } from "./clock.js";
import { expectedLabel, labelFaults } from "./label_check.js";
import { $, fenOf, fill, go, list, onScreen, options, verdictWord, word, yuan } from "./page.js";
import { photoField } from "./photo_field.js";
import { currentVisit, productOf, rightsOf, state } from "./state.js";
import { saveFinding } from "./visits.js";

const PRESERVATION_DAYS = 7, DAY_MS = 86_400_000, MOST_NAMED = 5;
let visit = null, known = null, newId = "";

export function startFindingScreen() {
  onScreen("finding", show);
  const form = $("finding-form");
  form.addEventListener("submit", save);
  form.addEventListener("input", refresh);
}

async function show() {
  visit = await currentVisit();
  if (!visit) return go("visit-form");
  const form = $("finding-form"), { offences, products } = state.reference, asked = state.finding ?? {};
  known = asked.known ?? null;
  newId = known?.id ?? crypto.randomUUID();
  form.reset();
  options($("offence"), [["", ""], ...offences.map((offence) => [offence.code, offence.text])]);
  options($("finding-product"), [["", word("none")], ...products.map((product) => [product.code, product.name])]);
  const chosen = new Set(asked.scans ?? known?.scans.map((scan) => scan.code) ?? []);
  showScans(chosen);
  fillForm(form, { offence: asked.offence ?? "", ...known });
  photoField(form.querySelector("[data-photos]"), { visit: visit.id, finding: newId, photos: visit.photos });
  fill(form, { error: "" });
  refresh();
}

function showScans(chosen) {
  $("no-finding-scans").hidden = visit.scans.length > 0;
  list($("finding-scans"), $("scan-choice"), visit.scans, (row, scan) => {
    const input = row.querySelector("input"), label = row.querySelector("label");
    input.id = `scan-${scan.code}`;
    input.value = scan.code;
    input.checked = chosen.has(scan.code);
    label.htmlFor = input.id;
    label.textContent = `${scan.code} ${scan.twin ? word("twin") : verdictWord(scan.verdict).text}`;
  });
}

function fillForm(form, finding) {
  for (const name of ["offence", "product", "quantity", "quantity_unit", "supplier", "statement", "measure_on",
    "measure_number", "note", "measure"]) {
    if (finding[name] != null) form.elements[name].value = finding[name];
  }
  if (finding.unit_price_fen != null) form.elements.price.value = yuan(finding.unit_price_fen).replaceAll(",", "");
  for (const [name, text] of Object.entries(finding.label ?? {})) form.elements[`label.${name}`].value = text;
}

/** What follows from the form as it stands: clause, value, deadline, label faults. */
function refresh() {
  const form = $("finding-form"), { offences } = state.reference;
  $("clause").textContent = offences.find((offence) => offence.code === form.offence.value)?.clause ?? "";
  const fen = fenOf(form.price.value), quantity = wholeNumber(form.quantity.value);
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

function wholeNumber(text) {
  const plain = text.normalize("NFKC").replaceAll(",", "").trim();
  return /^\d{1,9}$/.test(plain) ? Number(plain) : null;
}

async function save(event) {
  event.preventDefault();
  const form = $("finding-form"), quantity = wholeNumber(form.quantity.value), unit_price_fen = fenOf(form.price.value);
  const fail = (name) => fill(form, { error: word(name) });
  const measure = form.elements.measure.value;
  if (!form.offence.value) return fail("need_offence");
  if (quantity === null || unit_price_fen === null) return fail("need_amount");
  if (measure !== "none" && !form.measure_on.value) return fail("need_measure_date");
  const chosen = new Set([...form.querySelectorAll("[name=scan]:checked")].map((input) => input.value));
  const facts = {
    offence: form.offence.value, product: form.product.value || null, label: labelOf(form),
    scans: visit.scans.filter((scan) => chosen.has(scan.code)), quantity, unit_price_fen,
    quantity_unit: form.quantity_unit.value, supplier: form.supplier.value, statement: form.statement.value,
    measure, measure_on: measure === "none" ? null : form.measure_on.value,
    measure_number: form.measure_number.value, note: form.note.value,
  };
  visit = await currentVisit(); // photos may have joined it meanwhile
  try {
    await saveFinding(visit, facts, known ?? { id: newId, version: 0 });
  } catch (error) {
    if (error?.name !== "QuotaExceededError") throw error;
    return fail("storage_full");
  }
  state.finding = null;
  go("visit");
}
