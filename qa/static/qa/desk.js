// The moderators' desk, live. Every decision is also a plain form, which works without this file.

import { announce, copyOf, fill, label, showLine, showList, showWhen, timeOf } from "./page.js";
import { Socket } from "./socket.js";
import { hasGap, initial, resumed, take } from "./state.js";

const page = document.querySelector("[data-live=desk]");
const part = (name) => page.querySelector(`[data-desk="${name}"]`);
const mayModerate = page.dataset.mayModerate === "true";
let state = initial();

const socket = new Socket({
  address: page.dataset.socket,
  ticketAddress: page.dataset.ticketAddress,
  position: () => (state.epoch ? { epoch: state.epoch, after: state.number } : {}),
  line: (line) => showLine(part("line"), line),
  entered(fresh) {
    state = resumed(state, fresh);
    render();
  },
  told(message) {
    if (hasGap(state, message)) return socket.restart();
    const known = new Set(state.questions.keys());
    state = message.type === "resumed" ? resumed(state, message) : take(state, message);
    const fresh = [...state.questions.keys()].filter((number) => !known.has(number));
    if (fresh.length) announce(label("fresh", { number: fresh.at(-1) }));
    render();
  },
});

const COLUMNS = {
  waiting: (q) => q.state === "waiting",
  shown: (q) => q.state === "shown",
  rest: (q) => !["waiting", "shown"].includes(q.state),
};

function render() {
  const questions = [...state.questions.values()].sort((a, b) => a.number - b.number);
  for (const [column, belongs] of Object.entries(COLUMNS)) {
    const mine = questions.filter(belongs);
    if (column === "shown") mine.sort((a, b) => isAnswering(b) - isAnswering(a));
    showList(part(column), mine, (q) => q.number, () => copyOf("desk-question"), showQuestion);
    part(`${column}-count`).textContent = String(mine.length);
    part(`${column}-none`).hidden = mine.length > 0;
  }
  renderFloor();
}

function renderFloor() {
  fill(page, "floor", label(`floor.${state.floor}`));
  page.dataset.floor = state.floor;
  showWhen(page, state.engagement);
  for (const button of page.querySelectorAll("[data-desk=floor] button[value]")) {
    const isPossible = button.value === "closed" || state.engagement === "live";
    button.hidden = button.value === state.floor || !isPossible;
  }
}

function isAnswering(question) {
  return question.outcome === "answering";
}

function showQuestion(node, question) {
  node.classList.toggle("is-answering", isAnswering(question));
  fill(node, "number", label("number", { number: question.number }));
  fill(node, "text", question.text);
  fill(node, "category", question.category);
  fill(node, "time", timeOf(question.asked_at));
  fill(node, "state", stateOf(question));
  node.querySelector('[data-part="state"]').dataset.state = question.state;
  fill(node, "decided", decided(question));
  if (node.dataset.revision !== String(question.revision)) fill(node, "said", "");
  node.dataset.revision = question.revision;
  for (const form of node.querySelectorAll("form")) showForm(form, question);
  const dismiss = node.querySelector("details");
  if (dismiss) dismiss.hidden = !["waiting", "shown", "held"].includes(question.state);
}

function showForm(form, question) {
  form.elements.namedItem("number").value = question.number;
  form.elements.namedItem("seen").value = question.revision;
  form.hidden = !form.dataset.from.split(" ").includes(situation(question));
}

/** Where a question stands, as the forms' data-from names it. */
function situation(question) {
  return question.state === "shown" ? `shown-${question.outcome}` : question.state;
}

function stateOf(question) {
  if (question.state === "shown" && question.outcome !== "none") {
    return label(`outcome.${question.outcome}`);
  }
  const reason = question.dismissal ? `: ${label(`dismissal.${question.dismissal}`)}` : "";
  return label(`state.${question.state}`) + reason;
}

function decided(question) {
  if (!question.decided_by) return "";
  return label("decided", { name: question.decided_by, time: timeOf(question.decided_at) });
}

async function decide(event) {
  const form = event.target;
  if (!form.dataset.do || !socket.isLive) return;
  event.preventDefault();
  const command = { do: form.dataset.do };
  for (const [name, value] of new FormData(form, event.submitter)) {
    if (name !== "csrfmiddlewaretoken") command[name] = value;
  }
  const card = form.closest("[data-key]");
  if (!card) say("");
  try {
    await socket.send(command);
    moveFocus(card);
  } catch (error) {
    const message = error.message || label("failed");
    if (card) fill(card, "said", message);
    else say(message);
    announce(message);
  }
}

function say(message) {
  part("said").textContent = message;
  part("said").hidden = !message;
}

/** The card leaves its list; the next one takes the focus, so that keys go on working. */
function moveFocus(card) {
  if (!card) return;
  const next = card.nextElementSibling ?? card.previousElementSibling;
  card.querySelector("details")?.removeAttribute("open");
  next?.querySelector("form:not([hidden]) button")?.focus({ preventScroll: true });
}

if (mayModerate) page.addEventListener("submit", decide);
part("line").hidden = false;
socket.connect();
