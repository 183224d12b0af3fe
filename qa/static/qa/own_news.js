// What became of one's own questions since they were last looked at. Pure.

const DONE_BY_ONESELF = "withdrawn";

/**
 * Of two states of the room: for each own question of which there is news, its number and which.
 * @returns {{number: number, what: "state" | "answer" | "edited" | "redacted"}[]}
 */
export function ownNews(known, state) {
  if (known.epoch === null) return [];
  const news = [];
  for (const [number, question] of state.own) {
    const before = known.own.get(number);
    const what = before && whatIsNew(before, question);
    if (what) news.push({ number, what });
  }
  return news;
}

/** The most important first: what a person did alone is no news to that person. */
function whatIsNew(before, now) {
  if (!before.answer && now.answer) return "answer";
  const isOther = before.state !== now.state || before.outcome !== now.outcome;
  const isSaid = now.state !== "shown" || now.outcome !== "none" || before.state !== "shown";
  if (isOther && isSaid && now.state !== DONE_BY_ONESELF) return "state";
  if (now.is_redacted && !before.is_redacted) return "redacted";
  if (now.original_text && !before.original_text) return "edited";
  return null;
}
