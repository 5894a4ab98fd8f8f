// A label that is still before the camera is one look, however many frames show it, also when the camera opens anew.

const AWAY_MS = 2000, CLOSED_MS = 20_000;
const seen = new Map();

/** The camera opens: what it saw a moment ago may be there still. */
export function lookAgain(now) {
  for (const [text, at] of seen) {
    if (now - at > CLOSED_MS) seen.delete(text);
    else seen.set(text, now);
  }
}

/** Of the texts in this frame those that were not in view before. */
export function newIn(texts, now) {
  for (const [text, at] of seen) if (now - at > AWAY_MS) seen.delete(text);
  const news = texts.filter((text) => !seen.has(text));
  for (const text of texts) seen.set(text, now);
  return news;
}

/** What was in view but not chosen is new when the camera looks again. */
export function unsee(texts) {
  for (const text of texts) seen.delete(text);
}
