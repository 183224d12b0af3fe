// One of a person's own questions as a card: how it stands, and what can be done with it.

import { exactTimeOf, fill, label } from "./page.js";

/** What the asker may throw away. */
const DISCARDABLE = new Set(["refused", "unsent", "later"]);
const CASE_SPECIFIC = "case_specific";

/**
 * @param {{isShut: boolean, isOver: boolean, shown: Map<number, object>}} room whether nothing can
 *   be asked any more, or the engagement is over, and the questions that everybody sees
 */
export function showOwn(node, question, room) {
  if (question.isLeft) return;
  if (question.number) node.id = `own-${question.number}`;
  fill(node, "number", question.number ? label("number", { number: question.number }) : "");
  fill(node, "text", question.text);
  fill(node, "state", howItStands(question, room.isOver));
  node.querySelector('[data-part="state"]').dataset.state = question.state;
  fill(node, "reason", question.refused ?? "");
  fill(node, "name", question.asker_name ? label("own.name", { name: question.asker_name }) : "");
  reveal(node, "redacted", question.is_redacted);
  fill(node, "original", question.original_text ?? "");
  reveal(node, "edited", question.original_text);
  reveal(node, "case-form", question.dismissal === CASE_SPECIFIC);
  showJoined(node, question, room.shown);
  showAnswer(node, question.answer);
  showWish(node, question);
  showActions(node, question, room.isShut);
}

/** What became of it, in a sentence. */
export function howItStands(question, isOver) {
  if (question.state === "waiting" && isOver) return label("own.waiting.over");
  if (question.state === "shown" && question.outcome !== "none") {
    return label(`outcome.${question.outcome}`);
  }
  if (question.state === "dismissed" && question.reason) {
    return label("own.dismissed.why", { reason: question.reason });
  }
  if (question.state === "merged" && question.merged_into) {
    return label("own.merged.into", { number: question.merged_into });
  }
  const time = question.notBefore ? exactTimeOf(question.notBefore) : "";
  return label(`own.${question.state}`, { time });
}

/** The office's answer in writing, in a card. */
export function showAnswer(node, answer) {
  reveal(node, "answer", answer);
  fill(node, "answer-by", answer ? label("answer.by", { name: answer.by }) : "");
  fill(node, "answer-text", answer?.text ?? "");
}

function showJoined(node, question, shown) {
  const isLinked = question.state === "merged" && shown.has(question.merged_into);
  const part = node.querySelector('[data-part="joined"]');
  part.hidden = !isLinked;
  if (!isLinked) return;
  let link = part.querySelector("a");
  if (!link) part.append((link = document.createElement("a")));
  link.href = `#question-${question.merged_into}`;
  link.textContent = label("own.go", { number: question.merged_into });
}

/** Whether the agency's answer is mailed; no such part where there is no address. */
function showWish(node, question) {
  const form = node.querySelector('[data-part="wish"]');
  if (!form) return;
  form.hidden = !question.number || question.state === "withdrawn";
  form.elements.namedItem("number").value = question.number ?? "";
  form.elements.namedItem("wanted").value = question.wants_answer ? "" : "true";
  reveal(form, "wish-said", question.wants_answer);
  fill(form, "wish-label", label(question.wants_answer ? "wish.end" : "wish.take"));
  form.querySelector("button .usa-sr-only").textContent = ` (${label("number", question)})`;
}

function showActions(node, question, isShut) {
  const actions = node.querySelector('[data-part="actions"]');
  if (actions) {
    actions.hidden = question.state !== "waiting";
    actions.querySelector('[data-part="withdraw"]').elements.namedItem("number").value =
      question.number ?? "";
    showChange(actions.querySelector('[data-part="changing"]'), question, isShut);
  }
  const again = node.querySelector('[data-part="again"]');
  if (!again) return;
  again.hidden = !DISCARDABLE.has(question.state);
  again.querySelector("[data-do=edit]").hidden = isShut || question.state !== "refused";
}

/** What somebody types there is left alone. */
function showChange(details, question, isShut) {
  details.hidden = Boolean(question.original_text) || Boolean(question.is_redacted) || isShut;
  if (details.open) return;
  const fields = details.querySelector("form").elements;
  fields.namedItem("number").value = question.number ?? "";
  fields.namedItem("text").value = question.text;
  fields.namedItem("with_name").checked = Boolean(question.asker_name);
}

function reveal(node, name, isThere) {
  const part = node.querySelector(`[data-part="${name}"]`);
  if (part) part.hidden = !isThere;
}
