// The room of a stakeholder, live. Without this file the same page works by POST and reload.

import { announcementNews, floorNews } from "./news.js";
import { arranged, isAnswered, isAnswering } from "./order.js";
import { Own } from "./own.js";
import {
  announce,
  copyOf,
  counted,
  fill,
  label,
  offerOrder,
  offerVotesOrder,
  reasonOf,
  showAnnouncements,
  showLine,
  showList,
  showWhen,
  timeOf,
  whyNotLive,
} from "./page.js";
import { Socket } from "./socket.js";
import { entered, hasGap, initial, position, seesCounts, take, takesVotes, votesOf } from "./state.js";

/** A list by votes is put in order this long after counts changed, not under the reader's finger. */
const REORDER = 3_000;

const page = document.querySelector("[data-live=room]");
const part = (name) => page.querySelector(`[data-room="${name}"]`);
const chosen = offerOrder(part("tools"), () => state.epoch !== null, render);
/** What the reader has just pressed and the server has not yet answered: number -> wanted. */
const voting = new Map();
/** What comes often changes little. */
const RENDERERS = { counts: renderCounts, presence: renderPeople };
let state = initial("room");
let isPaused = false;
let reorder = null;

const socket = new Socket({
  address: page.dataset.socket,
  ticketAddress: page.dataset.ticketAddress,
  position: () => position(state),
  line(line) {
    showLine(part("line"), line);
    own?.render();
  },
  entered(reply, known) {
    if (known) state = take(state, known);
    const before = state;
    state = entered(state, reply);
    tell([...announcementNews(before, state), ...floorNews(before, state)]);
    for (const card of part("questions").children) fill(card, "said", "");
    render();
    own?.entered();
  },
  told(message) {
    if (hasGap(state, message)) return socket.restart();
    const isOtherHistory = message.type === "snapshot" && message.epoch !== state.epoch;
    told(message);
    // What is one's own in another history is told on entering.
    if (isOtherHistory) socket.restart();
  },
});
const own = part("ask") && new Own({ page, socket, state: () => state, told, render });

function told(message) {
  const [known, before] = [state, answering()];
  state = take(state, message);
  if (state === known) return;
  const news = [...announcementNews(known, state), ...floorNews(known, state)];
  const now = answering();
  if (now && now.number !== before?.number) news.push(label("now", { number: now.number }));
  tell(news);
  (RENDERERS[message.type] ?? render)();
}

function tell(news) {
  if (news.length) announce(news.join(" "));
}

function answering() {
  return [...state.questions.values()].find(isAnswering);
}

function render() {
  own?.render();
  if (state.epoch === null) return;
  renderFloor();
  if (isPaused) showKept();
  else renderQuestions();
  renderPause();
}

function renderFloor() {
  showWhen(page, state.engagement);
  showAnnouncements(part("announcements-section"), part("announcements"), state.announcements);
  fill(page, "floor", label(`floor.${state.floor}`));
  page.dataset.floor = state.floor;
  renderPeople();
  offerVotesOrder(part("tools"), seesCounts(state));
  const now = answering();
  part("now").hidden = !now;
  fill(page, "now", now?.text ?? "");
}

function renderPeople() {
  fill(page, "people", state.people ? counted("people", state.people) : "");
}

/** The figures at once; their order a little later. */
function renderCounts() {
  showKept();
  if (chosen().sort !== "votes" || isPaused || reorder) return;
  reorder = setTimeout(() => {
    reorder = null;
    render();
  }, REORDER);
}

function renderQuestions() {
  const { sort, unanswered } = chosen();
  const order = sort === "votes" && !seesCounts(state) ? "newest" : sort;
  const shown = [...state.questions.values()].filter((q) => !unanswered || !isAnswered(q));
  const questions = arranged(shown, order, (q) => votesOf(state, q.number));
  showList(part("questions"), questions, (q) => q.number, () => copyOf("question"), showQuestion);
  part("none").hidden = state.questions.size > 0;
  part("all-answered").hidden = questions.length > 0 || state.questions.size === 0;
  fill(page, "count", String(questions.length));
}

/** While the list stands still, votes go on in what it holds. */
function showKept() {
  for (const node of part("questions").children) showVotes(node, Number(node.dataset.key));
}

function showQuestion(node, question) {
  node.id = `question-${question.number}`;
  node.classList.toggle("is-answering", isAnswering(question));
  fill(node, "number", label("number", { number: question.number }));
  fill(node, "text", question.text);
  fill(node, "outcome", question.outcome === "none" ? "" : label(`outcome.${question.outcome}`));
  node.querySelector('[data-part="outcome"]').dataset.outcome = question.outcome;
  fill(node, "time", timeOf(question.shown_at));
  showVotes(node, question.number);
}

function showVotes(node, number) {
  fill(node, "votes", seesCounts(state) ? counted("votes", votesOf(state, number)) : "");
  const form = node.querySelector('[data-part="vote"]');
  if (!form) return;
  const isVoted = voting.get(number) ?? state.ownVotes.has(number);
  form.hidden = state.voting === "off";
  form.elements.namedItem("number").value = number;
  form.elements.namedItem("cast").value = String(!isVoted);
  const button = form.querySelector("button");
  button.disabled = !takesVotes(state);
  button.dataset.voted = String(isVoted);
  fill(form, "vote-label", label(isVoted ? "vote.back" : "vote.cast"));
  fill(form, "vote-number", label("number", { number }));
}

async function vote(event) {
  const form = event.target.closest('[data-part="vote"]');
  if (!form || socket.isBlocked) return;
  event.preventDefault();
  const card = form.closest("[data-key]");
  const number = Number(card.dataset.key);
  if (voting.has(number)) return;
  const isWanted = form.elements.namedItem("cast").value === "true";
  voting.set(number, isWanted);
  fill(card, "said", "");
  showVotes(card, number);
  try {
    const { voted } = await socket.send({ do: isWanted ? "vote" : "unvote", number });
    state = take(state, { type: "own-vote", number, voted });
    announce(label(voted ? "voted" : "unvoted", { number }));
  } catch (error) {
    const isOffline = error.code === "offline";
    fill(card, "said", isOffline ? whyNotLive(socket, "offline.later") : reasonOf(error));
  } finally {
    voting.delete(number);
    showKept();
  }
}

function renderPause() {
  const listed = new Set([...part("questions").children].map((node) => Number(node.dataset.key)));
  const unseen = [...state.questions.keys()].filter((number) => !listed.has(number)).length;
  const button = part("pause");
  const resume = unseen ? label("pause.on.unseen", { unseen }) : label("pause.on");
  button.textContent = isPaused ? resume : label("pause.off");
}

function togglePause() {
  isPaused = !isPaused;
  render();
  announce(label(isPaused ? "pause.announced" : "pause.ended"));
}

page.addEventListener("submit", vote);
part("pause").addEventListener("click", togglePause);
part("pause").hidden = false;
render();
socket.connect();
