// An own question: put in other words or withdrawn while it waits, and its answer by mail.

import { land } from "./focus.js";
import { fill, label, reasonOf, whyNotLive } from "./page.js";

export class Changing {
  /**
   * @param {{page: HTMLElement, socket: object, told: (message: object) => void,
   *   say: (kind: string, message: string) => void, said: HTMLElement}} room
   */
  constructor(room) {
    this.room = room;
    room.page.addEventListener("submit", (event) => this.#submitted(event));
  }

  #submitted(event) {
    const form = event.target.closest('[data-part="withdraw"], [data-part="change"], [data-part="wish"]');
    if (!form || this.room.socket.isBlocked) return;
    event.preventDefault();
    if (form.dataset.part === "change") this.#change(form);
    else if (form.dataset.part === "wish") this.#wish(form);
    else this.#withdraw(form);
  }

  /** The agency's answer by mail, or no longer. */
  async #wish(form) {
    const number = Number(form.elements.namedItem("number").value);
    const wanted = form.elements.namedItem("wanted").value === "true";
    try {
      this.#took(await this.room.socket.send({ do: "want-answer", number, wanted }));
      this.room.say("saved", label(wanted ? "wish.on" : "wish.off", { number }));
    } catch (error) {
      this.room.say("refused", this.#why(error));
    }
  }

  async #withdraw(form) {
    const number = Number(form.elements.namedItem("number").value);
    try {
      this.#took(await this.room.socket.send({ do: "withdraw", number }));
      this.room.say("saved", label("withdrawn", { number }));
      land(this.room.said);
    } catch (error) {
      this.room.say("refused", this.#why(error));
    }
  }

  /** What was typed stays where it is until the server has it. */
  async #change(form) {
    const fields = form.elements;
    const number = Number(fields.namedItem("number").value);
    const text = fields.namedItem("text").value.trim();
    fill(form, "change-said", text ? "" : label("empty"));
    if (!text) return;
    const with_name = fields.namedItem("with_name").checked;
    try {
      const done = await this.room.socket.send({ do: "change", number, text, with_name });
      form.closest("details").open = false;
      this.#took(done);
      this.room.say("saved", label("changed", { number }));
      land(this.room.said);
    } catch (error) {
      fill(form, "change-said", this.#why(error));
    }
  }

  #took({ question }) {
    this.room.told({ type: "own-question", question });
  }

  #why(error) {
    return error.code === "offline"
      ? whyNotLive(this.room.socket, "offline.later")
      : reasonOf(error);
  }
}
