// In which order a list of questions is read. Pure; `ListForm` in qa/forms.py orders alike.

const DONE = new Set(["answered_live", "answered_in_writing"]);

const ORDERS = {
  newest: (a, b) => compare(b.shown_at ?? "", a.shown_at ?? "") || b.number - a.number,
  votes: (a, b, votes) => votes(b) - votes(a) || a.number - b.number,
  number: (a, b) => a.number - b.number,
};

/**
 * What is being answered now stays on top, whatever the order.
 * @param {object[]} questions @param {"newest" | "votes" | "number"} sort
 * @param {(question: object) => number} votes
 */
export function arranged(questions, sort, votes = () => 0) {
  const order = ORDERS[sort] ?? ORDERS.number;
  return [...questions].sort(
    (a, b) => isAnswering(b) - isAnswering(a) || order(a, b, votes),
  );
}

export function isAnswering(question) {
  return question.outcome === "answering";
}

export function isAnswered(question) {
  return DONE.has(question.outcome);
}

function compare(a, b) {
  return a < b ? -1 : Number(a > b);
}
