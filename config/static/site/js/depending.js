// Hides fields that apply only after another answer. Without it they stay, with a hint that says so.

function answers(form, name) {
  const controls = [...form.elements].filter((control) => control.name === name && !control.disabled);
  const chosen = controls.filter(
    (control) => !["radio", "checkbox"].includes(control.type) || control.checked,
  );
  return chosen.map((control) => control.value);
}

/** A hidden field is disabled too, so that nothing is sent that nobody sees. */
function follow(form) {
  for (const part of form.querySelectorAll("[data-only-if]")) {
    const applies = answers(form, part.dataset.onlyIf).includes(part.dataset.answer);
    part.hidden = !applies;
    for (const control of part.querySelectorAll("input, select, textarea")) {
      control.disabled = !applies;
    }
  }
}

for (const form of document.querySelectorAll("form:has([data-only-if])")) {
  // Twice: what hides now may be what another part depends on.
  const settle = () => [follow, follow].forEach((step) => step(form));
  form.addEventListener("input", settle);
  settle();
}
