// The big screen, live: what is being answered now, what may come next, and how many are here.

import { fitQuestion } from "./fit.js";
import { arranged, isAnswered, isAnswering } from "./order.js";
import { copyOf, counted, fill, label, showLine, showList, showWhen } from "./page.js";
import { showOnScreen } from "./polls.js";
import { Socket } from "./socket.js";
import { showFacts, showTopic, showVotes } from "./stage.js";
import { entered, hasGap, initial, isOver, position, seesCounts, take, votesOf } from "./state.js";

const page = document.querySelector("[data-live=screen]");
const part = (name) => page.querySelector(`[data-screen="${name}"]`);
const isDevice = page.dataset.device === "true";
const mostNext = Number(page.dataset.mostNext);
let state = initial("screen");
let answering = part("now").querySelector('[data-part="text"]').textContent;

const socket = new Socket({
  address: page.dataset.socket,
  ticketAddress: page.dataset.ticketAddress,
  position: () => position(state),
  line(line) {
    showLine(part("line"), line);
    part("full").disabled = line === "signed-out";
    page.dataset.ended = String(line === "removed" || (isDevice && line === "signed-out"));
  },
  entered(reply) {
    state = entered(state, reply);
    render();
  },
  told(message) {
    if (hasGap(state, message)) return socket.restart();
    state = take(state, message);
    render();
  },
});

function render() {
  showWhen(page, state.engagement);
  showTopic(page, state);
  fill(page, "people", state.people ? counted("people", state.people) : "");
  const order = arranged(state.questions.values(), seesCounts(state) ? "votes" : "number", votes);
  renderNext(order.filter((question) => !isAnswering(question) && !isAnswered(question)));
  page.dataset.polling = showOnScreen(part("poll"), state);
  renderNow(order.find(isAnswering));
}

function votes(question) {
  return votesOf(state, question.number);
}

function renderNow(question) {
  const now = part("now");
  page.dataset.quiet = String(!question);
  now.hidden = !question;
  if (question) {
    fill(now, "number", label("number", { number: question.number }));
    showFacts(now, state, question);
  }
  answering = question?.text ?? "";
  fit();
}

function fit() {
  fitQuestion(page, answering);
}

function renderNext(questions) {
  const next = questions.slice(0, mostNext);
  showList(part("coming"), next, (q) => q.number, () => copyOf("screen-question"), showQuestion);
  part("next").hidden = next.length === 0 || isOver(state);
  const more = questions.length - next.length;
  fill(page, "more", more ? counted("more", more) : "");
}

function showQuestion(node, question) {
  fill(node, "number", String(question.number));
  fill(node, "text", question.text);
  showFacts(node, state, question);
  showVotes(node, state, question);
}

function offerFullScreen(button) {
  button.hidden = !document.fullscreenEnabled;
  button.addEventListener("click", () => {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen();
  });
}

offerFullScreen(part("full"));
window.addEventListener("resize", fit);
document.fonts.ready.then(fit);
socket.connect();
