// The moderators' desk, live. Every decision is also a plain form, which works without this file.

import { Decisions } from "./decisions.js";
import { keepFocus, nameCard } from "./focus.js";
import { announcementNews, deskNews, floorNews } from "./news.js";
import { arranged, isAnswering } from "./order.js";
import {
  announce,
  copyOf,
  counted,
  fill,
  label,
  offerOrder,
  offerVotesOrder,
  showAnnouncements,
  showLine,
  showList,
  showWhen,
  timeOf,
} from "./page.js";
import { Settling } from "./settling.js";
import { Socket } from "./socket.js";
import { entered, hasGap, initial, position, seesCounts, take, votesOf } from "./state.js";

/** Lists by votes are put in order this long after counts changed, not under a moderator's hand. */
const REORDER = 3_000;

const page = document.querySelector("[data-live=desk]");
const part = (name) => page.querySelector(`[data-desk="${name}"]`);
const mayModerate = page.dataset.mayModerate === "true";
const chosen = offerOrder(part("tools"), () => state.epoch !== null, render);
const settling = new Settling(page);
let state = initial("desk");
let reorder = null;
/** What comes often changes little. */
const RENDERERS = { counts: renderCounts, presence: renderPeople };

const socket = new Socket({
  address: page.dataset.socket,
  ticketAddress: page.dataset.ticketAddress,
  position: () => position(state),
  line(line) {
    showLine(part("line"), line);
    part("sign-in").hidden = line !== "signed-out";
    if (socket.hasEnded) decisions?.end();
  },
  entered(reply) {
    const known = state;
    state = entered(state, reply);
    tell([...announcementNews(known, state), ...floorNews(known, state)]);
    render();
  },
  told(message) {
    if (hasGap(state, message)) return socket.restart();
    const known = state;
    state = take(state, message);
    if (state === known) return;
    const questions = message.type === "events" ? deskNews(known, state, stateOf) : [];
    tell([...announcementNews(known, state), ...floorNews(known, state), ...questions]);
    (RENDERERS[message.type] ?? render)();
  },
});
const decisions = mayModerate ? new Decisions({ page, socket }) : null;

const COLUMNS = {
  waiting: (q) => q.state === "waiting",
  shown: (q) => q.state === "shown",
  rest: (q) => !["waiting", "shown"].includes(q.state),
};

function tell(news) {
  if (news.length) announce(news.join(" "));
}

function render() {
  if (state.epoch === null) return;
  settling.during(() => keepFocus(renderAll));
}

function renderAll() {
  const { sort } = chosen();
  const order = sort === "votes" && !seesCounts(state) ? "number" : sort;
  const questions = arranged(state.questions.values(), order, (q) => votesOf(state, q.number));
  for (const [column, belongs] of Object.entries(COLUMNS)) {
    const mine = questions.filter(belongs);
    showList(part(column), mine, (q) => q.number, () => copyOf("desk-question"), showQuestion);
    part(`${column}-count`).textContent = String(mine.length);
    part(`${column}-none`).hidden = mine.length > 0;
  }
  renderFloor();
}

function renderPeople() {
  fill(page, "people", state.people ? counted("people", state.people) : "");
}

/** The figures at once; their order a little later. */
function renderCounts() {
  for (const card of page.querySelectorAll("[data-key]")) showVotes(card);
  if (chosen().sort !== "votes" || reorder) return;
  reorder = setTimeout(() => {
    reorder = null;
    render();
  }, REORDER);
}

function renderFloor() {
  fill(page, "floor", label(`floor.${state.floor}`));
  page.dataset.floor = state.floor;
  renderPeople();
  showWhen(page, state.engagement);
  showAnnouncements(part("announcements-section"), part("announcements"), state.announcements);
  offerVotesOrder(part("tools"), seesCounts(state));
  for (const button of page.querySelectorAll("[data-desk=floor] button")) {
    press(button, state.floor);
    button.hidden = button.value !== "closed" && state.engagement !== "live";
  }
  for (const button of page.querySelectorAll("[data-desk=voting] button")) {
    press(button, state.voting);
  }
}

function press(button, value) {
  button.setAttribute("aria-pressed", String(button.value === value));
}

function showQuestion(node, question) {
  node.classList.toggle("is-answering", isAnswering(question));
  const number = label("number", { number: question.number });
  fill(node, "number", number);
  for (const part of node.querySelectorAll('[data-part="of"]')) part.textContent = number;
  nameCard(node, "desk");
  fill(node, "text", question.text);
  fill(node, "category", question.category);
  fill(node, "time", timeOf(question.asked_at));
  fill(node, "state", stateOf(question));
  node.querySelector('[data-part="state"]').dataset.state = question.state;
  fill(node, "decided", decided(question));
  showVotes(node);
  if (node.dataset.revision !== String(question.revision)) fill(node, "said", "");
  node.dataset.revision = question.revision;
  for (const form of node.querySelectorAll("form")) showForm(form, question);
  const dismiss = node.querySelector("details");
  if (!dismiss) return;
  dismiss.hidden = !["waiting", "shown", "held"].includes(question.state);
  if (dismiss.hidden) dismiss.open = false;
}

function showVotes(node) {
  const votes = votesOf(state, Number(node.dataset.key));
  fill(node, "votes", votes ? counted("votes", votes) : "");
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
  const reason = question.reason ? `: ${question.reason}` : "";
  return label(`state.${question.state}`) + reason;
}

function decided(question) {
  if (!question.decided_by) return "";
  return label("decided", { name: question.decided_by, time: timeOf(question.decided_at) });
}

socket.connect();
