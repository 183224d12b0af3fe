// Which questions of the desk somebody asked for. Pure; qa/sifting.py sifts alike.

const NONE = "none";

/**
 * Those that fit all that is chosen; `zone` is the one in which times of day are meant.
 * @param {object[]} questions @param {Record<string, string>} chosen @param {string} zone
 */
export function sifted(questions, chosen, zone) {
  const tests = Object.entries(chosen)
    .filter(([name, value]) => value && TESTS[name])
    .map(([name, value]) => TESTS[name](value, zone));
  return tests.length ? questions.filter((question) => tests.every((fits) => fits(question))) : questions;
}

const TESTS = {
  state: (value) => (question) => question.state === value || question.outcome === value,
  label: isOf("label_id"),
  speaker: isOf("speaker_id"),
  category: isOf("category"),
  language: isOf("language"),
  source: isOf("source"),
  flagged: () => (question) => question.findings.length > 0 || question.flagged_words.length > 0,
  since(at, zone) {
    const timeOfDay = clock(zone);
    return (question) => Boolean(question.asked_at) && timeOfDay(question.asked_at) >= at;
  },
  until(at, zone) {
    const timeOfDay = clock(zone);
    return (question) => Boolean(question.asked_at) && timeOfDay(question.asked_at) <= at;
  },
  q(words) {
    const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
    return (question) => hasWords(question, wanted);
  },
};

function isOf(field) {
  return (value) => (question) =>
    value === NONE ? !question[field] : String(question[field]) === value;
}

function hasWords(question, wanted) {
  const number = `#${question.number}`;
  const { text, original_text, note, asker_name, category, label, speaker } = question;
  const held = [number, text, original_text, note, asker_name, category, label, speaker]
    .join("\n")
    .toLowerCase();
  // A number is meant as a whole: #1 is not #12.
  return wanted.every((word) => (/^#\d+$/.test(word) ? word === number : held.includes(word)));
}

/** `14:05`, on a wall clock of the zone. */
function clock(zone) {
  const format = new Intl.DateTimeFormat("en-GB", {
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    timeZone: zone,
  });
  return (moment) => format.format(new Date(moment));
}
