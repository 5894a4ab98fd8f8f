// A photo of a label is read in the browser where that works; otherwise it is made small and the server reads it.
import { readText, toJudge } from "./patrol/address.js";
import { readPhoto } from "./patrol/scanner.js";
import { shrunk } from "./smaller.js";

const photo = document.getElementById("photo"), form = photo.form;
const code = document.getElementById("code"), choice = document.getElementById("photo-choice");
const own = form.dataset.own.split(" "), mostBytes = Number(form.dataset.mostBytes), SIDE = 4000, FORM_BYTES = 4096;

photo.addEventListener("change", async () => {
  const [file] = photo.files;
  choice.hidden = true;
  tooLarge(false);
  if (!file) return;
  const texts = toJudge(await readPhoto(file, isOurs).catch(() => []), own); // some browsers cannot open some pictures
  if (texts.length > 1) choose(texts);
  else if (texts.length) check(texts[0]);
  else await send(file);
});

const isOurs = (text) => readText(text, own).kind === "code";

function check(text) {
  code.value = text;
  code.form.submit();
}

function choose(texts) {
  choice.querySelector("ul").replaceChildren(...texts.map((text) => {
    const row = document.createElement("li");
    const button = Object.assign(document.createElement("button"), { type: "button", className: "button second code", textContent: text });
    button.addEventListener("click", () => check(text));
    row.append(button);
    return row;
  }));
  choice.hidden = false;
}

/** The server reads what this browser did not, and says what is wrong with a photo that holds no symbol. */
async function send(file) {
  const small = await shrunk(file, SIDE).catch(() => file);
  if (small.size > mostBytes - FORM_BYTES) return tooLarge(true);
  const sent = new DataTransfer();
  sent.items.add(small);
  photo.files = sent.files;
  form.submit();
}

function tooLarge(is) {
  document.getElementById("photo-too-large").hidden = !is;
}
