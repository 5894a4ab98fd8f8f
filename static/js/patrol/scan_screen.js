// Scanning: camera, photo or typing; then the verdict, full screen.

import { count, isBulk, startBulk } from "./bulk.js";
import { ask } from "./link.js";
import { unsee } from "./in_view.js";
import { $, fill, go, list, moment, onScreen, verdictWord, word } from "./page.js";
import { readPhoto, watch } from "./scanner.js";
import { currentVisit, lookAt, productOf, state } from "./state.js";
import { ageOf, isOurs, judged } from "./verdict.js";
import { batchText } from "./unit_code.js";
import { now } from "./clock.js";
import { keep } from "./keeping.js";
import { looked } from "./shapes.js";
import { signal } from "./signals.js";
import { otherNames, otherShopsWith } from "./elsewhere.js";
import { keyOf, markTwin, noteScan } from "./visits.js";

const SERVER_MS = 5000, STILL_MS = 3000;
let camera = null, inViewSince = 0;

export function startScanScreens() {
  startBulk();
  onScreen("scan", openCamera);
  onScreen("result", showResult);
  addEventListener("hashchange", closeCamera);
  document.addEventListener("visibilitychange", () => document.hidden && closeCamera());
  $("type-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const { value } = $("typed");
    if (value.trim()) found(value, { typed: true });
  });
  $("photo-scan").addEventListener("change", scanPhoto);
  $("torch").addEventListener("click", () => {
    const lit = !isLit();
    $("torch").setAttribute("aria-pressed", lit);
    camera?.light(lit);
  });
  $("result-finding").addEventListener("click", () => askForFinding());
  $("another-pack").addEventListener("click", anotherPack);
  $("same-pack").addEventListener("click", () => {
    state.look.again = false;
    showResult();
  });
}

/** Everything read ends here: judge, keep in the visit, show. A camera makes no slips, fingers do. */
export async function found(text, { typed = false } = {}) {
  const look = await lookAt(text), visit = await currentVisit();
  if (!typed && look.verdict === "malformed") look.verdict = "not_a_code";
  const scan = visit && await keep(() => noteScan(visit, look));
  const isUnit = look.number !== undefined && look.verdict !== "sample"; // a sample may stand on many packs
  look.again = Boolean(isUnit && scan?.again);
  look.elsewhere = isUnit && visit ? await otherShopsWith(look, visit, state.packs[0]) : [];
  state.look = look;
  $("typed").value = "";
  const band = bandOf(look), mustBeSeen = look.again || look.elsewhere.length > 0;
  signal(band.kind);
  if (isBulk()) count(band, look.code);
  if (!isBulk() || mustBeSeen) go("result");
}

async function openCamera() {
  closeCamera();
  trouble("");
  hint("");
  $("still").hidden = $("two-codes").hidden = true;
  try {
    camera = await watch($("camera"), { onTexts, onStill, onNothing: () => hint(word("hint")) });
    $("torch").hidden = !camera.hasTorch;
    if (isLit()) camera.light(true); // it stays lit from label to label
    if (document.querySelector('[data-screen="scan"]').hidden) closeCamera();
  } catch (error) {
    trouble(word(error.name === "NotAllowedError" ? "camera_refused" : "camera_absent"));
  }
}

function closeCamera() {
  camera?.stop();
  camera = null;
}

/** Two codes in the frame are two: the officer chooses; in bulk both are looked at. */
async function onTexts(seen) {
  const texts = judged(seen, state.packs);
  hint("");
  $("still").hidden = true;
  $("two-codes").hidden = texts.length < 2 || isBulk();
  if ($("two-codes").hidden) {
    for (const text of texts) await found(text);
    inViewSince = performance.now();
    return;
  }
  list($("two-codes").querySelector("ol"), $("two-row"), texts, (row, text) => {
    fill(row, { text });
    row.querySelector("button").addEventListener("click", () => {
      $("two-codes").hidden = true;
      closeCamera(); // else the other one is news at once
      unsee(texts.filter((other) => other !== text));
      found(text);
    });
  });
}

/** What is still in view is no second look, unless the officer says that it is another pack. */
function onStill(texts) {
  hint("");
  const { text } = state.look ?? {}, isSlow = performance.now() - inViewSince > STILL_MS;
  if (!texts.includes(text) || (isBulk() && !isSlow) || !$("two-codes").hidden) return;
  $("still").hidden = false;
  $("still").querySelector("button").onclick = () => {
    $("still").hidden = true;
    found(text);
  };
}

function hint(text) {
  if ($("camera-hint").textContent !== text) $("camera-hint").textContent = text;
}

const isLit = () => $("torch").getAttribute("aria-pressed") === "true";

function trouble(text) {
  $("camera-trouble").textContent = text;
  $("camera-trouble").hidden = !text;
}

async function scanPhoto(event) {
  const [file] = event.target.files;
  event.target.value = "";
  if (!file) return;
  try {
    const texts = await readPhoto(file, (text) => isOurs(text, state.packs));
    if (texts.length) await onTexts(texts);
    else trouble(word("no_symbol"));
  } catch {
    trouble(word("photo_unreadable"));
  }
}

async function anotherPack() {
  const visit = await currentVisit();
  await keep(() => markTwin(visit, state.look));
  askForFinding({ fresh: true, offence: "label_copied" });
  go("finding");
}

function askForFinding(more = {}) {
  const { code, foreignHost: host } = state.look;
  state.finding = { scan: keyOf({ code, host }), look: state.look, ...more };
}

async function showResult() {
  const { look } = state;
  if (!look) return go("scan");
  showBand(look);
  $("result-code").textContent = look.code.replace(/(.{5})(?=.)/g, "$1 ");
  $("foreign-host").hidden = !look.foreignHost;
  if (look.foreignHost) fill($("foreign-host"), { host: look.foreignHost });
  showFacts(look);
  $("full-view").href = `/inspector/codes/${encodeURIComponent(look.code)}`;
  $("result-finding").href = await currentVisit() ? "#finding" : "#visit-form"; // which then goes on to it
  await showServerVerdict(look);
}

function showBand(look) {
  const { text, kind } = bandOf(look);
  $("result-band").className = `band ${kind}`;
  for (const icon of $("result-band").querySelectorAll("[data-icon]")) icon.hidden = icon.dataset.icon !== kind;
  $("result-headline").textContent = text;
  const content = look.content ? word("content", { content: word(`content.${look.content}`) }) : "";
  $("result-why").textContent = word(`why.${look.verdict}`, { issued: issuedText() }) + content + (tooOld() ? word("incomplete") : "");
  $("again").hidden = !look.again;
  $("elsewhere").hidden = !look.elsewhere.length;
  fill($("elsewhere"), { shops: look.elsewhere.join("、") });
}

/** The same unit twice in one shop, or in two shops, outweighs whatever the pack says of it. */
function bandOf(look) {
  if (look.again) return { text: word("again"), kind: "bad" };
  if (look.elsewhere.length) return { text: word("elsewhere"), kind: "bad" };
  const told = verdictWord(look.verdict);
  return look.verdict === "valid" && tooOld() ? { ...told, kind: "quiet" } : told;
}

function tooOld() {
  return ageOf(state.packs, now()) === "incomplete";
}

function issuedText() {
  return state.packs[0] ? moment(state.packs[0].issuedAt) : "";
}

function showFacts({ batch, unit }) {
  $("result-facts").hidden = !batch;
  if (!batch) return;
  const grams = batch.netWeightG;
  $("result-party-now").hidden = !batch.right.party_now;
  fill($("result-facts"), {
    product: batch.right.product_name ?? productOf(batch.right.product)?.name,
    weight: grams < 1000 ? word("grams", { grams }) : word("kilograms", { kilograms: grams / 1000 }),
    party: batch.right.party,
    party_now: batch.right.party_now ?? "",
    uscc: batch.right.uscc ?? "—",
    basis: `${word(batch.right.basis)} ${batch.right.number}`,
    batch: batchText(batch.number),
    unit: word("unit_of", { unit: unit.toLocaleString("en"), units: batch.units.toLocaleString("en") }),
    packed: batch.packedOn,
  });
}

/** What a camera reads and is no code has one meaning, whether a character or all of it is wrong. */
const noCode = (verdict) => (verdict === "malformed" ? "not_a_code" : verdict);

/** When there is a link, the service's own verdict stands beside the phone's, and above it where they differ. */
async function showServerVerdict(look) {
  const line = $("server-verdict");
  line.hidden = true;
  try {
    const { verdict, seen } = await ask(`codes?text=${encodeURIComponent(look.text)}`, looked, { patience: SERVER_MS });
    if (state.look !== look) return;
    const same = noCode(verdict) === noCode(look.verdict), told = verdict === "valid" ? word("valid_online") : verdictWord(verdict).text;
    line.hidden = false;
    line.className = `notice ${same ? "quiet" : verdictWord(verdict).kind}`;
    line.querySelector("p").textContent = same ? word("server_same") : word("server_differs", { verdict: told });
    await tellOfOtherShops(look, seen);
  } catch {
    line.hidden = true; // without a link the phone's own verdict stands alone
  }
}

/** Other officers may have met the unit after the pack was made. */
async function tellOfOtherShops(look, seen) {
  const visit = await currentVisit(), names = visit ? otherNames(seen, visit) : [];
  if (names.every((name) => look.elsewhere.includes(name))) return;
  look.elsewhere = [...new Set([...look.elsewhere, ...names])];
  signal("bad");
  showBand(look);
}
