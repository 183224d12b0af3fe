// What is listed at the desk, and in which order: chosen in a form, kept in the page's address.

/** Typing goes on for a moment before the lists follow. */
const PAUSE = 150;

/** What can be chosen because a question has it. */
const OF_QUESTIONS = ["category", "language"];

export class Filters {
  #timer = null;

  /** @param {HTMLFormElement} form @param {() => boolean} isKnown @param {() => void} changed */
  constructor(form, isKnown, changed) {
    Object.assign(this, { form, isKnown, changed });
    form.addEventListener("submit", (event) => this.#submitted(event));
    form.addEventListener("change", () => this.#changed());
    form.addEventListener("input", () => this.#typed());
    this.none = form.querySelector("[data-desk=no-filters]");
    this.none.addEventListener("click", (event) => this.clear(event));
    form.querySelector("button[type=submit]").hidden = true;
    form.querySelector("details").addEventListener("keydown", (event) => this.#leave(event));
  }

  /** @returns {{sort: string, filters: Record<string, string>}} */
  chosen() {
    const { sort, ...filters } = Object.fromEntries(new FormData(this.form));
    for (const name of Object.keys(filters)) if (!filters[name]) delete filters[name];
    return { sort, filters };
  }

  clear(event) {
    event?.preventDefault();
    for (const field of this.form.elements) {
      if (field.type === "checkbox") field.checked = false;
      else if (field.name && field.name !== "sort") field.value = "";
    }
    this.#changed();
  }

  /** Questions may have what none had when the page was made. */
  offer(questions) {
    for (const name of OF_QUESTIONS) {
      const select = this.form.elements.namedItem(name);
      const known = new Set([...select.options].map((option) => option.value));
      for (const question of questions) {
        const value = question[name];
        if (!value || known.has(value)) continue;
        known.add(value);
        select.add(new Option(value, value));
      }
    }
  }

  #submitted(event) {
    if (!this.isKnown()) return;
    event.preventDefault();
    this.#changed();
  }

  #typed() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#changed(), PAUSE);
  }

  /** As long as the page is known only to the server, the server chooses. */
  #changed() {
    clearTimeout(this.#timer);
    if (!this.isKnown()) return;
    const { sort, filters } = this.chosen();
    const count = Object.keys(filters).length;
    const query = new URLSearchParams({ sort, ...filters });
    history.replaceState(null, "", `?${query}`);
    const shown = this.form.querySelector("[data-desk=filters-count]");
    shown.textContent = String(count);
    shown.hidden = this.none.hidden = count === 0;
    this.changed();
  }

  #leave(event) {
    if (event.key !== "Escape") return;
    event.currentTarget.open = false;
    event.currentTarget.querySelector("summary").focus();
    event.stopPropagation();
  }
}
