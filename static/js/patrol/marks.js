// Marks on a photo: another photo, kept beside the original, which nobody touches.

import { fileOf, pad } from "./pad.js";
import { $, go, onScreen, word } from "./page.js";
import { ask } from "./link.js";
import { file } from "./shapes.js";
import { bytesOf, keepPhoto, PhotoUnfit } from "./photos.js";

const LONGEST_SIDE = 2000, RED = "#d3121f", THICKNESS = 1 / 160;
let marks = null, marked = null, back = "";

export function startMarksScreen() {
  marks = pad($("marks-pad"), RED, THICKNESS);
  onScreen("marks", show);
  $("clear-marks").addEventListener("click", begin);
  $("keep-marks").addEventListener("click", keep);
}

/** Opens the screen for a photo; the marks go where it is: {visit, finding, held}. */
export function startMarking(photo, place) {
  marked = { photo, place };
  back = location.hash.slice(1);
  go("marks");
}

async function show() {
  if (!marked) return go("visit");
  offer(false, "marks_fetched");
  try {
    const bytes = await bytesOf(marked.photo.id) ?? await viewed(marked.photo.id);
    marked.bitmap = await createImageBitmap(new Blob([bytes]));
  } catch (error) {
    console.error(error);
    return offer(false, "marks_need_link");
  }
  offer(true);
  begin();
}

/** Once its bytes have gone up, what the service shows of it: as large as marks are kept. */
function viewed(id) {
  return ask(`photos/${id}`, file);
}

function offer(isThere, told = "") {
  $("marks-pad").hidden = $("clear-marks").hidden = $("keep-marks").hidden = !isThere;
  $("marks-error").textContent = told && word(told);
}

function begin() {
  const { bitmap } = marked, canvas = $("marks-pad");
  const scale = Math.min(1, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height));
  canvas.width = Math.round(bitmap.width * scale);
  canvas.height = Math.round(bitmap.height * scale);
  marks.clear((context) => context.drawImage(bitmap, 0, 0, canvas.width, canvas.height));
  $("marks-error").textContent = "";
}

async function keep() {
  if (marks.isEmpty()) return $("marks-error").textContent = word("need_marks");
  try {
    const file = await fileOf($("marks-pad"), "marks.jpg", "image/jpeg");
    await keepPhoto(file, { ...marked.place, kind: "marked", marks_of: marked.photo.id });
    go(back);
  } catch (unfit) {
    if (!(unfit instanceof PhotoUnfit)) throw unfit;
    $("marks-error").textContent = word(unfit.code, unfit.facts);
  }
}
