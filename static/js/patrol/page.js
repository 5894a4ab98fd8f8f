// The page: its words, its screens, its lists. All texts come translated from the server, in <template id="words">.

const words = new Map();
const kinds = new Map();
for (const element of document.getElementById("words")?.content.querySelectorAll("[data-word]") ?? []) {
  words.set(element.dataset.word, element.textContent);
  if (element.dataset.kind) kinds.set(element.dataset.word, element.dataset.kind);
}

/** @returns {any} The element of that id, whatever it is. */
export const $ = (id) => document.getElementById(id);

/** A word of the page, its {facts} filled in. */
export function word(name, facts = {}) {
  return (words.get(name) ?? name).replace(/\{(\w+)\}/g, (whole, fact) => facts[fact] ?? whole);
}

export function verdictWord(verdict) {
  return { text: word(`verdict.${verdict}`), kind: kinds.get(`verdict.${verdict}`) ?? "quiet" };
}

/** In Shanghai, as "08:10" today and "11-23 08:10" otherwise. */
export function moment(at) {
  const text = new Intl.DateTimeFormat("sv-SE", {
    timeZone: "Asia/Shanghai", dateStyle: "short", timeStyle: "short",
  });
  const [day, time] = text.format(new Date(at)).split(" ");
  return day === text.format(new Date()).split(" ")[0] ? time : `${day.slice(5)} ${time}`;
}

/** The named parts of an element: fill(element, {name: text}). */
export function fill(element, texts) {
  for (const [name, text] of Object.entries(texts)) {
    element.querySelector(`[data-slot="${name}"]`).textContent = text;
  }
  return element;
}

/** Rows of a list, each a copy of the template filled by fillRow(row, value). */
export function list(target, template, values, fillRow) {
  target.replaceChildren(...values.map((value) => {
    const row = template.content.firstElementChild.cloneNode(true);
    fillRow(row, value);
    return row;
  }));
}

/** Options of a select after those that it was served with; the choice stays if it is still there. */
export function options(select, pairs) {
  const chosen = select.value, served = [...select.options].filter((option) => !option.dataset.added);
  select.replaceChildren(...served, ...pairs.map(([value, text]) => {
    const option = new Option(text, value);
    option.dataset.added = "1";
    return option;
  }));
  if ([...select.options].some((option) => option.value === chosen)) select.value = chosen;
}

/** A line at the top of every screen until it is told to go. */
export function alertLine(name, text, kind = "warn") {
  const id = `alert-${name}`, old = $(id);
  if (!text) return old?.remove();
  const line = old ?? Object.assign(document.createElement("p"), { id, className: `notice ${kind}` });
  line.textContent = text;
  if (!old) $("alerts").append(line);
}

const entering = new Map();

/** Called each time the screen is shown. */
export function onScreen(name, enter) {
  entering.set(name, enter);
}

export function currentScreen() {
  const name = location.hash.slice(1) || "home";
  return document.querySelector(`[data-screen="${CSS.escape(name)}"]`) ? name : "home";
}

export async function showScreen() {
  const name = currentScreen();
  for (const section of document.querySelectorAll("[data-screen]")) {
    section.hidden = section.dataset.screen !== name;
    if (!section.hidden) $("bar-title").textContent = section.dataset.title;
  }
  document.querySelector(".bar-back").hidden = name === "home";
  scrollTo(0, 0);
  await entering.get(name)?.();
}

export function go(name) {
  if (currentScreen() === name) return showScreen();
  location.hash = name;
}

/** Yuan as typed, full-width digits and commas forgiven, in whole fen; null where it is no amount. */
export function fenOf(text) {
  const plain = text.normalize("NFKC").replaceAll(",", "").trim();
  if (!/^\d{1,9}(\.\d{1,2})?$/.test(plain)) return null;
  const [yuan, fen = ""] = plain.split(".");
  return Number(yuan) * 100 + Number(fen.padEnd(2, "0"));
}

/** Megabytes, or kilobytes below a tenth of one. */
export function sizeText(bytes) {
  return bytes < 100_000
    ? word("kilobytes", { size: Math.ceil(bytes / 1024) }) : word("megabytes", { size: (bytes / 2 ** 20).toFixed(1) });
}

export function yuan(fen) {
  return `${Math.floor(fen / 100).toLocaleString("en")}.${String(fen % 100).padStart(2, "0")}`;
}
