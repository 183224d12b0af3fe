// A line at the edge of the page that says what became of one's own questions, where the card
// itself is out of sight. It takes no focus and goes by itself when its card is looked at.

import { label } from "./page.js";

export class Notice {
  #numbers = new Set();
  #watching = null;

  /** @param {HTMLElement | null} node @param {HTMLElement} page */
  constructor(node, page) {
    this.node = node;
    this.page = page;
    if (!node) return;
    this.link = node.querySelector("a");
    node.querySelector("button").addEventListener("click", () => this.#close());
    this.link.addEventListener("click", () => this.#close());
  }

  /** @param {{number: number, words: string}[]} news */
  show(news) {
    const unseen = news.filter(({ number }) => !isInSight(this.#card(number)));
    if (!this.node || unseen.length === 0) return;
    for (const { number } of unseen) this.#numbers.add(number);
    const isOne = this.#numbers.size === 1;
    this.link.textContent = isOne ? unseen.at(-1).words : label("own.news.many");
    this.link.href = isOne ? `#own-${unseen.at(-1).number}` : "#own-heading";
    this.node.hidden = false;
    this.#watch();
  }

  #watch() {
    this.#watching?.disconnect();
    this.#watching = new IntersectionObserver((seen) => {
      if (seen.some((one) => one.isIntersecting)) this.#close();
    }, { threshold: 0.6 });
    for (const number of this.#numbers) {
      const card = this.#card(number);
      if (card) this.#watching.observe(card);
    }
  }

  #close() {
    this.#watching?.disconnect();
    this.#numbers.clear();
    this.node.hidden = true;
  }

  #card(number) {
    return this.page.querySelector(`#own-${number}`);
  }
}

function isInSight(card) {
  if (!card || card.getClientRects().length === 0) return false;
  const { top, bottom } = card.getBoundingClientRect();
  return bottom > 0 && top < window.innerHeight;
}
