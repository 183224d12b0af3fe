// Which of the shown questions a reader wants to see. Pure; `RoomListForm` chooses alike.

import { isAnswered } from "./order.js";

/**
 * @param {Iterable<object>} questions
 * @param {{unanswered?: boolean, mine?: boolean, label?: string, q?: string}} wanted
 * @param {Set<number>} own numbers of the reader's questions, and of those they were joined with
 */
export function chosenOf(questions, wanted, own) {
  const words = (wanted.q ?? "").toLowerCase().split(/\s+/).filter(Boolean);
  return [...questions].filter(
    (question) =>
      !(wanted.unanswered && isAnswered(question)) &&
      !(wanted.mine && !own.has(question.number)) &&
      !(wanted.label && question.label !== wanted.label) &&
      words.every((word) => searchedOf(question).includes(word)),
  );
}

/** The numbers under which a person's questions may be read in the list. */
export function numbersOf(own) {
  const numbers = new Set();
  for (const { number, merged_into: joined } of own.values()) {
    numbers.add(number);
    if (joined) numbers.add(joined);
  }
  return numbers;
}

function searchedOf({ number, text, label, answer }) {
  return [number, text, label ?? "", answer?.text ?? ""].join("\n").toLowerCase();
}
