// What screen and speaker's view say beside a question's words.

import { counted, fill, label } from "./page.js";
import { seesCounts, votesOf } from "./state.js";

const figures = new Intl.NumberFormat(document.documentElement.lang || "en");

/** Label (where it is not the topic that is up), askers and name; `node` shows the question. */
export function showFacts(node, state, question) {
  fill(node, "label", question.label === state.topic ? "" : (question.label ?? ""));
  fill(node, "asker", question.asker_name ?? "");
  fill(node, "asked-by", askedBy(question));
}

export function showVotes(node, state, question) {
  fill(node, "votes", seesCounts(state) ? counted("votes", votesOf(state, question.number)) : "");
}

export function showTopic(page, state) {
  fill(page, "topic", state.topic ? label("topic", { topic: state.topic }) : "");
}

function askedBy({ people = 1, categories = 1 }) {
  if (people < 2) return "";
  const values = { number: figures.format(people), categories: figures.format(categories) };
  return label(categories > 1 ? "asked-by.categories" : "asked-by", values);
}
