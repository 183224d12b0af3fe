// One's own questions: asked, kept until the server has them. For each of them the list says how it
// stands: sending, not sent yet, not saved, or what the server says of it.

import { Changing } from "./changing.js";
import { land } from "./focus.js";
import { Hints } from "./hints.js";
import { Manners } from "./manners.js";
import { showOwn } from "./own_card.js";
import {
  copyOf,
  exactTimeOf,
  fill,
  label,
  reasonOf,
  showList,
  whyNotLive,
} from "./page.js";
import { isOver } from "./state.js";
import { newClientId, Unsent } from "./unsent.js";

/** After so long a question that nobody answered for is sent once more, by any page that is live. */
const TRY_AGAIN = 20_000;
const LOOK = 5_000;
const LONG_WAIT = 60;

export class Own {
  #sending = new Set();
  #isChecking = false;

  /**
   * @param {{page: HTMLElement, socket: object, state: () => object,
   *   told: (message: object) => void, render: () => void,
   *   vote: (number: number, isWanted: boolean) => Promise<{problem?: string}>}} room
   */
  constructor(room) {
    this.room = room;
    this.form = this.#part("ask");
    this.text = this.form.elements.namedItem("text");
    this.unsent = new Unsent(room.page.dataset.registration);
    this.unsent.onChange(room.render);
    this.form.addEventListener("submit", (event) => this.#ask(event));
    this.text.addEventListener("input", () => this.#typed());
    room.page.addEventListener("click", (event) => this.#acted(event), { capture: true });
    this.manners = new Manners(room.page, this.form);
    this.hints = new Hints({ ...room, form: this.form, vote: (number) => this.#voteInstead(number) });
    const say = (kind, message) => this.say(kind, message);
    new Changing({ ...room, say, said: this.#part("said") });
    this.#part("own").addEventListener("click", (event) => this.#clicked(event));
    setInterval(() => this.#sendAgain(), LOOK);
    this.#count();
  }

  /** Live again: what the server has is done with, the rest is sent. */
  entered() {
    const stored = this.#stored();
    for (const question of this.unsent.all()) {
      if (stored.has(question.client_id)) this.unsent.remove(question.client_id);
      else if (isDue(question)) this.#send(question);
    }
  }

  render() {
    const state = this.room.state();
    this.#renderForm(state);
    const asked = state.epoch === null ? this.#asTheServerHasIt() : newestFirst(state.own.values());
    const all = [...this.#waiting().reverse(), ...asked];
    const key = (question) => question.client_id ?? question.number;
    const around = { isShut: this.#isShut, isOver: isOver(state), shown: state.questions };
    const show = (node, question) => showOwn(node, question, around);
    showList(this.#part("own"), all, key, () => copyOf("own-question"), show);
    this.#part("own-section").hidden = all.length === 0;
    // Cards that were just made have to be told too how questions are asked here.
    this.manners.render(state);
    this.hints.render();
  }

  /** Nothing can be asked here any more: it is over, or the asker was removed. */
  get #isShut() {
    return isOver(this.room.state()) || this.room.socket.ending === "removed";
  }

  #renderForm({ floor }) {
    const isShut = this.#isShut;
    if (isShut) this.#keepDraft();
    for (const node of this.room.page.querySelectorAll("[data-asking]")) node.hidden = isShut;
    if (floor === null) return;
    this.form.hidden = floor !== "open" && !this.text.value;
    for (const note of this.room.page.querySelectorAll("[data-floor-is]")) {
      note.hidden = isShut || note.dataset.floorIs !== floor;
    }
  }

  /** What was typed when the form went away stays in this browser, for its writer to read. */
  #keepDraft() {
    const text = this.text.value.trim();
    if (!text) return;
    const isRemoved = this.room.socket.ending === "removed";
    const refused = label(isRemoved ? "line.removed" : "over");
    this.unsent.add({ ...this.#newQuestion(text), refused });
    this.#clear();
  }

  say(kind, message) {
    const line = this.#part("said");
    line.dataset.kind = kind;
    line.textContent = message;
    line.hidden = !message;
  }

  #whyNot(key) {
    return whyNotLive(this.room.socket, key);
  }

  #part(name) {
    return this.room.page.querySelector(`[data-room="${name}"]`);
  }

  /** Before the first news: what the page came with, left as it is. */
  #asTheServerHasIt() {
    const waiting = new Set(this.unsent.all().map((question) => question.client_id));
    return [...this.#part("own").children]
      .filter((node) => !waiting.has(node.dataset.key))
      .map((node) => ({ client_id: node.dataset.key, isLeft: true }));
  }

  #stored() {
    return new Set([...this.room.state().own.values()].map((question) => question.client_id));
  }

  #waiting() {
    const stored = this.#stored();
    return this.unsent
      .all()
      .filter((question) => !stored.has(question.client_id))
      .map((question) => ({ ...question, state: this.#stateOf(question) }));
  }

  #stateOf(question) {
    if (this.#sending.has(question.client_id)) return "sending";
    if (question.refused || this.room.socket.isBlocked || this.#isShut) return "refused";
    return isDue(question) ? "unsent" : "later";
  }

  #newQuestion(text) {
    const { attribution } = this.room.state();
    const with_name = this.manners.isNamed && attribution === "choice";
    const { wantsAnswer: wants_answer, language } = this.manners;
    const said = { text, with_name, wants_answer, language };
    return { client_id: newClientId(), ...said, attribution, asked: Date.now() };
  }

  #clear() {
    this.text.value = "";
    this.hints.clear();
    this.#count();
  }

  async #ask(event) {
    if (this.room.socket.isBlocked) return;
    event.preventDefault();
    this.text.focus();
    if (this.#isChecking) return;
    if (!this.text.value.trim()) {
      this.say("refused", label("empty"));
      return;
    }
    this.#isChecking = true;
    const isStopped = await this.hints.stops(this.text.value.trim());
    this.#isChecking = false;
    if (isStopped) this.say("waiting", label("hinted"));
    else this.#keepAndSend(this.text.value.trim());
  }

  /** From here on nothing is lost: it is kept in this browser until the server has it. */
  #keepAndSend(text) {
    if (!text) return;
    const question = this.#newQuestion(text);
    this.unsent.add(question);
    this.#clear();
    this.say("waiting", this.room.socket.isLive ? label("sending") : this.#whyNot("line.offline"));
    this.room.render();
    this.#send(question);
  }

  async #voteInstead(number) {
    const { problem } = await this.room.vote(number, true);
    if (!problem) {
      this.#clear();
      // Its button is gone with the hint, and the focus with it.
      this.text.focus();
    }
    this.say(problem ? "refused" : "saved", problem ?? label("voted", { number }));
  }

  async #send(question) {
    const { client_id, text } = question;
    if (this.#sending.has(client_id) || !this.room.socket.isLive) return;
    if (this.#wasPromisedOtherwise(question)) {
      this.unsent.note(client_id, { refused: label("names.changed") });
      this.room.render();
      return;
    }
    const command = { do: "ask", client_id, text, ...choicesOf(question) };
    this.#sending.add(client_id);
    this.unsent.note(client_id, { tried: Date.now() });
    this.room.render();
    try {
      const { question: stored } = await this.room.socket.send(command);
      this.unsent.remove(client_id);
      this.manners.asked();
      this.room.told({ type: "own-question", question: stored });
      this.say("saved", label("saved", { number: stored.number }));
    } catch (error) {
      this.#notSaved(client_id, error);
    } finally {
      this.#sending.delete(client_id);
      this.room.render();
    }
  }

  /** Written when nobody was to read who asked, and now everybody would. */
  #wasPromisedOtherwise({ attribution }) {
    return this.room.state().attribution === "name" && (attribution ?? "name") !== "name";
  }

  /** It is kept in any case: to be sent by itself, or until the asker decides what to do with it. */
  #notSaved(clientId, error) {
    if (error.code === "offline") {
      this.say("waiting", this.#whyNot("line.offline"));
    } else if (error.code === "failed") {
      this.say("waiting", label("kept"));
    } else if (error.code === "too_fast") {
      const notBefore = Date.now() + (error.retry_after ?? LONG_WAIT) * 1000;
      this.unsent.note(clientId, { notBefore, tried: 0 });
      this.say("waiting", label("later", { reason: error.message, time: exactTimeOf(notBefore) }));
    } else {
      this.unsent.note(clientId, { refused: reasonOf(error) });
      this.say("refused", label("refused", { reason: reasonOf(error) }));
    }
  }

  #sendAgain() {
    if (!this.room.socket.isLive) return;
    for (const question of this.unsent.all()) {
      const isQuiet = Date.now() - (question.tried ?? question.asked) > TRY_AGAIN;
      if (isDue(question) && isQuiet) this.#send(question);
    }
  }

  #typed() {
    this.say("", "");
    this.#count();
  }

  /** What was said of the last thing done is not left standing beside the next. */
  #acted(event) {
    if (event.target.closest("button, a, label, input, select")) this.say("", "");
  }

  #clicked(event) {
    const action = event.target.closest("[data-do]")?.dataset.do;
    if (!action) return;
    const clientId = event.target.closest("[data-key]").dataset.key;
    const question = this.unsent.all().find((one) => one.client_id === clientId);
    if (action === "edit" && question) {
      this.text.value = [this.text.value.trim(), question.text].filter(Boolean).join("\n\n");
      this.manners.choose(choicesOf(question));
      this.#count();
    }
    this.unsent.remove(clientId);
    this.say("", "");
    this.room.render();
    if (this.form.hidden || this.#isShut) land(this.#part("own-heading"));
    else this.text.focus();
  }

  #count() {
    const left = this.text.maxLength - this.text.value.length;
    fill(this.form, "left", label("left", { left }));
  }
}

/** What was chosen when it was written; an older page of ours kept less of it. */
function choicesOf({ with_name, wants_answer, language }) {
  return {
    with_name: Boolean(with_name),
    wants_answer: Boolean(wants_answer),
    language: language ?? "",
  };
}

function isDue(question) {
  return !question.refused && Date.now() >= (question.notBefore ?? 0);
}

function newestFirst(questions) {
  return [...questions].sort((a, b) => b.number - a.number);
}
