// A field for photos: each is kept for the outbox at once, and listed with the start of its hash.

import { $, fill, list, sizeText, word } from "./page.js";
import { keepPhoto, PhotoUnfit } from "./photos.js";
import { getVisit } from "./visits.js";
import * as store from "./store.js";

let fields = 0;

/** Fills `target` for photos of the visit or its finding; `photos` are those that it has already. */
export function photoField(target, { visit, finding = null, photos }) {
  target.replaceChildren($("photo-input").content.cloneNode(true));
  const input = target.querySelector("input"), rows = target.querySelector("ol");
  input.id = `photos-${fields += 1}`;
  target.querySelector("label").htmlFor = input.id;
  const shown = photos.filter((photo) => photo.finding === finding);
  const show = () => list(rows, $("photo-row"), shown, fillPhoto);
  input.addEventListener("change", async () => {
    const files = [...input.files], error = target.querySelector(".error");
    input.value = "";
    error.textContent = "";
    for (const file of files) {
      try {
        shown.push(await keep(file, visit, finding));
        show();
      } catch (unfit) {
        if (!(unfit instanceof PhotoUnfit)) throw unfit;
        error.textContent = word(unfit.code, unfit.facts);
      }
    }
  });
  show();
}

async function keep(file, visitId, finding) {
  const photo = { ...await keepPhoto(file, { visit: visitId, finding }), finding };
  const visit = await getVisit(visitId);
  visit.photos.push(photo);
  await store.put("visits", visitId, visit);
  return photo;
}

function fillPhoto(row, photo) {
  fill(row, {
    size: sizeText(photo.size),
    hash: `SHA-256 ${photo.sha256.slice(0, 16)}…`,
  });
}
