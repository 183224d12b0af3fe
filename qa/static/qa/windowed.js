// A long list of which only the rows in sight are in the page. Rows may be of any height: each is
// measured when it is there, and guessed from the others until then. What the reader has before the
// eyes keeps its place, whatever comes above it or goes.

import { showList } from "./page.js";

const GUESS = 160;
/** Rows this far outside of what is seen are there already when they come into sight. */
const BEYOND = 500;
/** Of a list that is not displayed at all. */
const UNSEEN_ROWS = 8;
const PASSES = 3;

export class Windowed {
  #items = [];
  #places = new Map();
  #heights = new Map();
  #offsets = [0];
  #fresh = new Set();
  #width = 0;
  #isDrawing = false;
  #isLaid = false;

  /**
   * `key` names an item, `create` and `update` are those of `showList`; `news` is told how many
   * fresh items the reader has not had in sight yet.
   * @param {{list: HTMLElement, scroll: HTMLElement, key: (item: object) => number,
   *   create: () => HTMLElement, update: (node: HTMLElement, item: object) => void,
   *   news: (count: number) => void}} options
   */
  constructor(options) {
    this.options = options;
    this.list = options.list;
    this.scroll = options.scroll;
    this.gap = Number.parseFloat(getComputedStyle(this.list).rowGap) || 0;
    this.scroll.addEventListener("scroll", () => this.draw(), { passive: true });
    window.addEventListener("scroll", () => this.draw(), { passive: true });
    new ResizeObserver(() => this.#resized()).observe(this.scroll);
  }

  get items() {
    return this.#items;
  }

  /** Show these from now on. `fresh` are keys of items that have just come. */
  show(items, fresh = []) {
    const anchor = this.#anchor();
    // The server's rows hold only what fitted them as they were sent: copies take their place.
    if (!this.#isLaid) this.list.replaceChildren();
    this.#isLaid = true;
    this.#items = items;
    this.#places = new Map(items.map((item, at) => [this.options.key(item), at]));
    for (const key of fresh) if (this.#places.has(key)) this.#fresh.add(key);
    for (const key of this.#fresh) if (!this.#places.has(key)) this.#fresh.delete(key);
    for (const key of this.#heights.keys()) if (!this.#places.has(key)) this.#heights.delete(key);
    this.#measureOffsets();
    this.draw(this.#holds(anchor) ? anchor : null);
  }

  /** Put the rows in sight into the page; what `anchor` names stays where it was. */
  draw(anchor = this.#anchor()) {
    // Until the first list is known, what the server has put there stays.
    if (this.#isDrawing || !this.#isLaid) return;
    this.#isDrawing = true;
    for (let pass = 0; pass < PASSES; pass++) {
      if (anchor) this.#moveTo(anchor);
      const [first, last] = this.#range();
      this.#mount(first, last);
      if (!this.#measure(first)) break;
    }
    if (anchor) this.#moveTo(anchor);
    this.#isDrawing = false;
    this.#see();
  }

  /** The row of an item, brought into sight; undefined for an item that is not listed. */
  reveal(key) {
    const at = this.#places.get(key);
    if (at === undefined) return undefined;
    if (!this.#isInSight(at)) {
      const clip = this.#clip();
      const middle = (clip.bottom - clip.top - this.#height(at)) / 2;
      this.draw({ key, top: clip.top + Math.max(0, middle) });
    }
    const row = this.list.querySelector(`[data-key="${key}"]`);
    // A list that scrolls by itself is brought into the window as a whole.
    if (this.#scrolls()) this.scroll.scrollIntoView({ block: "nearest" });
    return row;
  }

  /** The key of the item so many rows after another; the first one where there is no other. */
  after(key, step) {
    const at = this.#places.get(key);
    const wanted = at === undefined ? 0 : Math.min(Math.max(0, at + step), this.#items.length - 1);
    return this.#items.length ? this.options.key(this.#items[wanted]) : null;
  }

  /** The keys between two, both included. */
  between(one, other) {
    const [from, to] = [this.#places.get(one), this.#places.get(other)];
    if (from === undefined || to === undefined) return [];
    const part = this.#items.slice(Math.min(from, to), Math.max(from, to) + 1);
    return part.map((item) => this.options.key(item));
  }

  /** The first of the fresh ones that nobody has seen. */
  firstFresh() {
    return [...this.#fresh].sort((a, b) => this.#places.get(a) - this.#places.get(b))[0] ?? null;
  }

  #height(at) {
    return this.#offsets[at + 1] - this.#offsets[at];
  }

  #measureOffsets() {
    const known = [...this.#heights.values()];
    const guess = known.length ? known.reduce((a, b) => a + b, 0) / known.length : GUESS;
    this.#offsets = [0];
    for (const item of this.#items) {
      const height = this.#heights.get(this.options.key(item)) ?? guess;
      this.#offsets.push(this.#offsets.at(-1) + height + this.gap);
    }
  }

  /** What of the page the list may be seen in. */
  #clip() {
    const place = this.scroll.getBoundingClientRect();
    return {
      top: Math.max(0, place.top),
      bottom: Math.min(window.innerHeight, Math.max(place.bottom, place.top + 1)),
    };
  }

  /** Where the first row begins, as the window counts. */
  #start() {
    return this.list.getBoundingClientRect().top;
  }

  #isDisplayed() {
    return this.list.getClientRects().length > 0;
  }

  #range() {
    if (!this.#isDisplayed()) return [0, Math.min(UNSEEN_ROWS, this.#items.length)];
    const [clip, start] = [this.#clip(), this.#start()];
    const first = this.#at(clip.top - start - BEYOND);
    const last = this.#at(clip.bottom - start + BEYOND);
    return [first, Math.min(this.#items.length, last + 1)];
  }

  /** The place of the row at a distance from the list's beginning. */
  #at(distance) {
    let [low, high] = [0, Math.max(0, this.#items.length - 1)];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#offsets[middle] <= distance) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #mount(first, last) {
    const focused = document.activeElement?.closest("[data-key]");
    const { key, create, update } = this.options;
    const rows = this.#items.slice(first, last);
    const all = String(this.#items.length);
    this.list.style.paddingBlockStart = `${this.#offsets[first]}px`;
    this.list.style.paddingBlockEnd = `${this.#offsets[this.#items.length] - this.#offsets[last]}px`;
    const isGoing = focused?.parentElement === this.list && this.#isOutside(focused, first, last);
    // What leaves the page would take the focus with it: the list holds it meanwhile.
    if (isGoing) this.list.focus({ preventScroll: true });
    showList(this.list, rows, key, create, (node, item) => {
      update(node, item);
      node.setAttribute("aria-setsize", all);
      node.setAttribute("aria-posinset", String(this.#places.get(key(item)) + 1));
    });
  }

  #isOutside(node, first, last) {
    const at = this.#places.get(Number(node.dataset.key));
    return at !== undefined && (at < first || at >= last);
  }

  /** Whether a row turned out to have another height than was thought. */
  #measure(first) {
    if (!this.#isDisplayed()) return false;
    let hasChanged = false;
    for (const node of this.list.children) {
      const [key, height] = [Number(node.dataset.key), node.offsetHeight];
      const at = this.#places.get(key);
      if (Math.abs(this.#height(at) - this.gap - height) > 0.5) hasChanged = true;
      this.#heights.set(key, height);
    }
    if (!hasChanged) return false;
    this.#measureOffsets();
    this.list.style.paddingBlockStart = `${this.#offsets[first]}px`;
    return true;
  }

  /** The first row that is seen, and where. */
  #anchor() {
    if (!this.#items.length || !this.#isDisplayed()) return null;
    const [clip, start] = [this.#clip(), this.#start()];
    if (start >= clip.top) return { key: this.options.key(this.#items[0]), top: start, isTop: true };
    const at = this.#at(clip.top - start + 1);
    const later = this.#items.slice(at, at + 20).map((item) => this.options.key(item));
    return { key: later[0], top: start + this.#offsets[at], later };
  }

  /** Who reads the list's top goes on doing so, unless what has come there is fresh. */
  #holds(anchor) {
    if (!anchor) return false;
    if (anchor.isTop) {
      const above = this.#items.slice(0, this.#places.get(anchor.key) ?? 0);
      return above.some((item) => this.#fresh.has(this.options.key(item)));
    }
    // What was first in sight has left the list: what came after it takes its place.
    anchor.key = anchor.later.find((key) => this.#places.has(key));
    return anchor.key !== undefined;
  }

  #moveTo({ key, top }) {
    const at = this.#places.get(key);
    if (at === undefined || !this.#isDisplayed()) return;
    const total = this.#offsets[this.#items.length];
    this.list.style.minBlockSize = `${total}px`;
    const off = this.#start() + this.#offsets[at] - top;
    if (Math.abs(off) < 1) return;
    if (this.#scrolls()) this.scroll.scrollTop += off;
    else window.scrollBy(0, off);
  }

  #scrolls() {
    return getComputedStyle(this.scroll).overflowY === "auto";
  }

  #isInSight(at) {
    if (!this.#isDisplayed()) return false;
    const [clip, start] = [this.#clip(), this.#start()];
    const [top, bottom] = [start + this.#offsets[at], start + this.#offsets[at + 1] - this.gap];
    return top >= clip.top && bottom <= clip.bottom && bottom - top > 0 && this.#hasRow(at);
  }

  #hasRow(at) {
    return this.list.querySelector(`[data-key="${this.options.key(this.#items[at])}"]`) !== null;
  }

  #see() {
    for (const key of this.#fresh) {
      if (!document.hidden && this.#isInSight(this.#places.get(key))) this.#fresh.delete(key);
    }
    this.options.news(this.#fresh.size);
  }

  #resized() {
    const width = this.list.offsetWidth;
    if (width === this.#width) return this.draw();
    this.#width = width;
    this.#heights.clear();
    this.#measureOffsets();
    this.draw();
  }
}
