// The moderators' desk, live. Every decision is also a plain form, which works without this file.

import { Backstage } from "./backstage.js";
import { Decisions } from "./decisions.js";
import { showCard, showLooking, showVotes, stateOf } from "./desk-card.js";
import { Filters } from "./desk-filters.js";
import { Keys } from "./desk-keys.js";
import { Lists } from "./desk-lists.js";
import { Looking, byQuestion } from "./desk-looking.js";
import { Panel } from "./desk-panel.js";
import { Picks } from "./desk-picks.js";
import { keepFocus } from "./focus.js";
import { announcementNews, deskNews, floorNews } from "./news.js";
import {
  announce,
  counted,
  fill,
  label,
  offerVotesOrder,
  showAnnouncements,
  showLine,
  showWhen,
} from "./page.js";
import { pollNews, showAtDesk } from "./polls.js";
import { Settling } from "./settling.js";
import { Socket } from "./socket.js";
import { entered, hasGap, initial, position, seesCounts, take, votesOf } from "./state.js";

/** Lists by votes are put in order this long after counts changed, not under a moderator's hand. */
const REORDER = 3_000;

const page = document.querySelector("[data-live=desk]");
const part = (name) => page.querySelector(`[data-desk="${name}"]`);
page.dataset.scripts = "true";
let state = initial("desk");
let reorder = null;
let looks = new Map();
/** What comes often changes little. */
const RENDERERS = { counts: renderCounts, presence: renderPeople, "poll-results": renderPolls };

const socket = new Socket({
  address: page.dataset.socket,
  ticketAddress: page.dataset.ticketAddress,
  position: () => position(state),
  line(line) {
    showLine(part("line"), line);
    part("sign-in").hidden = line !== "signed-out";
    if (!socket.hasEnded) return;
    decisions?.end();
    backstage.end();
  },
  entered(reply) {
    const known = state;
    state = entered(state, reply);
    tell(newsSince(known));
    render();
    looking?.entered();
  },
  told(message) {
    if (message.type === "looking") return renderLooks(message.who);
    if (message.type === "backstage") return renderBackstage(message);
    if (hasGap(state, message)) return socket.restart();
    const known = state;
    state = take(state, message);
    if (state === known) return;
    const questions = message.type === "events" ? deskNews(known, state, stateOf) : [];
    tell([...newsSince(known), ...questions]);
    (RENDERERS[message.type] ?? render)();
  },
});
const mayModerate = page.dataset.mayModerate === "true";
const questions = () => state.questions;
const filters = new Filters(part("tools"), () => state.epoch !== null, render);
const settling = new Settling(page);
const backstage = new Backstage({ socket });
const looking = mayModerate ? new Looking(socket) : null;
const decisions = mayModerate ? new Decisions({ page, socket, stateOf }) : null;
const panel = new Panel({
  page,
  opened: (number) => looking?.at(number),
  changed(question, words) {
    const number = label("number", { number: question.number });
    decisions?.remember([question], words.includes(number) ? words : `${number}: ${words}`);
  },
  closed(number) {
    looking?.at(0);
    // The card that it was opened from may be another one by now.
    if (document.activeElement === document.body) lists.goTo(number);
  },
});
const lists = new Lists(page, showQuestion);
const picks = mayModerate ? new Picks({ page, socket, decisions, lists, questions }) : null;
new Keys({ page, lists, picks, decisions, panel, questions });

page.addEventListener("click", openByPointer);
page.addEventListener("focusin", ({ target }) => {
  const card = target.closest(".card[data-key]");
  if (panel.number === null && !target.closest("dialog")) looking?.at(Number(card?.dataset.key ?? 0));
});

/** A click on a card opens it, unless it is meant for something in it, or selects words. */
function openByPointer(event) {
  const card = event.target.closest(".card[data-key]");
  if (!card || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const link = event.target.closest('[data-part="number"]');
  if (!link && (event.target.closest("button, label, summary, input, .reasons") || isSelecting())) return;
  event.preventDefault();
  const question = state.questions.get(Number(card.dataset.key));
  if (!question) return;
  card.focus({ preventScroll: true });
  panel.open(question);
}

function isSelecting() {
  return Boolean(getSelection()?.toString());
}

function newsSince(known) {
  return [...announcementNews(known, state), ...floorNews(known, state), ...pollNews(known, state)];
}

function tell(news) {
  if (news.length) announce(news.join(" "));
}

function render() {
  if (state.epoch === null) return;
  settling.during(() => keepFocus(renderAll));
}

function renderAll() {
  const { sort, filters: chosen } = filters.chosen();
  const order = sort === "votes" && !seesCounts(state) ? "number" : sort;
  const all = [...state.questions.values()];
  filters.offer(all);
  const how = { sort: order, filters: chosen, zone: page.dataset.zone };
  lists.show(all, how, (question) => votesOf(state, question.number));
  panel.follow(state.questions.get(panel.number));
  renderFloor();
  renderPolls();
}

function renderPolls() {
  showAtDesk(part("polls"), state);
}

/** What waits to be acknowledged is said where the messages are folded away, too. */
function renderBackstage(message) {
  backstage.take(message);
  const due = part("backstage").querySelector('[data-part="due"]');
  part("backstage-due").textContent = due?.textContent ?? "";
  part("backstage-due").hidden = due?.hidden ?? true;
}

function renderPeople() {
  fill(page, "people", state.people ? counted("people", state.people) : "");
}

/** The figures at once; their order a little later. */
function renderCounts() {
  for (const card of page.querySelectorAll(".card[data-key]")) {
    showVotes(card, votesOf(state, Number(card.dataset.key)));
  }
  if (filters.chosen().sort !== "votes" || reorder) return;
  reorder = setTimeout(() => {
    reorder = null;
    render();
  }, REORDER);
}

function renderLooks(who) {
  looks = byQuestion(who);
  for (const card of page.querySelectorAll(".card[data-key]")) {
    showLooking(card, looks.get(Number(card.dataset.key)) ?? []);
  }
}

function renderFloor() {
  fill(page, "floor", label(`floor.${state.floor}`));
  page.dataset.floor = state.floor;
  renderPeople();
  showWhen(page, state.engagement);
  showAnnouncements(part("announcements-section"), part("announcements"), state.announcements);
  offerVotesOrder(part("tools"), seesCounts(state));
  for (const button of page.querySelectorAll("[data-desk=topic] button")) {
    button.setAttribute("aria-pressed", String(button.dataset.topic === state.topic));
  }
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
  showCard(node, question, panel.addressOf(question.number));
  showVotes(node, votesOf(state, question.number));
  showLooking(node, looks.get(question.number) ?? []);
  picks?.show(node);
}

socket.connect();
