// The desk's three lists: which question is in which, in which order, and which of them are tabs on
// a narrow window.

import { arranged, isAnswering } from "./order.js";
import { copyOf, counted } from "./page.js";
import { sifted } from "./desk-sift.js";
import { Windowed } from "./windowed.js";

export const COLUMNS = {
  waiting: (question) => question.state === "waiting",
  shown: (question) => question.state === "shown",
  rest: (question) => !["waiting", "shown"].includes(question.state),
};

export class Lists {
  /** What a column has listed before: who comes anew is fresh. */
  #known = null;

  /** @param {HTMLElement} page @param {(node: HTMLElement, question: object) => void} update */
  constructor(page, update) {
    this.page = page;
    this.columns = new Map();
    const part = (name) => page.querySelector(`[data-desk="${name}"]`);
    for (const name of Object.keys(COLUMNS)) {
      const news = part(`${name}-news`);
      const list = new Windowed({
        list: part(name),
        scroll: part(`${name}-scroll`),
        key: (question) => question.number,
        create: () => copyOf("desk-question"),
        update,
        news(count) {
          news.hidden = count === 0;
          if (count) news.textContent = counted("news", count);
        },
      });
      news.addEventListener("click", () => this.goTo(list.firstFresh()));
      this.columns.set(name, { list, counts: [part(`${name}-count`), part(`${name}-jump`)], none: part(`${name}-none`) });
    }
    for (const pages of page.querySelectorAll("[data-desk=pages]")) pages.remove();
    for (const link of page.querySelectorAll(".jump a")) {
      link.addEventListener("click", (event) => this.#openTab(event, link));
    }
    this.showTab("waiting");
  }

  /**
   * @param {object[]} questions all of them @param {{sort: string, filters: object, zone: string}} how
   * @param {(question: object) => number} votes
   */
  show(questions, { sort, filters, zone }, votes) {
    const kept = new Set(sifted(questions, filters, zone));
    // What is being answered now stays, whatever is chosen.
    const listed = questions.filter((question) => kept.has(question) || isAnswering(question));
    const ordered = arranged(listed, sort, votes);
    const known = this.#known;
    this.#known = new Set(questions.map((question) => question.number));
    for (const [name, belongs] of Object.entries(COLUMNS)) {
      const { list, counts, none } = this.columns.get(name);
      const mine = ordered.filter(belongs);
      const fresh = known && name === "waiting" ? mine.map((q) => q.number).filter((n) => !known.has(n)) : [];
      list.show(mine, fresh);
      for (const count of counts) count.textContent = String(mine.length);
      none.hidden = mine.length > 0;
    }
  }

  /** The list that a card is in. */
  of(card) {
    return this.columns.get(card.closest("[data-column]").dataset.column).list;
  }

  named(name) {
    return this.columns.get(name).list;
  }

  /** Put the focus on a question's card, wherever it is listed. */
  goTo(number) {
    for (const [name, { list }] of this.columns) {
      if (!list.items.some((question) => question.number === number)) continue;
      this.showTab(name);
      const card = list.reveal(number);
      card?.focus({ preventScroll: true });
      return card;
    }
    return undefined;
  }

  /** Where there is room for one list only, it is this one. */
  showTab(name) {
    this.page.dataset.tab = name;
    for (const link of this.page.querySelectorAll(".jump a")) {
      const isIt = link.hash === `#${name}-heading`;
      if (isIt) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    for (const { list } of this.columns.values()) list.draw();
  }

  #openTab(event, link) {
    event.preventDefault();
    const name = link.hash.slice(1).replace("-heading", "");
    this.showTab(name);
    this.page.querySelector(`[data-desk="${name}"]`).focus({ preventScroll: true });
  }
}
