// The desk by keyboard. Single keys act upon the card that has the focus, never while somebody types,
// and can be switched off (WCAG 2.1.4). The overview lists them all.

import { announce, label } from "./page.js";

const KEPT = "openfloor.desk.keys";
const FOCUSABLE = "button, a[href], input, select, textarea, summary";

/** Key -> the button of a card that it presses. */
const BUTTONS = {
  s: '[data-do="show"]',
  h: '[data-do="hold"]',
  c: '[data-do="divert"]',
  a: '[value="answering"]',
  l: '[value="answered_live"]',
  f: '[value="follow_up"]',
};

/** Key -> what of the open question gets the focus. */
const FIELDS = {
  e: 'form[action*="edit"] textarea',
  m: 'form[action*="merge"] :is(input:not([type=hidden]), select, button)',
  n: 'form[action*="note"] :is(textarea, input:not([type=hidden]))',
};

const JUMPS = { w: "waiting", s: "shown", r: "rest" };

export class Keys {
  #current = null;
  #isJumping = false;

  /** @param {{page: HTMLElement, lists: object, picks: object | null, decisions: object | null,
   *   panel: object, questions: () => Map<number, object>}} desk */
  constructor(desk) {
    Object.assign(this, desk);
    const part = (name) => this.page.querySelector(`[data-desk="${name}"]`);
    this.dialog = part("keys");
    this.search = this.page.querySelector("#desk-q");
    this.toggle = part("keys-on");
    this.toggle.checked = kept() !== "off";
    this.toggle.addEventListener("change", () => keep(this.toggle.checked ? "on" : "off"));
    part("keys-open").hidden = false;
    part("keys-open").addEventListener("click", () => this.#explain());
    part("keys-close").addEventListener("click", () => this.dialog.close());
    document.addEventListener("keydown", (event) => this.#pressed(event));
    this.page.addEventListener("focusin", (event) => {
      const card = event.target.closest(".card[data-key]");
      if (card) this.#current = { number: Number(card.dataset.key), list: this.lists.of(card) };
    });
  }

  get #card() {
    return document.activeElement?.closest(".card[data-key]") ?? null;
  }

  #pressed(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.querySelector("dialog:modal")) return;
    const { key } = event;
    if (key === "Escape") return this.#escape(event);
    if (isTyping(event.target) || this.panel.dialog.contains(event.target)) return;
    if (key === "Enter") return this.#enter(event);
    if (key === "ArrowDown" || key === "ArrowUp") return this.#arrow(event);
    if (!this.toggle.checked || key.length !== 1) return;
    if (this.#single(key, event)) event.preventDefault();
  }

  /** Whether the key did something, or said why not. */
  #single(key, event) {
    if (this.#isJumping) {
      this.#isJumping = false;
      if (JUMPS[key]) return this.#jump(JUMPS[key]);
    }
    if (/^[1-9]$/.test(key)) return this.#choose(Number(key));
    const does = {
      j: () => this.#step(1),
      k: () => this.#step(-1),
      J: () => this.#step(1, true),
      K: () => this.#step(-1, true),
      g: () => (this.#isJumping = true),
      "/": () => this.search.focus(),
      "?": () => this.#explain(),
      u: () => this.decisions?.undo(),
      b: () => this.picks?.focus(),
      x: () => this.#pick(),
      d: () => this.#dismiss(),
    };
    if (does[key]) does[key]();
    else if (BUTTONS[key]) this.#press(BUTTONS[key], event);
    else if (FIELDS[key] && this.decisions) this.#open(FIELDS[key]);
    else return false;
    return true;
  }

  #arrow(event) {
    if (event.target.closest("select, [role=menu]")) return;
    // Without a card the arrows scroll the page, as everywhere.
    if (!this.#card) return;
    event.preventDefault();
    this.#step(event.key === "ArrowDown" ? 1 : -1, event.shiftKey);
  }

  #step(by, isSelecting = false) {
    const from = this.#here();
    if (!from) return;
    if (isSelecting && this.picks) this.picks.extend(from.number, from.list);
    const wasOn = this.#card !== null;
    const number = wasOn ? from.list.after(from.number, by) : from.number;
    this.#focus(from.list, number);
    if (isSelecting && this.picks) this.picks.extend(number, from.list);
  }

  /** The card with the focus, or where it last was; else the first one of the first list that has any. */
  #here() {
    const current = this.#current;
    if (current?.list.items.some((question) => question.number === current.number)) return current;
    const lists = [...this.lists.columns.values()].map((column) => column.list);
    const list = [current?.list, ...lists].find((one) => one?.items.length);
    return list && { list, number: list.after(null, 0) };
  }

  #focus(list, number) {
    const card = list.reveal(number);
    card?.focus({ preventScroll: true });
    return card;
  }

  #jump(name) {
    this.lists.showTab(name);
    const list = this.lists.named(name);
    const first = list.after(null, 0);
    if (first === null) this.page.querySelector(`#${name}-heading`).focus();
    else this.#focus(list, first);
    return true;
  }

  #press(selector) {
    const card = this.#card;
    if (!card || !this.decisions) return;
    const button = card.querySelector(`.card-actions > ${selector}`);
    if (button && !button.hidden) button.form.requestSubmit(button);
    else this.#cannot(card);
  }

  #dismiss() {
    const card = this.#card;
    const details = card?.querySelector(".card-dismiss");
    if (!details) return;
    if (details.hidden) return this.#cannot(card);
    details.open = true;
    details.querySelector("button").focus();
    announce(label("choose-reason"));
  }

  /** A reason by its number, where the reasons are open. */
  #choose(number) {
    const details = this.#card?.querySelector(".card-dismiss[open]");
    const button = details?.querySelectorAll("button")[number - 1];
    if (!button) return false;
    button.form.requestSubmit(button);
    return true;
  }

  #cannot(card) {
    announce(label("not-now", { number: card.dataset.key }));
  }

  #pick() {
    const card = this.#card;
    if (card) this.picks?.toggle(Number(card.dataset.key));
  }

  /** On the card itself, or its box, Enter opens; on a button of it, it presses that. */
  #enter(event) {
    const card = this.#card;
    if (!card || (event.target !== card && !event.target.matches("[type=checkbox]"))) return;
    event.preventDefault();
    this.#open();
  }

  #open(field = "") {
    const number = Number(this.#card?.dataset.key);
    const question = this.questions().get(number);
    if (question) this.panel.open(question, field);
  }

  #escape(event) {
    const details = this.#card?.querySelector(".card-dismiss[open]");
    if (details) {
      details.open = false;
      this.#card.focus();
    } else if (this.panel.dialog.open) this.panel.close();
    else if (event.target === this.search) {
      // Browsers would empty it; what was sought is what the lists are to be worked at by.
      event.preventDefault();
      const here = this.#here();
      if (here) this.#focus(here.list, here.number);
    } else this.picks?.clear();
  }

  #explain() {
    this.dialog.showModal();
    this.dialog.querySelector(FOCUSABLE).focus();
  }
}

function isTyping(target) {
  if (target.matches("textarea, select, [contenteditable]")) return true;
  return target.matches("input") && !["checkbox", "radio", "button", "submit"].includes(target.type);
}

function kept() {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null;
  }
}

function keep(value) {
  try {
    localStorage.setItem(KEPT, value);
  } catch {
    // Where nothing may be kept the choice holds as long as the page.
  }
}
