// Polls in the room, on the screen and at the desk. Without this file the forms work by POST.

import { copyOf, counted, fill, label, reasonOf, showList, whyNotLive } from "./page.js";
import { atDesk, choicesOf, onScreen, standing } from "./poll_order.js";
import { resultsOf } from "./state.js";

const isOpen = (poll) => poll.state === "open";

/** Of polls that opened or closed, for whoever cannot see it. */
export function pollNews(known, state) {
  if (known.epoch === null) return [];
  return [...state.polls.values()].flatMap((poll) => {
    const before = known.polls.get(poll.number)?.state;
    if (before === poll.state || (poll.state === "closed" && !before)) return [];
    if (isOpen(poll)) return [label("poll.opened", { text: poll.text })];
    return poll.state === "closed" ? [label("poll.ended", { text: inWords(poll) })] : [];
  });
}

export class RoomPolls {
  /** The own answers that the choices of a card were set to. */
  #set = new WeakMap();
  #sending = new Set();

  /**
   * @param {{page: HTMLElement, socket: object, state: () => object,
   *   told: (message: object) => void}} room
   */
  constructor(room) {
    this.room = room;
    this.#part("section").addEventListener("submit", (event) => this.#answer(event));
  }

  render() {
    const state = this.room.state();
    if (state.epoch === null) return;
    const [first, earlier] = standing(state.polls.values());
    this.#part("section").hidden = first.length === 0;
    this.#part("survey").hidden = !state.survey;
    this.#show("list", first);
    this.#show("earlier", earlier);
    this.#part("earlier-section").hidden = earlier.length === 0;
    this.#part("earlier-count").textContent = String(earlier.length);
  }

  #part(name) {
    return this.room.page.querySelector(`[data-polls="${name}"]`);
  }

  #show(list, polls) {
    const create = () => copyOf("poll");
    showList(this.#part(list), polls, (poll) => poll.number, create, (node, poll) => {
      this.#showPoll(node, poll);
    });
  }

  #showPoll(node, poll) {
    const state = this.room.state();
    const results = resultsOf(state, poll);
    const own = state.ownAnswers.get(poll.number) ?? [];
    node.id = `poll-${poll.number}`;
    showState(node, poll);
    fill(node, "answers", results ? counted("poll.answers", results.answers) : "");
    this.#showForm(node, poll, own);
    const part = node.querySelector('[data-part="results"]');
    part.hidden = !results?.counts.length;
    if (results) showResults(part, poll, results, own);
  }

  #showForm(node, poll, own) {
    const form = node.querySelector('[data-part="form"]');
    form.hidden = !isOpen(poll);
    form.elements.namedItem("number").value = poll.number;
    fill(form, "legend", poll.text);
    form.querySelector('[data-part="several"]').hidden = poll.kind !== "several";
    const list = form.querySelector('[data-part="choices"]');
    list.toggleAttribute("data-scale", poll.kind === "scale");
    const create = () => copyOf("poll-choice");
    showList(list, choicesOf(poll), (one) => one.place, create, (item, one) => {
      showChoice(item, poll, one);
    });
    // What somebody is about to choose stays; what is stored is shown when it changes.
    if (this.#set.get(node) !== own.join(" ")) {
      this.#set.set(node, own.join(" "));
      for (const input of list.querySelectorAll("input")) {
        input.checked = own.includes(Number(input.value));
      }
      if (own.length) say(form, "poll.saved");
    }
    const button = form.querySelector('[data-part="send"]');
    if (button) button.textContent = label(own.length ? "poll.change" : "poll.send");
  }

  async #answer(event) {
    const { socket } = this.room;
    const form = event.target;
    if (form.dataset.part !== "form" || socket.isBlocked) return;
    event.preventDefault();
    const data = new FormData(form);
    const [number, chosen] = [Number(data.get("number")), data.getAll("chosen").join(" ")];
    if (!chosen) return say(form, "poll.choose");
    if (this.#sending.has(number)) return;
    this.#sending.add(number);
    say(form, "poll.sending");
    try {
      const done = await socket.send({ do: "answer-poll", number, chosen });
      this.room.told({ type: "own-poll-answer", ...done });
      say(form, "poll.saved");
    } catch (error) {
      const isOffline = error.code === "offline";
      fill(form, "said", isOffline ? whyNotLive(socket, "offline.later") : reasonOf(error));
    } finally {
      this.#sending.delete(number);
    }
  }
}

/** The poll on the screen; gives whether it is open or closed, or neither. */
export function showOnScreen(part, state) {
  const poll = onScreen(state.polls.values(), Date.now());
  part.hidden = !poll;
  if (!poll) return "";
  const results = resultsOf(state, poll);
  fill(part, "state", label(`poll.on-screen.${poll.state}`));
  fill(part, "answers", results ? counted("poll.answers", results.answers) : "");
  fill(part, "text", poll.text);
  showResults(part, poll, results, []);
  return poll.state;
}

/** The list at the desk. Its buttons are plain forms. */
export function showAtDesk(part, state) {
  if (!part || state.epoch === null) return;
  const polls = atDesk(state.polls.values());
  const create = () => copyOf("desk-poll");
  showList(part.querySelector('[data-part="polls"]'), polls, (poll) => poll.number, create, (node, poll) => {
    const results = resultsOf(state, poll);
    showState(node, poll);
    fill(node, "text", poll.text);
    fill(node, "summary", results ? `${counted("poll.answers", results.answers)}: ${figures(poll, results)}` : "");
    for (const [move, state] of [["open", "draft"], ["close", "open"]]) {
      const form = node.querySelector(`[data-part="${move}-form"]`);
      if (!form) continue;
      form.hidden = poll.state !== state;
      form.action = node.dataset.moveAddress.replace("/0/MOVE/", `/${poll.number}/${move}/`);
      form.querySelector(".usa-sr-only").textContent = `: ${poll.text}`;
    }
  });
  part.querySelector('[data-part="open-count"]').textContent = String(polls.filter(isOpen).length);
}

function showState(node, poll) {
  fill(node, "state", label(`poll.${poll.state}`));
  node.querySelector('[data-part="state"]').dataset.state = poll.state;
}

function showChoice(item, poll, { place, text }) {
  const input = item.querySelector("input");
  input.type = poll.kind === "several" ? "checkbox" : "radio";
  input.id = `poll-${poll.number}-${place}`;
  input.value = place;
  item.querySelector("label").htmlFor = input.id;
  fill(item, "text", text);
}

/** Rows of answers with bars; without bars and figures where only their number is told. */
function showResults(part, poll, results, own) {
  const rows = part.querySelector('[data-part="rows"]');
  const caption = part.querySelector('[data-part="caption"]');
  caption.textContent = poll.text;
  if (part.dataset.part === "results") caption.classList.toggle("usa-sr-only", isOpen(poll));
  rows.closest("table").toggleAttribute("data-bare", !results?.counts.length);
  const create = () => copyOf("poll-result");
  showList(rows, choicesOf(poll), (one) => one.place, create, (row, { place, text }) => {
    const [count, percent] = [results?.counts[place - 1], results?.percents[place - 1]];
    fill(row, "text", text);
    fill(row, "count", count === undefined ? "" : String(count));
    fill(row, "percent", percent === undefined ? "" : label("poll.percent", { number: percent }));
    row.querySelector(".poll-bar-part").setAttribute("width", percent ?? 0);
    row.classList.toggle("is-own", own.includes(place));
    row.querySelector('[data-part="own"]').hidden = !own.includes(place);
  });
}

function inWords(poll) {
  return poll.results ? `${poll.text} ${figures(poll, poll.results)}` : poll.text;
}

function figures(poll, results) {
  const told = ({ place, text }) => `${text} ${label("poll.percent", { number: results.percents[place - 1] })}`;
  return choicesOf(poll).map(told).join(", ");
}

function say(form, key) {
  fill(form, "said", label(key));
}
