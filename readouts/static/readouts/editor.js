// The editor of a readout: signs at a button's press, how a text reads while it is typed, saving
// by itself. Without this script the page saves at the press of a button.

import * as signs from "./signs.js";

const READ_AFTER = 500;
const SAVE_AFTER = 4_000;
const SAVE_AT_LEAST = 15_000;
const TRY_AGAIN_AFTER = 10_000;
// Signed out, signed in anew in another tab, or no editor any more: to ask again does not help.
const REFUSED = [403, 404];

const form = document.querySelector("form[data-editor]");
const state = form.querySelector("[data-editor-state]");
const words = form.dataset;
const dialog = document.getElementById("palette");
const stale = new Map(
  [...dialog.querySelectorAll("[data-now]")]
    .filter((button) => button.dataset.now)
    .map((button) => [button.dataset.key, button.dataset.now]),
);
const spelled = [...dialog.querySelectorAll("[data-words]")].map((one) => one.dataset.words);

/* Writing into a text, so that the browser can undo it */

function change(field, edit) {
  field.focus();
  field.setSelectionRange(edit.from, edit.to);
  const isDone = edit.put
    ? document.execCommand("insertText", false, edit.put)
    : edit.from === edit.to || document.execCommand("delete");
  if (!isDone) {
    field.setRangeText(edit.put, edit.from, edit.to);
    field.dispatchEvent(new Event("input", {bubbles: true}));
  }
  field.setSelectionRange(edit.start, edit.end);
}

function sign(field, name) {
  if (name === "figure") choose(field);
  else change(field, signs[name](field.value, field.selectionStart, field.selectionEnd));
}

/* The palette */

let target = null;

function choose(field) {
  target = {field, start: field.selectionStart, end: field.selectionEnd};
  const filter = dialog.querySelector("input");
  filter.value = "";
  narrow("");
  dialog.showModal();
  filter.focus();
}

function narrow(typed) {
  const sought = typed.trim().toLocaleLowerCase();
  for (const item of dialog.querySelectorAll("li")) {
    item.hidden = !item.textContent.toLocaleLowerCase().includes(sought);
  }
}

dialog.querySelector("input").addEventListener("input", (event) => narrow(event.target.value));
dialog.querySelector("input").addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  event.preventDefault();
  dialog.querySelector("li:not([hidden]) button:not(:disabled)")?.click();
});
dialog.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-key]");
  if (!button || !target) return;
  const {field, start, end} = target;
  dialog.close();
  change(field, signs.figure(field.value, start, end, button.dataset.key, spelled));
});

/* How it reads */

const reading = new Map();

function markStale(box) {
  for (const one of box.querySelectorAll("[data-figure]")) {
    const now = stale.get(one.dataset.figure);
    if (now === undefined) continue;
    one.classList.add("is-stale");
    const note = document.createElement("small");
    note.textContent = ` (${words.wordsStale.replace("%s", now)})`;
    one.append(note);
  }
}

function offer(box) {
  for (const button of box.querySelectorAll("[data-hint]")) button.hidden = false;
  markStale(box);
}

async function read(name) {
  const box = form.querySelector(`[data-reading="${name}"]`);
  const field = form.elements[name];
  const text = field?.value ?? "";
  reading.get(name)?.stop.abort();
  const stop = new AbortController();
  reading.set(name, {stop});
  box.setAttribute("aria-busy", "true");
  try {
    const body = new URLSearchParams({name, text, csrfmiddlewaretoken: csrf()});
    const answer = await fetch(words.sectionAddress, {method: "POST", body, signal: stop.signal});
    if (!answer.ok || answer.redirected) return;
    box.innerHTML = await answer.text();
    offer(box);
  } catch {
    // The next key, or the next saving, asks again.
  } finally {
    if (reading.get(name)?.stop === stop) box.removeAttribute("aria-busy");
  }
}

function csrf() {
  return form.elements.csrfmiddlewaretoken.value;
}

form.addEventListener("click", (event) => {
  const button = event.target.closest("[data-hint]");
  if (!button) return;
  const item = button.closest("li");
  const field = form.elements[button.closest("[data-reading]").dataset.reading];
  const start = Number(item.dataset.start);
  const end = Number(item.dataset.end);
  if (button.dataset.hint === "write") {
    change(field, signs.write(field.value, start, end, button.dataset.write));
    return;
  }
  // A text scrolls to its cursor when it gets the focus.
  field.setSelectionRange(end, end);
  field.blur();
  field.focus();
  field.setSelectionRange(start, end);
});

/* Saving by itself */

let changed = "changed" in words;
let version = 0;
let saving = null;
let isStopped = "changed" in words;
let timer = null;
let since = null;
let isLeaving = false;

function say(text, isBad = false) {
  state.textContent = text;
  state.classList.toggle("is-bad", isBad);
}

function plan(after) {
  clearTimeout(timer);
  since ??= Date.now();
  const left = Math.max(0, since + SAVE_AT_LEAST - Date.now());
  timer = setTimeout(save, Math.min(after, left));
}

function save() {
  clearTimeout(timer);
  saving ??= send().finally(() => { saving = null; });
  return saving;
}

async function send() {
  const sent = version;
  const body = new URLSearchParams(new FormData(form));
  body.set("then", "keep");
  say(words.wordsSaving);
  try {
    const answer = await fetch(form.action, {method: "POST", body});
    const isJson = answer.headers.get("Content-Type")?.startsWith("application/json");
    const told = isJson ? await answer.json() : null;
    if (told && answer.ok) keep(told, sent);
    else if (told) halt(answer.status === 409 ? `${told.sentence} ${words.wordsBoth}` : told.sentence);
    else if (answer.redirected || REFUSED.includes(answer.status)) halt(words.wordsSignedOut);
    else throw new Error(`${answer.status}`);
  } catch {
    since = null;
    say(words.wordsFailed, true);
    plan(TRY_AGAIN_AFTER);
  }
}

function keep(told, sent) {
  form.elements.revision.value = told.revision;
  form.elements.seen.value = told.seen;
  since = null;
  for (const box of form.querySelectorAll("[data-house]")) read(box.dataset.reading);
  if (version === sent) {
    changed = false;
    say(words.wordsSaved.replace("%s", told.at));
  } else {
    plan(SAVE_AFTER);
  }
}

/** Somebody else wrote the same part, or it cannot be edited now: the next press shows it. */
function halt(sentence) {
  isStopped = true;
  say(sentence, true);
}

const readers = new Map();

form.addEventListener("input", (event) => {
  if (event.target.name?.startsWith("comment-")) {
    changed = true;
    return;
  }
  const name = event.target.dataset.text;
  if (name) {
    clearTimeout(readers.get(name));
    readers.set(name, setTimeout(read, READ_AFTER, name));
  }
  changed = true;
  version += 1;
  if (isStopped) return;
  say(words.wordsChanged);
  plan(SAVE_AFTER);
});

form.addEventListener("submit", async (event) => {
  if (saving) {
    event.preventDefault();
    await saving;
    form.requestSubmit(event.submitter);
    return;
  }
  if (!event.submitter?.name && !isStopped) {
    event.preventDefault();
    await save();
    return;
  }
  clearTimeout(timer);
  isLeaving = true;
});

addEventListener("beforeunload", (event) => {
  if (changed && !isLeaving) event.preventDefault();
});
addEventListener("pageshow", () => { isLeaving = false; });

/* The toolbars */

function walk(bar, event) {
  const buttons = [...bar.querySelectorAll("button")];
  const here = buttons.indexOf(document.activeElement);
  const steps = {ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: buttons.length - 1};
  const next = steps[event.key];
  if (here < 0 || next === undefined) return;
  event.preventDefault();
  const there = (next + buttons.length) % buttons.length;
  buttons.forEach((button, place) => { button.tabIndex = place === there ? 0 : -1; });
  buttons[there].focus();
}

for (const bar of form.querySelectorAll("[data-toolbar]")) {
  const field = document.getElementById(bar.dataset.toolbar);
  bar.hidden = false;
  bar.querySelectorAll("button").forEach((one, place) => { one.tabIndex = place ? -1 : 0; });
  bar.addEventListener("keydown", (event) => walk(bar, event));
  bar.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button) sign(field, button.dataset.sign);
  });
  field.addEventListener("keydown", (event) => {
    const name = {b: "bold", i: "italic", k: "link"}[event.key.toLowerCase()];
    if (!name || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    sign(field, name);
  });
}

for (const way of form.querySelectorAll('a[href="#figure-names"]')) {
  way.addEventListener("click", () => { document.getElementById("figure-names").open = true; });
}

offer(form);
