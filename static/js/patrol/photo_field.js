// A field for photos: each is kept for the outbox at once, shown small, and may be taken back until it is sent.

import { fromBase64 } from "./bytes.js";
import { keep } from "./keeping.js";
import { startMarking } from "./marks.js";
import { $, fill, list, sizeText, word } from "./page.js";
import { dropPhoto, isLoose, isMarked, keepPhoto, PhotoUnfit } from "./photos.js";
import { getVisit } from "./visits.js";

let fields = 0;

/** Fills `target` for photos of the visit, or of its finding, for which they are `held` until it is saved. Of an `online`
    shop there are screenshots. */
export function photoField(target, { visit, finding = null, held = false, online = false }) {
  target.replaceChildren($("photo-input").content.cloneNode(true));
  if (online) chooseScreenshots(target);
  const input = target.querySelector("input"), rows = target.querySelector("ol"), error = target.querySelector(".error");
  input.id = `photos-${fields += 1}`;
  target.querySelector("label").htmlFor = input.id;
  const show = async () => {
    const photos = (await getVisit(visit)).photos.filter((photo) => photo.finding === finding);
    const loose = await Promise.all(photos.map(async ({ id }) => !isMarked(id, photos) && isLoose(id)));
    list(rows, $("photo-row"), photos, (row, photo) => fillPhoto(row, photo, loose[photos.indexOf(photo)], { drop, mark }));
  };
  const mark = (photo) => startMarking(photo, { visit, finding, held });
  const drop = async (photo) => {
    await keep(() => dropPhoto(visit, photo.id));
    await show();
  };
  input.addEventListener("change", async () => {
    const files = [...input.files];
    input.value = "";
    error.textContent = "";
    for (const file of files) {
      try {
        await keepPhoto(file, { visit, finding, held, kind: online ? "screenshot" : "photo" });
        await show();
      } catch (unfit) {
        if (!(unfit instanceof PhotoUnfit)) throw unfit;
        error.textContent += `${word(unfit.code, unfit.facts)} `;
      }
    }
  });
  return show();
}

function chooseScreenshots(target) {
  target.querySelector("input").removeAttribute("capture");
  target.querySelector("label").textContent = word("choose_screenshot");
}

function fillPhoto(row, photo, isLooseNow, { drop, mark }) {
  fill(row, {
    kind: (photo.kind ?? "photo") === "photo" ? "" : word(`photo.${photo.kind}`),
    size: sizeText(photo.size), hash: `SHA-256 ${photo.sha256.slice(0, 16)}…`,
  });
  const image = row.querySelector("img"), [button, marking] = row.querySelectorAll("button");
  image.hidden = !photo.thumb;
  if (photo.thumb) {
    image.onload = () => URL.revokeObjectURL(image.src);
    image.src = URL.createObjectURL(new Blob([fromBase64(photo.thumb)], { type: "image/jpeg" }));
  }
  button.hidden = !isLooseNow;
  button.addEventListener("click", () => drop(photo));
  marking.hidden = !photo.thumb || photo.kind === "signature";
  marking.addEventListener("click", () => mark(photo));
}
