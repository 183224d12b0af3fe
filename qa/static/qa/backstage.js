// Messages behind the scenes, at the desk and in a speaker's view. Its forms also work without it.

import { announce, copyOf, counted, fill, label, reasonOf, showList, timeOf, whyNotLive } from "./page.js";

export class Backstage {
  #known = new Set();
  #title = document.title;
  #sending = false;

  /** @param {{socket: object}} options the socket by which the page is live */
  constructor({ socket }) {
    this.socket = socket;
    this.panel = document.querySelector("[data-backstage=panel]");
    if (!this.panel) return;
    // What the page came with; what is said before the socket has entered is news already.
    this.#known = new Set([...this.#part("notes").children].map((node) => Number(node.dataset.key)));
    this.me = this.panel.dataset.me;
    this.maySpeak = this.panel.dataset.maySpeak === "true";
    this.panel.addEventListener("submit", (event) => this.#submitted(event));
    this.#part("say")?.addEventListener("keydown", (event) => this.#typed(event));
  }

  /** Each message of the socket; others than the list of messages backstage are not for us. */
  take(message) {
    if (message.type !== "backstage" || !this.panel) return;
    const fresh = message.messages.filter((one) => !this.#known.has(one.number));
    this.#known = new Set(message.messages.map((one) => one.number));
    this.#render(message.messages);
    this.#draw(fresh.filter((one) => one.by.who !== this.me));
  }

  /** Nothing can be said any more. */
  end() {
    for (const button of this.panel?.querySelectorAll("button") ?? []) button.disabled = true;
  }

  #part(name) {
    return this.panel.querySelector(`[data-backstage="${name}"]`);
  }

  #render(notes) {
    const create = () => copyOf("backstage-note");
    showList(this.#part("notes"), notes, (one) => one.number, create, (node, one) => this.#show(node, one));
    this.#part("none").hidden = notes.length > 0;
    const due = this.maySpeak ? notes.filter((one) => isDue(one, this.me)).length : 0;
    fill(this.panel, "due", due ? counted("backstage.due", due) : "");
    document.title = due ? `(${due}) ${this.#title}` : this.#title;
  }

  #show(node, note) {
    fill(node, "name", note.by.name);
    fill(node, "time", timeOf(note.at));
    fill(node, "text", note.text);
    fill(node, "of", label("backstage.of", { name: note.by.name }));
    const names = note.read_by.map((one) => one.name).join(", ");
    fill(node, "readers", names ? label("backstage.read", { names }) : "");
    const due = this.maySpeak && isDue(note, this.me);
    node.classList.toggle("is-due", due);
    const form = node.querySelector("form");
    if (!form) return;
    form.elements.namedItem("number").value = note.number;
    if (!due && form.contains(document.activeElement)) node.focus({ preventScroll: true });
    form.hidden = !due;
  }

  /** Draw attention to what is new, without taking the focus away. */
  #draw(fresh) {
    if (!fresh.length) return;
    const news = fresh.map((one) => label("backstage.news", { name: one.by.name, text: one.text }));
    announce(news.reverse().join(" "));
    for (const { number } of fresh) {
      this.#part("notes").querySelector(`[data-key="${number}"]`)?.classList.add("is-fresh");
    }
  }

  /** Enter sends, as in other conversations; with Shift it begins a line. */
  #typed(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    event.currentTarget.requestSubmit();
  }

  async #submitted(event) {
    const form = event.target;
    if (!form.dataset.backstage || this.socket.isBlocked) return;
    event.preventDefault();
    event.stopPropagation();
    if (this.#sending) return;
    this.#sending = true;
    const holder = form.closest("[data-key]") ?? form;
    fill(holder, "said", "");
    try {
      await this.socket.send(commandOf(form));
      if (form.dataset.backstage === "say") form.reset();
      else announce(label("backstage.acknowledged"));
    } catch (error) {
      fill(holder, "said", this.#why(error));
    } finally {
      this.#sending = false;
    }
  }

  #why(error) {
    return error.code === "offline" ? whyNotLive(this.socket, "backstage.later") : reasonOf(error);
  }
}

function commandOf(form) {
  const field = (name) => form.elements.namedItem(name).value;
  return form.dataset.backstage === "say"
    ? { do: "say", text: field("text") }
    : { do: "acknowledge", number: Number(field("number")) };
}

/** Whether this reader has still to acknowledge it. */
export function isDue(note, me) {
  return ![note.by, ...note.read_by].some((one) => one.who === me);
}
