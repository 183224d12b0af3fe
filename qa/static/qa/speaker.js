// The speaker's view, live: the own questions first, and messages backstage.

import { Backstage } from "./backstage.js";
import { arranged, isAnswered, isAnswering } from "./order.js";
import { copyOf, fill, label, showLine, showList } from "./page.js";
import { Socket } from "./socket.js";
import { showFacts, showTopic, showVotes } from "./stage.js";
import { entered, hasGap, initial, position, seesCounts, take, votesOf } from "./state.js";

const page = document.querySelector("[data-live=speaker]");
const part = (name) => page.querySelector(`[data-speaker="${name}"]`);
const speaker = Number(page.dataset.speakerId);
let state = initial("screen");

const socket = new Socket({
  address: page.dataset.socket,
  ticketAddress: page.dataset.ticketAddress,
  position: () => position(state),
  line(line) {
    showLine(part("line"), line);
    if (socket.hasEnded) end();
  },
  entered(reply) {
    state = entered(state, reply);
    render();
  },
  told(message) {
    if (hasGap(state, message)) return socket.restart();
    backstage.take(message);
    const known = state;
    state = take(state, message);
    if (state !== known) render();
  },
});
const backstage = new Backstage({ socket });

function render() {
  showTopic(page, state);
  const sort = seesCounts(state) ? "votes" : "number";
  const order = arranged(state.questions.values(), sort, (q) => votesOf(state, q.number));
  const coming = order.filter((question) => !isAnswering(question) && !isAnswered(question));
  const now = order.filter(isAnswering);
  const own = coming.filter((question) => question.speaker_id === speaker);
  const others = coming.filter((question) => question.speaker_id !== speaker);
  show("now", now);
  show("own", own);
  show("others", others);
  part("now-section").hidden = now.length === 0;
  part("own-none").hidden = own.length > 0;
  part("others-section").hidden = others.length === 0;
}

function show(name, questions) {
  showList(part(name), questions, (q) => q.number, () => copyOf("speaker-question"), showQuestion);
}

function showQuestion(node, question) {
  fill(node, "number", label("number", { number: question.number }));
  fill(node, "text", question.text);
  showFacts(node, state, question);
  showVotes(node, state, question);
}

/** The link was revoked, or its time is over: what it showed is not left standing. */
function end() {
  backstage.end();
  page.dataset.ended = "true";
}

socket.connect();
