// One question with all that can be done about it, beside the lists; on a phone over them. It is the
// question's own page, of which the server gives the part within; its forms are sent from here.

import { announce, label } from "./page.js";

const NARROW = "(max-width: 48em)";
const PART = { "X-Requested-With": "fetch", Accept: "text/html" };

export class Panel {
  #number = null;
  #revision = null;
  #isTouched = false;
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
    this.body.addEventListener("input", () => (this.#isTouched = true));
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
    if (question.revision === this.#revision || this.#isTouched) return;
    this.#revision = question.revision;
    this.#load(this.addressOf(question.number));
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

  async #load(address, options = {}) {
    const turn = ++this.#turn;
    this.body.setAttribute("aria-busy", "true");
    try {
      const response = await fetch(address, { headers: PART, ...options });
      const text = await response.text();
      if (turn !== this.#turn) return;
      if (new URL(response.url).pathname === this.signIn.pathname) return location.assign(this.signIn.href);
      if (!response.ok && !text.includes("data-question-part")) throw new Error(response.statusText);
      const known = this.#revision;
      const said = this.#fill(text);
      if (options.method && response.ok && this.#revision > known) {
        this.changed({ number: this.#number, revision: this.#revision }, said);
      }
    } catch {
      if (turn === this.#turn) this.#say(label("panel.failed"));
    } finally {
      if (turn === this.#turn) this.body.removeAttribute("aria-busy");
    }
  }

  /** Gives what the server says above the question. */
  #fill(text) {
    const found = new DOMParser().parseFromString(text, "text/html");
    // A whole page instead of a part: its content is what it has to say.
    const part = found.querySelector("#main-content") ?? found.body;
    const place = this.body.scrollTop;
    const hadFocus = this.body.contains(document.activeElement);
    this.body.replaceChildren(...part.childNodes);
    this.body.scrollTop = place;
    this.#isTouched = false;
    if (hadFocus) this.heading.focus({ preventScroll: true });
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

  #say(message) {
    const line = document.createElement("p");
    line.className = "said";
    line.dataset.kind = "refused";
    line.textContent = message;
    this.body.prepend(line);
    announce(message);
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
      return this.#load(address);
    }
    await this.#load(address, { method: "POST", body: fields });
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
