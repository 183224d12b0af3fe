// The question on the big screen in the largest type in which all of it fits.

const SIZES = [1, 2, 3, 4, 5, 6, 7];

/** Where even the smallest type is too big, what comes next gives way; after that the text's end. */
export function fitQuestion(page, text) {
  const now = page.querySelector('[data-screen="now"]');
  const shown = now.querySelector('[data-part="text"]');
  const more = now.querySelector('[data-part="cut"]');
  const fits = () => now.scrollHeight <= now.clientHeight;
  const show = (words) => {
    if (shown.textContent !== words) shown.textContent = words;
  };
  more.hidden = true;
  page.dataset.crowded = "false";
  show(text);
  if (now.hidden || grow(shown, fits)) return;
  page.dataset.crowded = "true";
  if (grow(shown, fits)) return;
  more.hidden = false;
  show(shortened(text, (words) => {
    show(words);
    return fits();
  }));
}

/** The largest type that fits; false, with the smallest, when none does. */
function grow(shown, fits) {
  return SIZES.some((size) => {
    shown.dataset.size = size;
    return fits();
  });
}

/** As much of a text as fits, cut between words. */
function shortened(text, fits) {
  const words = text.match(/\S+\s*/g) ?? [];
  const first = (count) => `${words.slice(0, count).join("").trimEnd()} …`;
  let [least, most] = [0, words.length - 1];
  while (least < most) {
    const middle = Math.ceil((least + most) / 2);
    if (fits(first(middle))) least = middle;
    else most = middle - 1;
  }
  return first(least);
}
