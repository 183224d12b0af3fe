// Questions that nobody has acknowledged yet, kept in this browser until somebody does.

export class Unsent {
  constructor(name) {
    this.name = `openfloor:unsent:${name}`;
  }

  all() {
    try {
      return JSON.parse(localStorage.getItem(this.name) ?? "[]");
    } catch {
      return [];
    }
  }

  add(question) {
    this.#keep([...this.all().filter((kept) => kept.client_id !== question.client_id), question]);
  }

  remove(clientId) {
    this.#keep(this.all().filter((kept) => kept.client_id !== clientId));
  }

  #keep(questions) {
    try {
      if (questions.length) localStorage.setItem(this.name, JSON.stringify(questions));
      else localStorage.removeItem(this.name);
    } catch {
      // A browser that keeps nothing still sends; only a reload would lose what waits.
    }
  }
}

/** A random id that names one question for ever, also where crypto.randomUUID is missing (http). */
export function newClientId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
