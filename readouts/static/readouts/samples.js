// Sample questions by dragging, as an extra: the buttons and the places in the form do the same.
// What was dragged is saved with the form.

import { dropped, sideOf } from "./sample_order.js";

const form = document.getElementById("sample-form");
let dragged = null;

function mark(card, side) {
  for (const other of form.querySelectorAll("[data-drop]")) delete other.dataset.drop;
  if (card) card.dataset.drop = side;
}

function cards() {
  return [...form.querySelectorAll("[data-sample]")];
}

/** The card under the pointer, if it is another than the dragged one. */
function under(event) {
  const card = event.target.closest("[data-sample]");
  return dragged && card && card !== dragged ? card : null;
}

function drop(target, side) {
  const first = Math.min(...cards().map((card) => Number(field(card, "position").value)));
  const order = dropped(cards(), dragged, target, side);
  target[side](dragged);
  field(dragged, "heading").value = target.closest("[data-heading]").dataset.heading;
  order.forEach((card, place) => { field(card, "position").value = first + place; });
  // So that leaving the page asks first.
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

function field(card, name) {
  return card.querySelector(`[name="sample-${card.dataset.sample}-${name}"]`);
}

function begin(event) {
  const handle = event.target.closest("[data-handle]");
  if (!handle) return;
  dragged = handle.closest("[data-sample]");
  dragged.dataset.dragged = "";
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.dataset.sample);
  event.dataTransfer.setDragImage(dragged, 0, 0);
}

function over(event) {
  const card = under(event);
  mark(card, card && sideOf(event.clientY, card.getBoundingClientRect()));
  if (card) event.preventDefault();
}

function end() {
  mark(null);
  if (dragged) delete dragged.dataset.dragged;
  dragged = null;
}

if (form) {
  for (const handle of form.querySelectorAll("[data-handle]")) handle.hidden = false;
  form.addEventListener("dragstart", begin);
  form.addEventListener("dragover", over);
  form.addEventListener("drop", (event) => {
    const card = under(event);
    if (!card) return;
    event.preventDefault();
    drop(card, sideOf(event.clientY, card.getBoundingClientRect()));
  });
  form.addEventListener("dragend", end);
}
