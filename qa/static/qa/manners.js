// How questions are asked here now: with whose name, how fast, how many, and by whom not.

import { counted, fill, label } from "./page.js";

const SECOND = 1_000;

export class Manners {
  #until;
  #left;

  /** @param {HTMLElement} page @param {HTMLFormElement} form the form to ask */
  constructor(page, form) {
    this.page = page;
    this.form = form;
    this.withName = form.elements.namedItem("with_name");
    this.#until = performance.now() + Number(form.dataset.wait) * SECOND;
    this.#left = form.dataset.left === undefined ? null : Number(form.dataset.left);
    setInterval(() => this.#count(), SECOND);
  }

  /** Whether the asker wants the own name beside the question. */
  get isNamed() {
    return this.withName.checked;
  }

  /** Whether the agency's answer is to be mailed. There is no such box without an address. */
  get wantsAnswer() {
    return this.form.elements.namedItem("wants_answer")?.checked ?? false;
  }

  get language() {
    return this.form.elements.namedItem("language").value;
  }

  /** As a question was asked that is to be asked again. */
  choose({ with_name, wants_answer, language }) {
    const { elements } = this.form;
    this.withName.checked = with_name;
    if (elements.namedItem("wants_answer")) elements.namedItem("wants_answer").checked = wants_answer;
    elements.namedItem("language").value = language;
    if (language) elements.namedItem("language").closest("details").open = true;
  }

  render({ attribution, secondsBetween, silence, epoch }) {
    if (epoch === null) return;
    this.secondsBetween = secondsBetween;
    for (const node of this.page.querySelectorAll("[data-names]")) {
      node.hidden = node.dataset.names !== attribution;
    }
    this.#renderSilence(silence);
    fill(this.form, "pace", secondsBetween ? counted("pace", secondsBetween) : "");
    this.#count();
  }

  /** A question was just saved: the next one may have to wait. */
  asked() {
    this.#until = performance.now() + (this.secondsBetween ?? 0) * SECOND;
    if (this.#left) this.#left -= 1;
    this.#count();
  }

  #renderSilence(silence) {
    const notice = this.page.querySelector('[data-room="silence"]');
    notice.hidden = silence === null;
    fill(notice, "silence-why", silence?.reason ? label("silence.why", silence) : "");
    this.form.querySelector('[data-room="fields"]').disabled = silence !== null;
  }

  #count() {
    const wait = Math.ceil((this.#until - performance.now()) / SECOND);
    const isSlow = wait > 0 && this.secondsBetween !== 0;
    fill(this.form, "countdown", isSlow ? counted("countdown", wait) : "");
    fill(this.form, "quota", this.#left === null ? "" : counted("quota", this.#left));
  }
}

/** In sentences: what changed of how questions are asked. */
export function mannersNews(known, state) {
  if (known.epoch === null) return [];
  const news = [];
  if (known.attribution !== state.attribution) news.push(label(`names-are.${state.attribution}`));
  if (state.topic && known.topic !== state.topic) {
    news.push(label("topic-is", { topic: state.topic }));
  }
  if (state.secondsBetween && known.secondsBetween !== state.secondsBetween) {
    news.push(counted("pace", state.secondsBetween));
  }
  if (!known.silence && state.silence) news.push(label("silence.begun"));
  if (known.silence && !state.silence) news.push(label("silence.ended"));
  return news;
}
