// What has changed, in sentences, for whoever cannot see it change.

import { label } from "./page.js";

/** Of the floor and its votes. */
export function floorNews(known, state) {
  if (known.floor === null) return [];
  const news = [];
  if (known.floor !== state.floor) news.push(label(`floor-is.${state.floor}`));
  if (known.voting !== state.voting) news.push(label(`voting-is.${state.voting}`));
  return news;
}

/** Of the announcements to everybody; what is known from before was told before. */
export function announcementNews(known, state) {
  if (known.epoch === null) return [];
  return [...state.announcements.values()]
    .filter((one) => !known.announcements.has(one.number))
    .map((one) => label("announcement", { text: one.text }));
}

/** Of the questions at the desk; of many new ones the last. `stateOf` says how one stands. */
export function deskNews(known, state, stateOf) {
  const news = [];
  let fresh = null;
  for (const [number, question] of state.questions) {
    const before = known.questions.get(number);
    if (!before) fresh = number;
    else if (stateOf(before) !== stateOf(question)) {
      news.push(label("decision", { number, state: stateOf(question) }));
    }
  }
  if (fresh !== null) news.push(label("fresh", { number: fresh }));
  return news;
}
