// One socket that comes back: fetch a ticket, enter with our position, back off with jitter, go on.

const FIRST_WAIT = 500;
const LONGEST_WAIT = 15_000;
const REPLY_WAIT = 15_000;
/** Beacons come every 15 to 25 s: who hears nothing at all for so long hears nothing any more. */
const SILENCE = 60_000;
/** Who was live for so long starts with the first wait again. */
const STEADY = 10_000;
const FAILURES_TO_BE_BLOCKED = 2;
const REMOVED = 4403;
const FINAL_CODES = new Set([4400, REMOVED, 4409]);
const NO_TICKET = new Set([401, 403, 404]);

export class Socket {
  #next = 1;
  #failures = 0;
  #pending = new Map();
  #socket = null;
  #timer = null;
  #silence = null;
  #liveSince = null;
  #hasLived = false;
  #hasTicket = false;
  #ending = null;

  /**
   * `entered` is given the reply to enter and what the ticket came with; `told` each message.
   * @param {{address: string, ticketAddress: string, position: () => object,
   *   entered: (reply: object, own: object | undefined) => void,
   *   told: (message: object) => void, line: (state: string) => void}} options
   */
  constructor(options) {
    this.options = options;
    window.addEventListener("online", () => this.#hurry());
    window.addEventListener("offline", () => this.restart());
    document.addEventListener("visibilitychange", () => document.hidden || this.#hurry());
  }

  get isLive() {
    return this.#liveSince !== null;
  }

  /** For good: only a reload helps. */
  get hasEnded() {
    return this.#ending !== null;
  }

  /** Why it has ended: "removed" (the right has), "signed-out", or "ended" for all else. */
  get ending() {
    return this.#ending;
  }

  /** Pages come through and sockets never did: something between us lets no socket pass. */
  get isBlocked() {
    return !this.#hasLived && this.#failures >= FAILURES_TO_BE_BLOCKED && this.#hasTicket;
  }

  async connect() {
    this.#timer = null;
    if (!this.isBlocked) this.options.line("connecting");
    const answer = await this.#fetchTicket();
    if (answer === "ended" || answer === "signed-out") return this.#end(answer);
    this.#hasTicket = answer !== null;
    if (answer === null) return this.#again();
    this.#open(answer);
  }

  /** Send a command; resolves with what the server did, rejects with {code, message}. */
  send(command) {
    return new Promise((resolve, reject) => {
      if (this.#socket?.readyState !== WebSocket.OPEN) {
        reject({ code: "offline", message: "" });
        return;
      }
      const id = this.#next++;
      const timer = setTimeout(() => this.restart(), REPLY_WAIT);
      this.#pending.set(id, { resolve, reject, timer });
      this.#socket.send(JSON.stringify({ id, ...command }));
    });
  }

  /** Leave and come back: something was lost on the way, or nobody answers. */
  restart() {
    const socket = this.#socket;
    if (!socket) return;
    socket.close();
    this.#closed(socket, 0);
  }

  /** What the ticket's address answers; null when it does not, an ending when it gives no ticket. */
  async #fetchTicket() {
    try {
      const response = await fetch(this.options.ticketAddress, {
        headers: { Accept: "application/json" },
        signal: AbortSignal.timeout(REPLY_WAIT),
      });
      if (response.redirected) return "signed-out";
      // Who was here and gets no ticket any more has lost the right to be here meanwhile.
      if (NO_TICKET.has(response.status)) return this.#hasLived ? "removed" : "ended";
      return response.ok ? await response.json() : null;
    } catch {
      return null;
    }
  }

  #open({ ticket, own }) {
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(`${scheme}//${location.host}${this.options.address}`);
    this.#socket = socket;
    this.#listen();
    socket.onopen = () => this.#enter(socket, ticket, own);
    socket.onmessage = (message) => this.#take(socket, JSON.parse(message.data));
    socket.onclose = (closed) => this.#closed(socket, closed.code);
  }

  async #enter(socket, ticket, own) {
    let reply;
    try {
      reply = await this.send({ do: "enter", ticket, ...this.options.position() });
    } catch {
      if (socket === this.#socket) this.restart();
      return;
    }
    this.#liveSince = performance.now();
    this.#hasLived = true;
    this.options.line("live");
    this.options.entered(reply, own);
  }

  #take(socket, message) {
    if (socket !== this.#socket) return;
    this.#listen();
    if ("re" in message) this.#settle(message.re, message);
    else this.options.told(message);
  }

  /** Something was heard, or begins; silence from here on means that the line is dead. */
  #listen() {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.restart(), SILENCE);
  }

  #settle(id, { ok, error }) {
    const waiting = this.#pending.get(id);
    if (!waiting) return;
    clearTimeout(waiting.timer);
    this.#pending.delete(id);
    if (error) waiting.reject(error);
    else waiting.resolve(ok);
  }

  #closed(socket, code) {
    if (socket !== this.#socket) return;
    this.#socket = null;
    clearTimeout(this.#silence);
    if (this.isLive && performance.now() - this.#liveSince > STEADY) this.#failures = 0;
    this.#liveSince = null;
    for (const id of [...this.#pending.keys()]) this.#settle(id, { error: { code: "offline" } });
    if (FINAL_CODES.has(code)) this.#end(code === REMOVED ? "removed" : "ended");
    else this.#again();
  }

  #again() {
    const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** this.#failures++);
    this.options.line(this.isBlocked ? "blocked" : "offline");
    this.#timer = setTimeout(() => this.connect(), wait * (0.5 + Math.random() / 2));
  }

  #hurry() {
    if (this.#timer === null) return;
    clearTimeout(this.#timer);
    this.connect();
  }

  #end(ending) {
    this.#ending = ending;
    this.options.line(ending);
  }
}
