// How the reader of the room wants the list, kept in the page's address.

/**
 * Say when the choice changed, and give how to read it. As long as a page `isKnown` only to the
 * server, the server makes the list.
 * @returns {() => {sort: string, unanswered: boolean, mine: boolean, label: string, q: string}}
 */
export function offerChoice(form, isKnown, changed) {
  const take = () => {
    const said = [...new FormData(form)].filter(([, value]) => value);
    history.replaceState(null, "", `?${new URLSearchParams(said)}`);
    changed();
  };
  form.addEventListener("change", () => (isKnown() ? take() : form.submit()));
  form.addEventListener("input", (event) => {
    if (isKnown() && event.target.type === "search") take();
  });
  form.addEventListener("submit", (event) => {
    if (!isKnown()) return;
    event.preventDefault();
    take();
  });
  form.querySelector("button").hidden = true;
  return () => ({
    sort: valueOf(form, "sort"),
    label: valueOf(form, "label"),
    q: valueOf(form, "q"),
    unanswered: isChecked(form, "unanswered"),
    mine: isChecked(form, "mine"),
  });
}

/** Everything again, in the order that is chosen. */
export function offerAll(link, form) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    for (const field of form.querySelectorAll("input")) {
      if (field.type === "checkbox") field.checked = false;
      else field.value = "";
    }
    form.elements.namedItem("label").value = "";
    form.dispatchEvent(new Event("change"));
    document.getElementById("questions-heading").scrollIntoView({ block: "nearest" });
  });
}

/** A topic that came up after the page was made can be chosen too. */
export function offerTopics(form, questions) {
  const select = form.elements.namedItem("label");
  const known = new Set([...select.options].map((option) => option.value));
  for (const { label } of questions) {
    if (!label || known.has(label)) continue;
    known.add(label);
    select.add(new Option(label, label));
  }
  select.closest("label").hidden = known.size < 2;
}

function valueOf(form, name) {
  return form.elements.namedItem(name)?.value ?? "";
}

function isChecked(form, name) {
  return form.elements.namedItem(name)?.checked ?? false;
}
