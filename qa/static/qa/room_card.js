// A shown question as a card of the room.

import { isAnswering } from "./order.js";
import { showAnswer } from "./own_card.js";
import { fill, label, timeOf } from "./page.js";

/** All of it but the votes. */
export function showQuestion(node, question, { isMine }) {
  node.id = `question-${question.number}`;
  node.classList.toggle("is-answering", isAnswering(question));
  fill(node, "number", label("number", { number: question.number }));
  node.querySelector('[data-part="mine"]').hidden = !isMine;
  fill(node, "label-name", question.label ?? "");
  node.querySelector('[data-part="label"]').hidden = !question.label;
  fill(node, "text", question.text);
  fill(node, "outcome", question.outcome === "none" ? "" : label(`outcome.${question.outcome}`));
  node.querySelector('[data-part="outcome"]').dataset.outcome = question.outcome;
  fill(node, "time", timeOf(question.shown_at));
  fill(node, "asker", question.asker_name ? label("asker", { name: question.asker_name }) : "");
  fill(node, "people", askersOf(question));
  fill(node, "speaker", question.speaker ? label("speaker", { name: question.speaker }) : "");
  node.querySelector('[data-part="edited"]').hidden = !question.is_edited;
  showAnswer(node, question.answer);
}

function askersOf({ people, categories }) {
  if (!(people > 1)) return "";
  return label(categories > 1 ? "askers.mixed" : "askers", { people, categories });
}
