// A moderator's decisions: each button of the desk is sent as a command, and once; and taken back.

import { announce, counted, fill, label, reasonOf, whyNotLive } from "./page.js";

/** Decisions that can be taken back one after the other. */
const MOST_KEPT = 30;

/** Taking back reads each question's history: askers wait for the floor no longer than for so many. */
const AT_ONCE = 100;

export class Decisions {
  /** What has been sent: a question's number, or what is set -> the revision that was seen. */
  #sent = new Map();
  /** What can be taken back, the last at the end: number -> revision, and in words. */
  #done = [];

  /**
   * @param {{page: HTMLElement, socket: object, stateOf: (question: object) => string}} desk
   */
  constructor({ page, socket, stateOf }) {
    Object.assign(this, { page, socket, stateOf });
    this.said = page.querySelector('[data-desk="said"]');
    this.bar = page.querySelector('[data-desk="undo"]');
    page.addEventListener("submit", (event) => this.#decide(event));
    page.querySelector('[data-desk="undo-do"]').addEventListener("click", () => this.undo());
  }

  /** Nothing can be decided any more: only a new page can. */
  end() {
    for (const button of this.page.querySelectorAll("form[data-do] button, #bulk button, [data-desk=undo] button")) {
      button.disabled = true;
    }
  }

  /** @param {{number: number, revision: number}[]} questions @param {string} words */
  remember(questions, words) {
    this.#done.push({ of: new Map(questions.map((q) => [q.number, q.revision])), words });
    this.#done.splice(0, this.#done.length - MOST_KEPT);
    this.#render();
  }

  /** Take back the last decision of this page. */
  async undo() {
    if (this.socket.isBlocked || !this.#done.length) return announce(label("undo.nothing"));
    const last = this.#done.pop();
    const pairs = [...last.of].map((pair) => pair.join(":"));
    const [done, refused] = [[], []];
    try {
      for (let at = 0; at < pairs.length; at += AT_ONCE) {
        const questions = pairs.slice(at, at + AT_ONCE).join(",");
        const reply = await this.socket.send({ do: "undo", questions });
        done.push(...reply.done);
        refused.push(...reply.refused);
      }
      // What was decided before about the same question can be taken back next.
      for (const { number, revision } of done) {
        for (const { of } of this.#done) if (of.has(number)) of.set(number, revision);
      }
      this.say(refused.map((one) => one.message).join(" "));
      if (done.length) announce(counted("undone", done.length));
    } catch (error) {
      if (error.code === "offline") this.#done.push(last);
      this.say(this.#why(error));
    }
    this.#render();
  }

  /** Say why something was not done, above the lists. */
  say(message) {
    if (!this.said) return;
    this.said.textContent = message;
    this.said.hidden = !message;
    if (message) announce(message);
  }

  #render() {
    const last = this.#done.at(-1);
    this.bar.hidden = !last;
    if (last) this.bar.querySelector("[data-desk=undo-what]").textContent = last.words;
  }

  async #decide(event) {
    const form = event.target;
    const command = event.submitter?.dataset.do ?? form.dataset.do;
    if (!form.dataset.do || this.socket.isBlocked) return;
    event.preventDefault();
    if (event.submitter?.getAttribute("aria-pressed") === "true") return;
    const [what, seen] = upon(form);
    if (this.#sent.get(what) === seen) return;
    this.#sent.set(what, seen);
    this.#clear();
    const card = form.closest("[data-key]");
    try {
      const { question } = await this.socket.send({ do: command, ...fieldsOf(form, event.submitter) });
      // A question's revision tells by itself when the next decision is another one.
      if (!card) this.#sent.delete(what);
      if (question) this.remember([question], this.#inWords(question));
    } catch (error) {
      this.#sent.delete(what);
      this.#sayAt(card, this.#why(error));
    }
  }

  #inWords(question) {
    return label("decision", { number: question.number, state: this.stateOf(question) });
  }

  #why(error) {
    return error.code === "offline" ? whyNotLive(this.socket, "offline.later") : reasonOf(error);
  }

  #sayAt(card, message) {
    if (!card?.isConnected) return this.say(message);
    fill(card, "said", message);
    announce(message);
  }

  /** What was said of the last decision. */
  #clear() {
    this.said.hidden = true;
    for (const card of this.page.querySelectorAll(".card[data-key]")) fill(card, "said", "");
  }
}

/** What a form is about, and upon which revision of it. */
function upon(form) {
  const { number, seen } = Object.fromEntries(new FormData(form));
  return number ? [number, seen] : [form.dataset.do, ""];
}

function fieldsOf(form, submitter) {
  const fields = new FormData(form, submitter);
  fields.delete("csrfmiddlewaretoken");
  return Object.fromEntries(fields);
}
