// What room, desk and screen share: words from the page, keyed lists, the state line.

const labels = new Map(
  [...document.querySelectorAll("[data-label]")].map((node) => [
    node.dataset.label,
    node.textContent.trim(),
  ]),
);
const language = document.documentElement.lang || "en";
const plural = new Intl.PluralRules(language);
const figures = new Intl.NumberFormat(language);
const timeZone = document.querySelector("[data-zone]")?.dataset.zone;
const clock = new Intl.DateTimeFormat(language, { hour: "numeric", minute: "2-digit", timeZone });
const exactClock = new Intl.DateTimeFormat(language, { timeStyle: "medium", timeZone });

/** A word that the server has put into the page, in the page's language. */
export function label(key, values = {}) {
  return (labels.get(key) ?? "").replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

/** The words for so many of a thing: of `key.one`, `key.other` and the like. */
export function counted(key, number) {
  const form = `${key}.${plural.select(number)}`;
  return label(labels.has(form) ? form : `${key}.other`, { number: figures.format(number) });
}

/** Why a command was not done, in words, with the time at which it may be tried again. */
export function reasonOf(error) {
  const again = error.retry_after
    ? label("again", { time: exactTimeOf(Date.now() + error.retry_after * 1000) })
    : "";
  return [error.message || label("failed"), again].filter(Boolean).join(" ");
}

/** What a page that is not live says of something that was to be sent. */
export function whyNotLive(socket, key) {
  return label(socket.hasEnded ? `line.${socket.ending}` : key);
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
  node.hidden = false;
  node.dataset.state = state;
  node.textContent = label(`line.${state}`);
}

export function timeOf(moment) {
  return moment ? clock.format(new Date(moment)) : "";
}

export function exactTimeOf(moment) {
  return exactClock.format(new Date(moment));
}

/** Make a list show these items, touching only what changed, so that focus and place stay. */
export function showList(list, items, key, create, update) {
  const focused = document.activeElement;
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
  // A node that moves loses the focus.
  if (focused !== document.activeElement && list.contains(focused)) {
    focused.focus({ preventScroll: true });
  }
}

/** The announcements that stand, in their own section. */
export function showAnnouncements(section, list, announcements) {
  showList(list, announcements.values(), (one) => one.number, () => copyOf("announcement"), (node, one) => {
    fillWithLinks(node, "text", one.text);
    fill(node, "time", timeOf(one.announced_at));
  });
  section.hidden = announcements.size === 0;
}

// The server's pages know the same rule (engagements/templatetags/links.py).
const LINK =
  /(https:\/\/[^\s<>"'\u202a-\u202e\u2066-\u2069]*[^\s<>"'\u202a-\u202e\u2066-\u2069.,;:!?)\]}])/;

/** As `fill`, for a text that never changes; addresses in it become links. */
function fillWithLinks(node, name, text) {
  const part = node.querySelector(`[data-part="${name}"]`);
  if (part.hasChildNodes()) return;
  // With a group in the pattern, what is split at stays: every other piece is an address.
  part.append(...text.split(LINK).map((piece, at) => (at % 2 ? linkTo(piece) : piece)));
}

function linkTo(address) {
  const link = copyOf("announcement-link");
  link.href = address;
  fill(link, "address", address);
  return link;
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

/**
 * Keep the choice of an order in the page's address and say when it changed; gives how to read it.
 * As long as a page `isKnown` only to the server, the server puts its lists in order.
 */
export function offerOrder(form, isKnown, changed) {
  form.addEventListener("change", () => {
    if (!isKnown()) return form.submit();
    history.replaceState(null, "", `?${new URLSearchParams(new FormData(form))}`);
    changed();
  });
  form.querySelector("button").hidden = true;
  return () => ({
    sort: form.elements.namedItem("sort").value,
    unanswered: form.elements.namedItem("unanswered")?.checked ?? false,
  });
}

/** Votes are an order only for who sees them. */
export function offerVotesOrder(form, isOffered) {
  const option = form.querySelector("option[value=votes]");
  option.hidden = option.disabled = !isOffered;
}
