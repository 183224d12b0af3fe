// Questions that a moderator has selected, and what is done with all of them at once.

import { announce, counted, reasonOf, whyNotLive } from "./page.js";

/** The server takes so many in one frame. */
const AT_ONCE = 200;

const FIELDS = { dismiss: "reason", label: "label", assign: "speaker" };

export class Picks {
  /** Number -> the revision that was seen when it was selected. */
  #picked = new Map();
  #last = null;

  /** @param {{page: HTMLElement, socket: object, decisions: object, lists: object,
   *   questions: () => Map<number, object>}} desk */
  constructor(desk) {
    Object.assign(this, desk);
    this.form = this.page.querySelector("[data-desk=bulk]");
    this.none = this.form.querySelector("[data-desk=bulk-none]");
    this.none.hidden = false;
    this.none.addEventListener("click", () => this.clear());
    this.form.addEventListener("submit", (event) => this.#submit(event));
    this.page.addEventListener("click", (event) => this.#clicked(event));
    this.#render();
  }

  get size() {
    return this.#picked.size;
  }

  /** Keep a card's box in step. */
  show(card) {
    const box = card.querySelector('[data-part="pick"]');
    const number = Number(card.dataset.key);
    box.checked = this.#picked.has(number);
    box.value = `${number}:${this.#picked.get(number) ?? card.dataset.revision}`;
    card.classList.toggle("is-picked", box.checked);
  }

  toggle(number, isWanted = !this.#picked.has(number)) {
    this.#last = number;
    this.#set([number], isWanted);
  }

  /** Select all from the last one to this, in the order of their list. */
  extend(number, list) {
    const numbers = list.between(this.#last ?? number, number);
    this.#set(numbers.length ? numbers : [number], true);
    this.#last = number;
  }

  clear() {
    this.#set([...this.#picked.keys()], false);
  }

  focus() {
    if (!this.form.hidden) this.form.querySelector("button").focus();
  }

  #set(numbers, isWanted) {
    for (const number of numbers) {
      const question = this.questions().get(number);
      if (isWanted && question) {
        if (!this.#picked.has(number)) this.#picked.set(number, question.revision);
      } else this.#picked.delete(number);
    }
    this.#render();
  }

  #clicked(event) {
    const box = event.target.closest('[data-part="pick"]');
    if (!box) return;
    const card = box.closest("[data-key]");
    const number = Number(card.dataset.key);
    if (event.shiftKey && box.checked) this.extend(number, this.lists.of(card));
    else this.toggle(number, box.checked);
  }

  #render() {
    const wasHidden = this.form.hidden;
    this.form.hidden = this.size === 0;
    const said = this.size ? counted("selected", this.size) : "";
    if (this.size) this.form.querySelector("[data-desk=bulk-count]").textContent = said;
    if (!wasHidden || this.size) announce(said);
    for (const card of this.page.querySelectorAll(".card[data-key]")) this.show(card);
  }

  async #submit(event) {
    if (this.socket.isBlocked) return this.#addUnseen();
    event.preventDefault();
    const move = event.submitter.value;
    const field = FIELDS[move];
    const more = field ? { [field]: this.form.elements.namedItem(field).value } : {};
    if (more[field] === "") delete more[field];
    const pairs = [...this.#picked].map(([number, seen]) => `${number}:${seen}`);
    const [done, refused] = [[], []];
    try {
      for (let at = 0; at < pairs.length; at += AT_ONCE) {
        const questions = pairs.slice(at, at + AT_ONCE).join(",");
        const reply = await this.socket.send({ do: "bulk", move, questions, ...more });
        done.push(...reply.done);
        refused.push(...reply.refused);
      }
    } catch (error) {
      const why = error.code === "offline" ? whyNotLive(this.socket, "offline.later") : reasonOf(error);
      refused.push({ message: why });
    }
    this.#set([...done, ...refused].map((one) => one.number), false);
    if (done.length) this.decisions.remember(done, counted("changed", done.length));
    this.decisions.say(refused.map((one) => one.message).join(" "));
  }

  /** A plain form sends the boxes that are in the page; those of other rows are added. */
  #addUnseen() {
    for (const [number, seen] of this.#picked) {
      if (this.page.querySelector(`.card[data-key="${number}"] [data-part="pick"]`)) continue;
      const field = Object.assign(document.createElement("input"), { type: "hidden", name: "questions" });
      field.value = `${number}:${seen}`;
      this.form.append(field);
    }
  }
}
