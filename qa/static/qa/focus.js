// The focus of somebody who works by keyboard, kept where cards come and go. It lands on a card and
// never on a button of one: a repeated key must not decide what nobody has read.

/** Do a change of the page; who loses the focus by it gets the same card, the next, or the heading. */
export function keepFocus(change) {
  const focused = document.activeElement;
  const card = focused.closest("[data-key]");
  const list = card?.parentElement;
  const near = card ? [card, ...followers(card), ...leaders(card)] : [];
  change();
  if (!card || isThere(focused)) return;
  const anew = list.querySelector(`[data-key="${card.dataset.key}"]`);
  land(anew ?? near.find((one) => one.parentElement === list) ?? headingOf(list));
}

/** Put the focus on something that is no control. */
export function land(node) {
  node.tabIndex = -1;
  node.focus({ preventScroll: true });
  if (node.matches(":focus-visible")) node.scrollIntoView({ block: "nearest" });
}

/** What is read out when a card has the focus: its number and its text. */
export function nameCard(node, prefix) {
  const parts = ["number", "text"].map((name) => {
    const part = node.querySelector(`[data-part="${name}"]`);
    part.id = `${prefix}-${node.dataset.key}-${name}`;
    return part.id;
  });
  node.setAttribute("aria-labelledby", parts.join(" "));
}

function isThere(node) {
  return node.isConnected && node.getClientRects().length > 0;
}

function followers(card) {
  const found = [];
  for (let one = card.nextElementSibling; one; one = one.nextElementSibling) found.push(one);
  return found;
}

function leaders(card) {
  const found = [];
  for (let one = card.previousElementSibling; one; one = one.previousElementSibling) found.push(one);
  return found;
}

function headingOf(list) {
  return list.closest("section").querySelector("h2");
}
