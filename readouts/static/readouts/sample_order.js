// Where a dragged sample question goes. Pure.

/**
 * The order after one was dropped before or after another; those that do not name two different
 * ones change nothing.
 *
 * @template T
 * @param {T[]} order
 * @param {T} moved
 * @param {T} target
 * @param {"before" | "after"} side
 * @returns {T[]}
 */
export function dropped(order, moved, target, side) {
  if (moved === target || !order.includes(moved) || !order.includes(target)) return [...order];
  const rest = order.filter((one) => one !== moved);
  rest.splice(rest.indexOf(target) + (side === "after" ? 1 : 0), 0, moved);
  return rest;
}

/** Which side of a box a pointer at this height means. */
export function sideOf(y, { top, height }) {
  return y < top + height / 2 ? "before" : "after";
}
