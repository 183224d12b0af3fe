// Which question this moderator has before her, told to the others at the desk, and theirs to her.

/** The server forgets after a minute what is not said again. */
const AGAIN = 30_000;
/** Who walks through a list looks at nothing yet. */
const SETTLED = 400;

export class Looking {
  #told = 0;
  #wanted = 0;
  #timer = null;

  /** @param {{isLive: boolean, send: (command: object) => Promise<object>}} socket */
  constructor(socket) {
    this.socket = socket;
    setInterval(() => this.#told && this.#tell(), AGAIN);
  }

  /** @param {number} number of the question, or 0 */
  at(number) {
    if (number === this.#wanted) return;
    this.#wanted = number;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#told !== this.#wanted && this.#tell(), SETTLED);
  }

  /** Another line knows nothing of it. */
  entered() {
    if (this.#wanted) this.#tell();
  }

  #tell() {
    if (!this.socket.isLive) return;
    this.#told = this.#wanted;
    // Nobody waits for it, and no harm is done where it is lost.
    this.socket.send({ do: "look", number: this.#wanted }).catch(() => {});
  }
}

/** Question -> the names of those who look at it. */
export function byQuestion(who) {
  const names = new Map();
  for (const { name, number } of who) names.set(number, [...(names.get(number) ?? []), name]);
  return names;
}
