// A card that has just moved is not the one that the pointer was aimed at: for a moment its buttons
// take no clicks. Keys are not aimed by place, and go on working.

const SETTLED_AFTER = 600;

export class Settling {
  #since = new WeakMap();

  /** @param {HTMLElement} page whose cards have a data-key and perhaps a data-revision */
  constructor(page) {
    this.page = page;
  }

  /** Do a change of the page and notice which cards have another place, or other buttons, by it. */
  during(change) {
    const before = new Map(this.#cards().map((card) => [card, placeOf(card)]));
    change();
    const moved = this.#cards().filter((card) => before.get(card) !== placeOf(card));
    if (moved.length) this.#hold(moved);
  }

  #cards() {
    return [...this.page.querySelectorAll("[data-key]")];
  }

  #hold(cards) {
    const now = performance.now();
    for (const card of cards) {
      this.#since.set(card, now);
      card.classList.add("is-settling");
    }
    setTimeout(() => {
      for (const card of cards) {
        if (this.#since.get(card) === now) card.classList.remove("is-settling");
      }
    }, SETTLED_AFTER);
  }
}

function placeOf(card) {
  const { left, top } = card.getBoundingClientRect();
  return `${Math.round(left)} ${Math.round(top)} ${card.dataset.revision}`;
}
