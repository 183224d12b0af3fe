// Signs of Markdown around what is selected. Pure: each gives the stretch of the text to replace,
// what to put there, and what is selected afterwards: {from, to, put, start, end}.

const LINE_SIGN = /^(?:#{1,6} |[-*+] |\d{1,9}[.)] )/;

/** The sign around the selection, or taken away where it stands already. */
function around(text, start, end, sign) {
  const chosen = text.slice(start, end);
  const inner = chosen.trim();
  const width = sign.length;
  if (text.slice(start - width, start) === sign && text.slice(end, end + width) === sign) {
    const from = start - width;
    return {from, to: end + width, put: chosen, start: from, end: from + chosen.length};
  }
  const from = start + chosen.indexOf(inner);
  return {
    from,
    to: from + inner.length,
    put: `${sign}${inner}${sign}`,
    start: from + width,
    end: from + width + inner.length,
  };
}

/** A sign at the beginning of each chosen line, or taken away where all have it. */
function before(text, start, end, signOf) {
  const from = text.lastIndexOf("\n", start - 1) + 1;
  const next = text.indexOf("\n", Math.max(start, end - (end > start ? 1 : 0)));
  const to = next < 0 ? text.length : next;
  const lines = text.slice(from, to).split("\n");
  const isDone = lines.every((line, place) => !line.trim() || line.startsWith(signOf(place)));
  const hasWords = lines.some((line) => line.trim());
  let place = 0;
  const put = lines.map((line) => {
    if (!line.trim() && lines.length > 1) return line;
    const bare = line.replace(LINE_SIGN, "");
    return isDone && hasWords ? bare : signOf(place++) + bare;
  }).join("\n");
  return {from, to, put, start: from + put.length, end: from + put.length};
}

function insert(text, start, end, words) {
  return {from: start, to: end, put: words, start: start + words.length, end: start + words.length};
}

export const bold = (text, start, end) => around(text, start, end, "**");
export const italic = (text, start, end) => around(text, start, end, "*");
export const heading = (text, start, end) => before(text, start, end, () => "## ");
export const list = (text, start, end) => before(text, start, end, () => "- ");
export const numbers = (text, start, end) => before(text, start, end, (place) => `${place + 1}. `);

/** The selection as a link; its address is selected, to be typed over. */
export function link(text, start, end) {
  const words = text.slice(start, end).trim();
  const isAddress = /^(?:https?:\/\/|mailto:)\S+$/i.test(words);
  const label = isAddress ? "" : words;
  const address = isAddress ? words : "https://";
  const put = `[${label}](${address})`;
  const place = isAddress || !label ? start + 1 : start + label.length + 3;
  const width = isAddress || !label ? 0 : address.length;
  return {from: start, to: end, put, start: place, end: place + width};
}

/** A figure by its name, in words where a sentence begins. */
export function figure(text, start, end, key, keys = []) {
  const ahead = text.slice(0, start).trimEnd();
  const begins = !ahead || /[.!?]$/.test(ahead) || /\n\s*$/.test(text.slice(0, start));
  const name = begins && keys.includes(`${key}.words`) ? `${key}.words` : key;
  return insert(text, start, end, `{{${name}}}`);
}

export const write = (text, start, end, words) => insert(text, start, end, words);
