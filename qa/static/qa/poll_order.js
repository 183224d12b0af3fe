// Which polls stand where. Pure; the server's pages know the same order (qa/queries/poll_pages.py).

/** So long the screen shows the results of a poll that has closed, in milliseconds. */
export const RESULTS_STAY = 5 * 60_000;

const DESK_ORDER = ["open", "draft", "closed"];

/** Open ones, the last opened first; then those that are closed. */
export function openFirst(polls) {
  const rank = (poll) => `${poll.state === "open" ? 1 : 0} ${poll.opened_at ?? ""}`;
  return [...polls].sort((one, other) => (rank(one) < rank(other) ? 1 : -1));
}

/** What is open and, if nothing is, the one that closed last; apart from them the earlier ones. */
export function standing(polls) {
  const order = openFirst(polls);
  const first = order.filter((poll, place) => poll.state === "open" || place === 0);
  return [first, order.slice(first.length)];
}

/** At the desk: open, then drafts, then closed, each by their numbers. */
export function atDesk(polls) {
  const rank = (poll) => DESK_ORDER.indexOf(poll.state);
  return [...polls].sort((one, other) => rank(one) - rank(other) || one.number - other.number);
}

/** What the screen shows: the poll opened last, else the one that has just closed; or nothing. */
export function onScreen(polls, now) {
  const all = [...polls];
  const open = latest(all.filter((poll) => poll.state === "open"), "opened_at");
  const isFresh = (poll) => poll.closed_at && Date.parse(poll.closed_at) > now - RESULTS_STAY;
  return open ?? latest(all.filter(isFresh), "closed_at");
}

/** The answers to choose from: a scale has five steps, with words at its ends. */
export function choicesOf(poll) {
  if (poll.kind !== "scale") return poll.options.map((text, place) => ({ place: place + 1, text }));
  const words = { 1: poll.low_label, 5: poll.high_label };
  return [1, 2, 3, 4, 5].map((place) => ({
    place,
    text: words[place] ? `${place}: ${words[place]}` : String(place),
  }));
}

function latest(polls, by) {
  return polls.reduce((last, poll) => (!last || poll[by] > last[by] ? poll : last), null);
}
