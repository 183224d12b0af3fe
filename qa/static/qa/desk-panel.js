// One question with all that can be done about it, beside the lists; on a phone over them. It is the
// question's own page, of which the server gives the part within; its forms are sent from here.

import { isTyped, keptOf, putBack } from "./kept.js";
import { announce, label } from "./page.js";

const NARROW = "(max-width: 48em)";
const REFUSAL = ".usa-alert--error, .usa-alert--warning";
const PART = { "X-Requested-With": "fetch", Accept: "text/html" };

export class Panel {
  #number = null;
  #revision = null;
  #isSending = false;
  #back = null;
  #turn = 0;

  /**
   * `changed` is told what a form of the panel has done: which question, and the words of the answer.
   * @param {{page: HTMLElement, closed: (number: number) => void, opened: (number: number) => void,
   *   changed: (question: {number: number, revision: number}, words: string) => void}} desk
   */
  constructor({ page, opened, closed, changed }) {
    Object.assign(this, { page, opened, closed, changed });
    const part = (name) => page.querySelector(`[data-desk="${name}"]`);
    this.dialog = part("panel");
    this.heading = part("panel-heading");
    this.link = part("panel-page");
    this.body = part("panel-body");
    this.signIn = part("sign-in");
    part("panel-close").addEventListener("click", () => this.close());
    this.dialog.addEventListener("close", () => this.#closed());
    this.dialog.addEventListener("keydown", (event) => this.#key(event));
    this.body.addEventListener("submit", (event) => this.#submit(event));
    this.body.addEventListener("click", (event) => this.#follow(event));
  }

  /** The number of the question that is open; null when none is. */
  get number() {
    return this.dialog.open ? this.#number : null;
  }

  addressOf(number) {
    return `${this.page.dataset.questions}${number}/`;
  }

  /** @param {object} question @param {string} field a selector of what gets the focus */
  async open(question, field = "") {
    if (!this.dialog.open) {
      this.#back = document.activeElement;
      if (window.matchMedia(NARROW).matches) this.dialog.showModal();
      else this.dialog.show();
    }
    const isOther = question.number !== this.#number;
    this.#number = question.number;
    this.#revision = question.revision;
    this.heading.textContent = label("number", { number: question.number });
    this.link.href = this.addressOf(question.number);
    if (isOther) this.#await(question.text);
    this.heading.focus();
    this.opened(question.number);
    await this.#load(this.addressOf(question.number));
    const wanted = field && this.body.querySelector(field);
    if (!wanted) return;
    wanted.closest("details")?.setAttribute("open", "");
    wanted.focus();
    wanted.scrollIntoView({ block: "center" });
  }

  /** The question as it is now: what is read here follows, unless somebody is writing. */
  follow(question) {
    if (!this.dialog.open || !question || question.number !== this.#number) return;
    // The answer to what is being sent from here tells it too.
    if (question.revision === this.#revision || this.#isSending) return;
    this.#revision = question.revision;
    if (isTyped(this.body)) this.#offer();
    else this.#load(this.addressOf(question.number), { isFollowing: true });
  }

  /** Typed words stay as they are beside what they answer to; the question anew when it is wanted. */
  #offer() {
    if (this.body.querySelector("[data-changed]")) return;
    const button = Object.assign(document.createElement("button"), {
      type: "button",
      className: "usa-button usa-button--outline small",
      textContent: label("panel.anew"),
    });
    button.addEventListener("click", () => this.#load(this.addressOf(this.#number), { isRead: true }));
    const line = this.#say(label("panel.changed"), "waiting");
    line.dataset.changed = "";
    line.append(" ", button);
  }

  close() {
    this.dialog.close();
  }

  #closed() {
    const number = this.#number;
    this.#number = null;
    this.body.replaceChildren();
    if (this.#back?.isConnected) this.#back.focus({ preventScroll: true });
    this.closed(number);
  }

  #key(event) {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    this.close();
  }

  /**
   * @param {{sent?: HTMLFormElement, body?: FormData, isFollowing?: boolean, isRead?: boolean}} options
   *   the form that is sent, with what it holds; whether only the news is followed, for which no typed
   *   words are moved; whether who is typing has asked for the question as it is now
   */
  async #load(address, { sent = null, body, isFollowing = false, isRead = false } = {}) {
    const turn = ++this.#turn;
    this.body.setAttribute("aria-busy", "true");
    this.#isSending = Boolean(body);
    try {
      const response = await fetch(address, { headers: PART, ...(body && { method: "POST", body }) });
      const text = await response.text();
      if (turn !== this.#turn) return;
      if (new URL(response.url).pathname === this.signIn.pathname) return location.assign(this.signIn.href);
      if (!response.ok && !text.includes("data-question-part")) throw new Error(response.statusText);
      if (isFollowing && isTyped(this.body)) return this.#offer();
      const known = this.#revision;
      const said = this.#fill(text, {
        sent: body && response.ok ? sent : null,
        isRead: isRead || Boolean(body),
      });
      const isTaken = body && response.ok && !this.body.querySelector(REFUSAL);
      if (isTaken && this.#revision > known) {
        this.changed({ number: this.#number, revision: this.#revision }, said);
      }
    } catch {
      if (turn === this.#turn) this.#say(label("panel.failed"));
    } finally {
      if (turn === this.#turn) {
        this.#isSending = false;
        this.body.removeAttribute("aria-busy");
      }
    }
  }

  /** Gives what the server says above the question. */
  #fill(text, { sent, isRead }) {
    const found = new DOMParser().parseFromString(text, "text/html");
    // A whole page instead of a part: its content is what it has to say.
    const part = found.querySelector("#main-content") ?? found.body;
    const place = this.body.scrollTop;
    const hadFocus = this.body.contains(document.activeElement);
    const kept = keptOf(this.body, part.querySelector(REFUSAL) ? null : sent);
    this.body.replaceChildren(...part.childNodes);
    const isBack = putBack(this.body, kept, { isRead });
    this.body.scrollTop = place;
    if (hadFocus && !isBack) this.heading.focus({ preventScroll: true });
    const question = this.body.querySelector("[data-question-part]");
    if (question) this.#revision = Number(question.dataset.revision);
    const said = this.body.querySelector(".usa-alert__text, [role=alert]")?.textContent.trim() ?? "";
    if (said) announce(said);
    return said;
  }

  /** The question's words are known already; the rest is on its way. */
  #await(text = "") {
    const words = Object.assign(document.createElement("p"), { className: "question-text", dir: "auto" });
    words.textContent = text;
    this.body.replaceChildren(words);
  }

  #say(message, kind = "refused") {
    const line = document.createElement("p");
    line.className = "said";
    line.dataset.kind = kind;
    line.textContent = message;
    this.body.prepend(line);
    announce(message);
    return line;
  }

  async #submit(event) {
    const form = event.target;
    // A file or another page is the browser's own matter.
    if (form.target || "plain" in form.dataset) return;
    event.preventDefault();
    const address = new URL(event.submitter?.getAttribute("formaction") ?? form.getAttribute("action") ?? this.link.href, this.link.href);
    const fields = new FormData(form, event.submitter);
    if (form.method === "get") {
      address.search = new URLSearchParams(fields);
      return this.#load(address, { sent: form });
    }
    await this.#load(address, { sent: form, body: fields });
  }

  /** Another question's link opens it here. */
  #follow(event) {
    const link = event.target.closest("a[href]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const base = new URL(this.page.dataset.questions, location.href).href;
    const found = /^(\d+)\/$/.exec(link.href.startsWith(base) ? link.href.slice(base.length) : "");
    if (!found) return;
    event.preventDefault();
    this.open({ number: Number(found[1]) });
  }
}
