// Questions that nobody has acknowledged or refused yet, kept in this browser until somebody does.
// Each under a key of its own: pages of the same person that are open at once lose none of them.

export class Unsent {
  constructor(name) {
    this.prefix = `openfloor:unsent:${name}:`;
    this.kept = new Map();
  }

  /** Oldest first: {client_id, text, asked, tried, notBefore, refused}; the last three perhaps. */
  all() {
    const found = new Map(this.kept);
    for (const key of this.#keys()) {
      const question = read(key);
      if (question) found.set(question.client_id, question);
    }
    return [...found.values()].sort((a, b) => a.asked - b.asked);
  }

  add(question) {
    const key = this.prefix + question.client_id;
    try {
      localStorage.setItem(key, JSON.stringify(question));
    } catch {
      // A browser that stores nothing: this page keeps it as long as it is open.
      this.kept.set(question.client_id, question);
    }
  }

  /** Add to what is known of a question, unless it is done with. */
  note(clientId, facts) {
    const question = read(this.prefix + clientId) ?? this.kept.get(clientId);
    if (question) this.add({ ...question, ...facts });
  }

  remove(clientId) {
    this.kept.delete(clientId);
    try {
      localStorage.removeItem(this.prefix + clientId);
    } catch {
      // Nothing was stored.
    }
  }

  /** Tell when another page of this browser has changed something here. */
  onChange(tell) {
    window.addEventListener("storage", ({ key }) => {
      if (key === null || key.startsWith(this.prefix)) tell();
    });
  }

  #keys() {
    try {
      return Object.keys(localStorage).filter((key) => key.startsWith(this.prefix));
    } catch {
      return [];
    }
  }
}

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
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
