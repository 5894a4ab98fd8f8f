// The outbox as people see it.

import { $, alertLine, fill, list, moment, onScreen, verdictWord, word } from "./page.js";
import { flush, forgetSent, items, onChange, retry } from "./outbox.js";

const KIND = { waiting: "warn", sent: "good", refused: "bad" };
const progress = new Map();

export function startOutboxScreen() {
  onScreen("outbox", show);
  onChange(async ({ sending, done, signedOut }) => {
    if (sending) progress.set(sending, done);
    if (signedOut !== undefined) $("signed-out").hidden = !signedOut;
    await showCount();
    if (!document.querySelector('[data-screen="outbox"]').hidden) await show();
  });
  $("send-now").addEventListener("click", flush);
  $("forget-sent").addEventListener("click", forgetSent);
}

/** The number in the header of every screen. */
export async function showCount() {
  const unsent = (await items()).filter((item) => item.state !== "sent");
  $("outbox-count").textContent = unsent.length ? word("outbox", { count: unsent.length }) : word("outbox_clear");
  $("outbox-count").classList.toggle("warn", unsent.length > 0);
  alertLine("refused", refusedText(unsent));
}

function refusedText(unsent) {
  const count = unsent.filter((item) => item.state === "refused").length;
  return count ? word("outbox_refused", { count }) : "";
}

async function show() {
  const every = (await items()).sort((a, b) => a.madeAt.localeCompare(b.madeAt));
  const waiting = every.filter((item) => item.state !== "sent");
  $("outbox-summary").textContent = waiting.length
    ? word("outbox_oldest", { count: waiting.length, oldest: moment(waiting[0].madeAt) }) : word("outbox_clear");
  list($("outbox-items"), $("outbox-row"), every, fillItem);
}

function fillItem(row, item) {
  fill(row, { what: `${word(`item.${item.kind}`)} ${moment(item.madeAt)}`, state: word(`state.${item.state}`) });
  row.querySelector(".tag").classList.add(KIND[item.state]);
  fill(row, { detail: detailOf(item) });
  const button = row.querySelector("button");
  button.hidden = item.state !== "refused";
  button.addEventListener("click", () => retry(item.id));
}

function detailOf(item) {
  if (item.state === "refused") return item.reason.text;
  if (item.state === "waiting") {
    const percent = Math.floor(100 * (progress.get(item.id) ?? 0));
    return percent ? word("sent_of", { percent }) : "";
  }
  const { receipt, received_at, conflicts } = item.receipt;
  return [
    word("receipt", { receipt, received: received_at ? moment(received_at) : "" }),
    conflicts ? word("conflict") : "",
    ...differences(item),
  ].filter(Boolean).join(" ");
}

/** Codes of a finding that the service, on receipt, judged otherwise than the phone had. */
function differences({ content, receipt }) {
  return (content.scans ?? [])
    .filter((scan) => receipt.verdicts?.[scan.code] && receipt.verdicts[scan.code] !== scan.verdict)
    .map(({ code }) => word("difference", { code, verdict: verdictWord(receipt.verdicts[code]).text }));
}
