// The room of a stakeholder, live. Without this file the same page works by POST and reload.

import { chosenOf, numbersOf } from "./choice.js";
import { mannersNews } from "./manners.js";
import { announcementNews, floorNews } from "./news.js";
import { Notice } from "./notice.js";
import { arranged, isAnswering } from "./order.js";
import { Own } from "./own.js";
import { howItStands } from "./own_card.js";
import { ownNews } from "./own_news.js";
import {
  announce,
  copyOf,
  counted,
  fill,
  label,
  offerVotesOrder,
  reasonOf,
  showAnnouncements,
  showLine,
  showList,
  showWhen,
  timeOf,
  whyNotLive,
} from "./page.js";
import { pollNews, RoomPolls } from "./polls.js";
import { showQuestion } from "./room_card.js";
import { offerAll, offerChoice, offerTopics } from "./room_tools.js";
import { Socket } from "./socket.js";
import { entered, hasGap, initial, isOver, position, seesCounts, take, takesVotes, votesOf } from "./state.js";
import { offerVideo } from "./video.js";

/** A list by votes is put in order this long after counts changed, not under the reader's finger. */
const REORDER = 3_000;

const page = document.querySelector("[data-live=room]");
const part = (name) => page.querySelector(`[data-room="${name}"]`);
const chosen = offerChoice(part("tools"), () => state.epoch !== null, render);
const notice = new Notice(part("own-news"), page);
/** What the reader has just pressed and the server has not yet answered: number -> wanted. */
const voting = new Map();
/** What comes often changes little. */
const RENDERERS = {
  counts: renderCounts,
  presence: renderPeople,
  "poll-results": () => polls.render(),
  "own-poll-answer": () => polls.render(),
};
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
    const before = state;
    if (known) state = take(state, known);
    state = entered(state, reply);
    for (const card of part("questions").children) fill(card, "said", "");
    render();
    tell(newsSince(before));
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
const polls = new RoomPolls({ page, socket, state: () => state, told });
const own = part("ask") && new Own({ page, socket, state: () => state, told, render, vote: cast });

function told(message) {
  const [known, before] = [state, answering()];
  state = take(state, message);
  if (state === known) return;
  (RENDERERS[message.type] ?? render)();
  const now = answering();
  const isOther = now && now.number !== before?.number && !state.own.has(now.number);
  tell([...newsSince(known), ...(isOther ? [label("now", { number: now.number })] : [])]);
}

/** In sentences. What became of one's own question is said at the edge of the page too. */
function newsSince(known) {
  const ofOwn = ownNews(known, state).map(({ number, what }) => {
    const said = what === "state" ? howItStands(state.own.get(number), isOver(state)) : label(`own.${what}`);
    return { number, words: label("own.news", { number, what: said }) };
  });
  notice.show(ofOwn);
  return [
    ...announcementNews(known, state),
    ...pollNews(known, state),
    ...floorNews(known, state),
    ...mannersNews(known, state),
    ...ofOwn.map(({ words }) => words),
  ];
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
  polls.render();
  if (isPaused) showKept();
  else renderQuestions();
  renderPause();
}

function renderFloor() {
  showWhen(page, state.engagement);
  showAnnouncements(part("announcements-section"), part("announcements"), state.announcements);
  fill(page, "floor", label(`floor.${state.floor}`));
  for (const node of page.querySelectorAll("[data-early]")) node.hidden = state.floor !== "open";
  part("topic").hidden = !state.topic || isOver(state);
  fill(part("topic"), "topic", state.topic);
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
  const wanted = chosen();
  const order = wanted.sort === "votes" && !seesCounts(state) ? "newest" : wanted.sort;
  const mine = numbersOf(state.own);
  offerTopics(part("tools"), state.questions.values());
  const shown = chosenOf(state.questions.values(), wanted, mine);
  const questions = arranged(shown, order, (q) => votesOf(state, q.number));
  showList(part("questions"), questions, (q) => q.number, () => copyOf("question"), (node, q) => {
    showQuestion(node, q, { isMine: mine.has(q.number) });
    showVotes(node, q.number);
  });
  part("none").hidden = state.questions.size > 0;
  part("none-chosen").hidden = questions.length > 0 || state.questions.size === 0;
  fill(page, "shown-count", String(questions.length));
}

/** While the list stands still, votes go on in what it holds. */
function showKept() {
  for (const node of part("questions").children) showVotes(node, Number(node.dataset.key));
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
  fill(card, "said", "");
  const { problem, voted } = await cast(number, form.elements.namedItem("cast").value === "true");
  if (problem) fill(card, "said", problem);
  else announce(label(voted ? "voted" : "unvoted", { number }));
}

/** Vote for a question, or take it back: whether it is `voted` for now, or a `problem` in words. */
async function cast(number, isWanted) {
  voting.set(number, isWanted);
  showKept();
  try {
    const { voted } = await socket.send({ do: isWanted ? "vote" : "unvote", number });
    state = take(state, { type: "own-vote", number, voted });
    return { voted };
  } catch (error) {
    const isOffline = error.code === "offline";
    return { problem: isOffline ? whyNotLive(socket, "offline.later") : reasonOf(error) };
  } finally {
    voting.delete(number);
    showKept();
  }
}

function renderPause() {
  const listed = new Set([...part("questions").children].map((node) => Number(node.dataset.key)));
  const unseen = [...state.questions.keys()].filter((number) => !listed.has(number)).length;
  const button = part("pause");
  // Nothing moves any more; who has paused the list before can still let it go on.
  button.hidden = isOver(state) && !isPaused;
  const resume = unseen ? label("pause.on.unseen", { unseen }) : label("pause.on");
  button.textContent = isPaused ? resume : label("pause.off");
}

function togglePause() {
  isPaused = !isPaused;
  render();
  announce(label(isPaused ? "pause.announced" : "pause.ended"));
}

page.addEventListener("submit", vote);
offerAll(page.querySelector("[data-do=show-all]"), part("tools"));
offerVideo(part("video"));
part("pause").addEventListener("click", togglePause);
render();
socket.connect();
