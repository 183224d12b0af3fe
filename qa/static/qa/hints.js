// What is told of a question before it is sent: personal identifiers in it, and shown questions
// that ask alike. While somebody types, after a pause; and once before it is sent. It holds nobody
// up: where no answer comes soon, the question is simply sent.

import { copyOf, fill, label, showList } from "./page.js";
import { takesVotes } from "./state.js";

/** So long somebody does not type before we look. */
const PAUSE = 900;
/** Between two looks: they count as commands, of which sending needs some too. */
const BETWEEN = 4_000;
const SHORTEST = 12;
const LONGEST_WAIT = 1_500;

export class Hints {
  #timer = null;
  #asked = null;
  #lastLook = -Infinity;
  /** What this page has told already of the question that is being written. */
  #told = new Set();
  #found = null;

  /**
   * @param {{form: HTMLFormElement, socket: object, state: () => object,
   *   vote: (number: number) => Promise<void>}} room
   */
  constructor(room) {
    this.room = room;
    this.area = room.form.querySelector('[data-room="hints"]');
    this.area.setAttribute("role", "status");
    this.text = room.form.elements.namedItem("text");
    this.text.addEventListener("input", () => this.#typed());
    room.form.addEventListener("click", (event) => this.#clicked(event));
    this.#takeOver();
  }

  /** What the server has told with this page is not told once more. */
  #takeOver() {
    for (const one of this.#part("identifiers").querySelectorAll("q")) {
      this.#told.add(`identifier ${one.textContent}`);
    }
    for (const one of this.#part("similar").children) {
      this.#told.add(`question ${one.dataset.key}`);
    }
  }

  /**
   * Whether this text should be read once more: there is something that was not told of it yet.
   * Afterwards the same text is let pass.
   */
  async stops(text) {
    if (!this.room.socket.isLive) return false;
    const found = this.#asked === text && this.#found ? this.#found : await this.#look(text);
    if (!found || this.text.value.trim() !== text) return false;
    const news = newsOf(found).filter((one) => !this.#told.has(one));
    this.#show(found, news.length > 0);
    for (const one of newsOf(found)) this.#told.add(one);
    return news.length > 0;
  }

  /** The question is sent, or given up: the next one starts afresh. */
  clear() {
    clearTimeout(this.#timer);
    this.#told.clear();
    this.#asked = this.#found = null;
    this.#part("box").hidden = true;
    this.#nameButton(false);
  }

  /** Whether there are votes may have changed. */
  render() {
    for (const button of this.area.querySelectorAll("[data-do=instead]")) {
      button.hidden = !takesVotes(this.room.state());
    }
  }

  #typed() {
    clearTimeout(this.#timer);
    if (!this.text.value.trim()) return this.clear();
    const wait = Math.max(PAUSE, this.#lastLook + BETWEEN - performance.now());
    this.#timer = setTimeout(() => this.#lookWhileTyping(), wait);
  }

  async #lookWhileTyping() {
    const text = this.text.value.trim();
    if (text.length < SHORTEST || text === this.#asked || !this.room.socket.isLive) return;
    const found = await this.#look(text);
    if (!found || this.text.value.trim() !== text) return;
    this.#show(found, false);
    if (!this.#part("box").hidden) for (const one of newsOf(found)) this.#told.add(one);
  }

  /** Null where nothing is known in time. */
  async #look(text) {
    this.#lastLook = performance.now();
    const late = new Promise((resolve) => setTimeout(resolve, LONGEST_WAIT, null));
    const asked = this.room.socket.send({ do: "hint", text }).then((ok) => ok.hints, () => null);
    const found = await Promise.race([asked, late]);
    [this.#asked, this.#found] = [text, found];
    return found;
  }

  #show({ identifiers, similar }, isHeld) {
    const each = (list, items, key, update) =>
      showList(this.#part(list), items, key, () => copyOf(list.replace(/s$/, "")), update);
    each("identifiers", identifiers, (one) => one.words, (node, one) => {
      fill(node, "words", one.words);
      fill(node, "looks", label("identifier", { name: one.name }));
    });
    each("similar", similar, (one) => one.number, (node, one) => {
      fill(node, "number", label("number", { number: one.number }));
      fill(node, "text", one.text);
    });
    this.#part("personal").hidden = identifiers.length === 0;
    this.#part("alike").hidden = similar.length === 0;
    this.#part("named").hidden = true;
    this.#part("held").hidden = !isHeld;
    this.#part("box").hidden = identifiers.length + similar.length === 0;
    this.#nameButton(!this.#part("box").hidden);
    this.render();
  }

  #nameButton(asItIs) {
    fill(this.room.form, "send", label(asItIs ? "send.as-it-is" : "send"));
  }

  async #clicked(event) {
    const button = event.target.closest("[data-do=instead]");
    if (!button || this.room.socket.isBlocked) return;
    event.preventDefault();
    await this.room.vote(Number(button.closest("[data-key]").dataset.key));
  }

  #part(name) {
    return this.area.querySelector(`[data-part="${name}"]`);
  }
}

/** What is worth a stop, by names that tell one from another. */
function newsOf({ identifiers, similar }) {
  return [
    ...identifiers.map((one) => `identifier ${one.words}`),
    ...similar.filter((one) => one.is_close).map((one) => `question ${one.number}`),
  ];
}
