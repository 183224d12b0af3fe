// The room of a stakeholder, live. Without this file the same page works by POST and reload.

import { announce, copyOf, fill, label, showLine, showList, showWhen, timeOf } from "./page.js";
import { Socket } from "./socket.js";
import { hasGap, initial, resumed, take } from "./state.js";
import { newClientId, Unsent } from "./unsent.js";

const page = document.querySelector("[data-live=room]");
const part = (name) => page.querySelector(`[data-room="${name}"]`);
const form = part("ask");
const text = form?.elements.namedItem("text");
const unsent = new Unsent(page.dataset.registration ?? "");
const sending = new Set();
let state = initial();
let paused = false;
let unseen = 0;

const socket = new Socket({
  address: page.dataset.socket,
  ticketAddress: page.dataset.ticketAddress,
  position: () => (state.epoch ? { epoch: state.epoch, after: state.number } : {}),
  line: (line) => showLine(part("line"), line),
  entered(fresh) {
    state = resumed(state, fresh);
    render();
    unsent.all().forEach(send);
  },
  told(message) {
    if (hasGap(state, message)) return socket.restart();
    const shown = state.questions.size;
    state = message.type === "resumed" ? resumed(state, message) : take(state, message);
    if (message.type === "events") unseen += Math.max(0, state.questions.size - shown);
    render();
  },
});

async function send(question) {
  if (sending.has(question.client_id) || !socket.isLive) return;
  sending.add(question.client_id);
  render();
  try {
    const { question: saved } = await socket.send({ do: "ask", ...question });
    unsent.remove(question.client_id);
    state = take(state, { type: "own-question", question: saved });
    say("saved", label("saved", { number: saved.number }));
  } catch (error) {
    if (error.code !== "offline" && error.code !== "failed") notSaved(question, error.message);
    else say("waiting", label("line.offline"));
  } finally {
    sending.delete(question.client_id);
    render();
  }
}

function notSaved(question, message) {
  unsent.remove(question.client_id);
  if (text && !text.value) text.value = question.text;
  say("refused", message);
  count();
}

function say(kind, message) {
  const line = part("said");
  line.dataset.kind = kind;
  line.textContent = message;
  line.hidden = !message;
}

function render() {
  renderFloor();
  renderOwn();
  if (!paused) renderQuestions();
  renderPause();
}

function renderFloor() {
  if (state.floor === null) return;
  showWhen(page, state.engagement);
  fill(page, "floor", label(`floor.${state.floor}`));
  page.dataset.floor = state.floor;
  if (form) form.hidden = state.floor !== "open" && !text.value;
  const closed = part("closed");
  if (closed) closed.hidden = state.floor === "open";
}

function renderQuestions() {
  const questions = [...state.questions.values()].sort(
    (a, b) => isAnswering(b) - isAnswering(a) || b.number - a.number,
  );
  showList(part("questions"), questions, (q) => q.number, () => copyOf("question"), showQuestion);
  part("none").hidden = questions.length > 0;
  fill(page, "count", String(questions.length));
  unseen = 0;
}

function isAnswering(question) {
  return question.outcome === "answering";
}

function showQuestion(node, question) {
  node.classList.toggle("is-answering", isAnswering(question));
  fill(node, "number", label("number", { number: question.number }));
  fill(node, "text", question.text);
  fill(node, "outcome", question.outcome === "none" ? "" : label(`outcome.${question.outcome}`));
  node.querySelector('[data-part="outcome"]').dataset.outcome = question.outcome;
  fill(node, "time", timeOf(question.shown_at));
}

function renderOwn() {
  const list = part("own");
  if (!list) return;
  const asked = [...state.own.values()].sort((a, b) => b.number - a.number);
  const saved = new Set(asked.map((question) => question.client_id));
  const waiting = unsent
    .all()
    .filter((question) => !saved.has(question.client_id))
    .map((question) => ({
      ...question,
      state: sending.has(question.client_id) ? "sending" : "unsent",
    }));
  const all = [...waiting.reverse(), ...asked];
  showList(list, all, (q) => q.client_id ?? q.number, () => copyOf("own-question"), showOwn);
  part("own-section").hidden = all.length === 0;
}

function showOwn(node, question) {
  fill(node, "number", question.number ? label("number", { number: question.number }) : "");
  fill(node, "text", question.text);
  const isAnswered = question.state === "shown" && question.outcome !== "none";
  const key = isAnswered ? `outcome.${question.outcome}` : `own.${question.state}`;
  fill(node, "state", label(key));
  node.querySelector('[data-part="state"]').dataset.state = question.state;
  fill(node, "reason", question.dismissal ? label(`dismissal.${question.dismissal}`) : "");
  const withdraw = node.querySelector('[data-part="withdraw"]');
  withdraw.hidden = question.state !== "waiting";
  withdraw.elements.namedItem("number").value = question.number ?? "";
}

function renderPause() {
  const button = part("pause");
  button.setAttribute("aria-pressed", String(paused));
  button.textContent = paused ? label("pause.on", { unseen }) : label("pause.off");
}

function count() {
  fill(form, "left", label("left", { left: text.maxLength - text.value.length }));
}

function ask(event) {
  event.preventDefault();
  const question = { client_id: newClientId(), text: text.value.trim() };
  if (!question.text) {
    say("refused", label("empty"));
    text.focus();
    return;
  }
  unsent.add(question);
  text.value = "";
  count();
  text.focus();
  say("waiting", label(socket.isLive ? "sending" : "line.offline"));
  render();
  send(question);
}

async function withdraw(event) {
  const own = event.target.closest('[data-part="withdraw"]');
  if (!own || !socket.isLive) return;
  event.preventDefault();
  const number = Number(own.elements.namedItem("number").value);
  try {
    const { question } = await socket.send({ do: "withdraw", number });
    state = take(state, { type: "own-question", question });
    say("saved", label("withdrawn", { number }));
  } catch (error) {
    say("refused", error.message || label("failed"));
  }
  render();
}

function togglePause() {
  paused = !paused;
  render();
  announce(label(paused ? "pause.announced" : "pause.ended"));
}

form?.addEventListener("submit", ask);
text?.addEventListener("input", count);
page.addEventListener("submit", withdraw);
part("pause").addEventListener("click", togglePause);
part("pause").hidden = false;
part("line").hidden = false;
if (form) count();
socket.connect();
