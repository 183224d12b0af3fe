// What room and desk share: words from the page, keyed lists, the state line.

const labels = new Map(
  [...document.querySelectorAll("[data-label]")].map((node) => [
    node.dataset.label,
    node.textContent.trim(),
  ]),
);

/** A word that the server has put into the page, in the page's language. */
export function label(key, values = {}) {
  return (labels.get(key) ?? "").replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

/** Show what belongs to the engagement's state: nodes with data-when, which names their states. */
export function showWhen(page, state) {
  for (const node of page.querySelectorAll("[data-when]")) {
    node.hidden = !node.dataset.when.split(" ").includes(state);
  }
}

export function announce(text) {
  document.getElementById("announce").textContent = text;
}

/** The honest line that says how this page is connected. */
export function showLine(node, state) {
  node.dataset.state = state;
  node.textContent = label(`line.${state}`);
}

const clock = new Intl.DateTimeFormat(document.documentElement.lang || "en", {
  hour: "numeric",
  minute: "2-digit",
  timeZone: document.querySelector("[data-zone]")?.dataset.zone,
});

export function timeOf(moment) {
  return moment ? clock.format(new Date(moment)) : "";
}

/** Make a list show these items, touching only what changed, so that focus and place stay. */
export function showList(list, items, key, create, update) {
  const known = new Map([...list.children].map((node) => [node.dataset.key, node]));
  let before = list.firstElementChild;
  for (const item of items) {
    const name = String(key(item));
    const node = known.get(name) ?? create(item);
    node.dataset.key = name;
    known.delete(name);
    update(node, item);
    if (node === before) before = before.nextElementSibling;
    else list.insertBefore(node, before);
  }
  for (const node of known.values()) node.remove();
}

/** A copy of a <template>'s only element. */
export function copyOf(id) {
  return document.getElementById(id).content.firstElementChild.cloneNode(true);
}

export function fill(node, name, text) {
  const part = node.querySelector(`[data-part="${name}"]`);
  if (!part) return;
  if (part.textContent !== text) part.textContent = text;
  part.hidden = !text;
}
