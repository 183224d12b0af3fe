// One question as a card of the desk.

import { nameCard } from "./focus.js";
import { isAnswering } from "./order.js";
import { counted, fill, label, timeOf } from "./page.js";

/** Where a question stands, in words. */
export function stateOf(question) {
  if (question.state === "shown" && question.outcome !== "none") {
    return label(`outcome.${question.outcome}`);
  }
  const reason = question.reason ? `: ${question.reason}` : "";
  return label(`state.${question.state}`) + reason;
}

/** Where a question stands, as the buttons' data-from names it. */
function situation(question) {
  return question.state === "shown" ? `shown-${question.outcome}` : question.state;
}

/** @param {HTMLElement} node @param {object} question @param {string} address of the question */
export function showCard(node, question, address) {
  if (node.shown === question) return;
  node.shown = question;
  node.classList.toggle("is-answering", isAnswering(question));
  const number = label("number", { number: question.number });
  fill(node, "number", number);
  node.querySelector('[data-part="number"]').href = address;
  for (const part of node.querySelectorAll('[data-part="of"]')) part.textContent = number;
  nameCard(node, "desk");
  fill(node, "text", question.text);
  fill(node, "time", timeOf(question.asked_at));
  fill(node, "state", stateOf(question));
  Object.assign(node.querySelector('[data-part="state"]').dataset, { state: question.state, outcome: question.outcome });
  showMarks(node, question);
  showActions(node, question);
}

export function showVotes(node, votes) {
  fill(node, "votes", votes ? counted("votes", votes) : "");
}

/** @param {string[]} names of those who have this question before them */
export function showLooking(node, names) {
  node.classList.toggle("is-looked-at", names.length > 0);
  fill(node, "looking", names.length ? looking(names) : "");
}

function looking(names) {
  const key = names.length === 1 ? "looking.one" : "looking.other";
  return label(key, { names: names.join(", ") });
}

function showMarks(node, question) {
  const { source, language, people, merged_into: into, answer } = question;
  const marks = {
    findings: question.findings.map((kind) => label(`kind.${kind}`) || kind).join(", "),
    flagged: question.flagged_words.join(", "),
    label: question.label,
    speaker: question.speaker && label("for", { name: question.speaker }),
    people: people > 1 ? label("asked-by", { people, categories: question.categories }) : "",
    merged: into ? label("merged-into", { number: into }) : "",
    answer: answer ? label(answer.is_published ? "answer.published" : "answer.draft") : "",
    note: question.note,
    asker: question.asker_name,
    category: question.category,
    source: source === "live" ? "" : label(`source.${source}`),
    language: language === "en" ? "" : language,
    decided: decided(question),
  };
  for (const [name, words] of Object.entries(marks)) fill(node, name, words ?? "");
  node.querySelector('[data-part="redacted"]').hidden = !question.is_redacted;
  node.querySelector('[data-part="edited"]').hidden = !question.original_text;
}

function decided(question) {
  if (!question.decided_by) return "";
  return label("decided", { name: question.decided_by, time: timeOf(question.decided_at) });
}

function showActions(node, question) {
  if (node.dataset.revision !== String(question.revision)) fill(node, "said", "");
  node.dataset.revision = question.revision;
  const form = node.querySelector("form");
  form.elements.namedItem("number").value = question.number;
  form.elements.namedItem("seen").value = question.revision;
  const now = situation(question);
  for (const offered of node.querySelectorAll("[data-from]")) {
    offered.hidden = !offered.dataset.from.split(" ").includes(now);
    if (offered.hidden && offered.open) offered.open = false;
  }
}
