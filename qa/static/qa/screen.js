// The big screen, live: what is being answered now, what may come next, and how many are here.

import { arranged, isAnswered, isAnswering } from "./order.js";
import { copyOf, counted, fill, label, showLine, showList } from "./page.js";
import { Socket } from "./socket.js";
import { entered, hasGap, initial, position, seesCounts, take, votesOf } from "./state.js";

const SIZES = [1, 2, 3, 4, 5, 6, 7];

const page = document.querySelector("[data-live=screen]");
const part = (name) => page.querySelector(`[data-screen="${name}"]`);
const mostNext = Number(page.dataset.mostNext);
let state = initial("screen");

const socket = new Socket({
  address: page.dataset.socket,
  ticketAddress: page.dataset.ticketAddress,
  position: () => position(state),
  line: (line) => showLine(part("line"), line),
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
  fill(page, "people", state.people ? counted("people", state.people) : "");
  const order = arranged(state.questions.values(), seesCounts(state) ? "votes" : "number", votes);
  renderNext(order.filter((question) => !isAnswering(question) && !isAnswered(question)));
  renderNow(order.find(isAnswering));
}

function votes(question) {
  return votesOf(state, question.number);
}

function renderNow(question) {
  const now = part("now");
  page.dataset.quiet = String(!question);
  now.hidden = !question;
  if (!question) return;
  fill(now, "number", label("number", { number: question.number }));
  fill(now, "text", question.text);
  fit();
}

/** The largest type in which the question fits. */
function fit() {
  const now = part("now");
  const text = now.querySelector('[data-part="text"]');
  for (const size of SIZES) {
    text.dataset.size = size;
    if (now.scrollHeight <= now.clientHeight) break;
  }
}

function renderNext(questions) {
  const next = questions.slice(0, mostNext);
  showList(part("coming"), next, (q) => q.number, () => copyOf("screen-question"), showQuestion);
  part("next").hidden = next.length === 0;
  const more = questions.length - next.length;
  fill(page, "more", more ? counted("more", more) : "");
}

function showQuestion(node, question) {
  fill(node, "number", String(question.number));
  fill(node, "text", question.text);
  fill(node, "votes", seesCounts(state) ? counted("votes", votes(question)) : "");
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
