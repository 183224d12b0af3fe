// A moderator's decisions: each form of the desk is sent as a command, and once.

import { announce, fill, reasonOf, whyNotLive } from "./page.js";

export class Decisions {
  /** What has been sent: a question's number, or what is set -> the revision that was seen. */
  #sent = new Map();

  /** @param {{page: HTMLElement, socket: object}} desk */
  constructor({ page, socket }) {
    this.page = page;
    this.socket = socket;
    this.said = page.querySelector('[data-desk="said"]');
    page.addEventListener("submit", (event) => this.#decide(event));
  }

  /** Nothing can be decided any more: only a new page can. */
  end() {
    for (const button of this.page.querySelectorAll("form[data-do] button")) button.disabled = true;
  }

  async #decide(event) {
    const form = event.target;
    if (!form.dataset.do || this.socket.isBlocked) return;
    event.preventDefault();
    if (event.submitter?.getAttribute("aria-pressed") === "true") return;
    const [what, seen] = upon(form);
    if (this.#sent.get(what) === seen) return;
    this.#sent.set(what, seen);
    this.#clear();
    const card = form.closest("[data-key]");
    try {
      await this.socket.send({ do: form.dataset.do, ...fieldsOf(form, event.submitter) });
      // A question's revision tells by itself when the next decision is another one.
      if (!card) this.#sent.delete(what);
    } catch (error) {
      this.#sent.delete(what);
      this.#say(card, this.#why(error));
    }
  }

  #why(error) {
    return error.code === "offline" ? whyNotLive(this.socket, "offline.later") : reasonOf(error);
  }

  #say(card, message) {
    if (card?.isConnected) fill(card, "said", message);
    else {
      this.said.textContent = message;
      this.said.hidden = !message;
    }
    announce(message);
  }

  /** What was said of the last decision. */
  #clear() {
    this.said.hidden = true;
    for (const card of this.page.querySelectorAll("[data-key]")) fill(card, "said", "");
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
