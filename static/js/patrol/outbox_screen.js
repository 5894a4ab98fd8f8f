// The outbox as people see it.

import { keep } from "./keeping.js";
import { $, alertLine, fill, list, moment, onScreen, sizeText, verdictWord, word } from "./page.js";
import {
  discard, flush, forgetSent, isFirstOfItsVisit, items, onChange, retry, rows, unsent, visitsToCome, waitsForItsVisit,
} from "./outbox.js";

const KIND = { waiting: "warn", held: "quiet", sent: "good", refused: "bad", discarded: "quiet" };
const DONE = ["sent", "discarded"], progress = new Map();
let line = null, nextAt = 0;

export function startOutboxScreen() {
  onScreen("outbox", show);
  onChange(async (news) => {
    if (news.sending) progress.set(news.sending, news.done);
    if (news.signedOut !== undefined) $("signed-out").hidden = !news.signedOut;
    if (news.line !== undefined) ({ line, nextAt } = news);
    await showCount();
    if (!document.querySelector('[data-screen="outbox"]').hidden) await show();
  });
  $("send-now").addEventListener("click", flush);
  $("forget-sent").addEventListener("click", () => keep(forgetSent));
}

/** The number in the header of every screen. */
export async function showCount() {
  const waiting = await unsent();
  $("outbox-count").textContent = waiting.length ? word("outbox", { count: waiting.length }) : word("outbox_clear");
  $("outbox-count").classList.toggle("warn", waiting.length > 0);
  const refused = waiting.filter((item) => item.state === "refused").length;
  alertLine("refused", refused ? word("outbox_refused", { count: refused }) : "");
}

async function show() {
  const own = (await items()).sort((a, b) => a.madeAt.localeCompare(b.madeAt)), every = await rows();
  const others = (await unsent()).length - own.filter((item) => !DONE.includes(item.state)).length;
  $("outbox-others").textContent = others ? word("others_items", { count: others }) : "";
  const waiting = own.filter((item) => !DONE.includes(item.state));
  $("outbox-summary").textContent = waiting.length
    ? word("outbox_oldest", { count: waiting.length, oldest: moment(waiting[0].madeAt) }) : word("own_clear");
  $("outbox-line").textContent = line && (waiting.length || others) ? [word(line), nextAt && word("next_try", { at: clockOf(nextAt) })].filter(Boolean).join(" ") : "";
  list($("outbox-items"), $("outbox-row"), own, (row, item) => fillItem(row, item, visitsToCome(every)));
}

function clockOf(at) {
  return new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai", timeStyle: "medium" }).format(new Date(at));
}

function fillItem(row, item, toCome) {
  fill(row, { what: `${word(`item.${item.kind}`)} ${moment(item.madeAt)}`, state: word(`state.${item.state}`) });
  row.querySelector(".tag").classList.add(KIND[item.state]);
  fill(row, { detail: detailOf(item, toCome) });
  const [again, away] = row.querySelectorAll("button");
  again.hidden = item.state !== "refused";
  away.hidden = again.hidden || item.kind === "discard"; // why something was given up is not given up itself
  again.addEventListener("click", () => keep(() => retry(item.id)));
  away.addEventListener("click", () => askToDiscard(item));
}

function askToDiscard(item) {
  const reason = prompt(word(isFirstOfItsVisit(item) ? "discard_visit" : "discard"))?.trim();
  if (reason) keep(() => discard(item.id, reason));
}

function detailOf(item, toCome) {
  if (item.state === "refused") return word(item.reason.text);
  if (item.state === "discarded") return [word(item.reason.text ?? ""), word("discarded_for", item.reason)].join(" ");
  if (item.state === "held") return word("held_for_finding");
  if (item.state === "waiting") return waitsForItsVisit(item, toCome) ? word("waits_for_visit") : sentSoFar(item);
  const { receipt, received_at, conflicts } = item.receipt;
  return [
    word("receipt", { receipt, received: received_at ? moment(received_at) : "" }),
    conflicts ? word("conflict") : "",
    ...differences(item),
  ].filter(Boolean).join(" ");
}

function sentSoFar({ id, content }) {
  const done = progress.get(id);
  return done ? word("sent_of", { percent: Math.floor(100 * done), size: sizeText(content.size) }) : "";
}

/** Codes that the service, on receipt, judged otherwise than the phone had. */
function differences({ kind, content, receipt }) {
  return (kind === "scan" ? [content] : content.scans ?? [])
    .filter((scan) => !(kind === "finding" && scan.host) && receipt.verdicts?.[scan.code] && receipt.verdicts[scan.code] !== scan.verdict)
    .map(({ code }) => word("difference", { code, verdict: verdictWord(receipt.verdicts[code]).text }));
}
