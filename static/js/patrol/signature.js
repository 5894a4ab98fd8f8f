// The shop signs on the screen for what the officers have noted; what was signed stands in the same picture.

import { fileOf, pad } from "./pad.js";
import { $, go, list, moment, onScreen, word, yuan } from "./page.js";
import { keepPhoto, PhotoUnfit } from "./photos.js";
import { currentVisit, state } from "./state.js";

const INK = "#10305c", THICKNESS = 1 / 150, LINE = 44, MARGIN = 30;
let signature = null, visit = null;

export function startSignatureScreen() {
  signature = pad($("signature-pad"), INK, THICKNESS);
  onScreen("signature", show);
  $("clear-signature").addEventListener("click", begin);
  $("keep-signature").addEventListener("click", keep);
}

async function show() {
  visit = await currentVisit();
  if (!visit) return go("home");
  list($("signed-facts"), $("signed-fact"), factsOf(visit), (row, text) => row.textContent = text);
  begin();
}

function factsOf({ shop, madeAt, scans, findings }) {
  const facts = { shop: shop.name, time: moment(madeAt), scans: scans.length, findings: findings.length };
  return [word("signed_visit", facts), ...findings.map(findingText), word("signed_truth")];
}

function findingText({ offence, quantity, quantity_unit: unit, unit_price_fen: fen }) {
  const text = state.reference.offences.find((each) => each.code === offence)?.text ?? offence;
  return `${text} ${word("amount", { quantity, unit, value: yuan(quantity * fen) })}`;
}

function begin() {
  signature.clear();
  $("signature-error").textContent = "";
}

async function keep() {
  if (signature.isEmpty()) return $("signature-error").textContent = word("need_signature");
  try {
    await keepPhoto(await fileOf(paper(), "signature.png", "image/png"), { visit: visit.id, kind: "signature" });
    go("visit");
  } catch (unfit) {
    if (!(unfit instanceof PhotoUnfit)) throw unfit;
    $("signature-error").textContent = word(unfit.code, unfit.facts);
  }
}

/** The lines above the pad and the signature below them. */
function paper() {
  const drawn = $("signature-pad"), canvas = document.createElement("canvas"), context = canvas.getContext("2d");
  const font = `${LINE * 0.7}px sans-serif`, room = drawn.width - 2 * MARGIN;
  context.font = font;
  const lines = factsOf(visit).flatMap((text) => broken(context, text, room));
  canvas.width = drawn.width;
  canvas.height = MARGIN + LINE * (lines.length + 1) + drawn.height;
  Object.assign(context, { font, fillStyle: "#fff" });
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = "#000";
  lines.forEach((text, at) => context.fillText(text, MARGIN, MARGIN + LINE * (at + 0.7)));
  context.drawImage(drawn, 0, MARGIN + LINE * (lines.length + 1));
  return canvas;
}

/** The text in lines that fit the room. */
function broken(context, text, room) {
  const lines = [""];
  for (const character of text) {
    if (context.measureText(lines.at(-1) + character).width > room) lines.push("");
    lines[lines.length - 1] += character;
  }
  return lines;
}
