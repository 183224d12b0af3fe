// One socket that comes back: fetch a ticket, enter with our number, back off with jitter, resume.

const FIRST_WAIT = 500;
const LONGEST_WAIT = 15_000;
const REPLY_WAIT = 15_000;
const FINAL_CODES = new Set([4400, 4403, 4409]);

export class Socket {
  #next = 1;
  #failures = 0;
  #pending = new Map();
  #socket = null;
  #timer = null;

  /**
   * @param {{address: string, ticketAddress: string, position: () => object,
   *   entered: (state: object) => void, told: (message: object) => void,
   *   line: (state: string) => void}} options
   */
  constructor(options) {
    this.options = options;
    window.addEventListener("online", () => this.#hurry());
    document.addEventListener("visibilitychange", () => document.hidden || this.#hurry());
  }

  get isLive() {
    return this.#socket?.readyState === WebSocket.OPEN && this.entered;
  }

  async connect() {
    this.#timer = null;
    this.entered = false;
    this.options.line("connecting");
    let response;
    try {
      response = await fetch(this.options.ticketAddress, { headers: { Accept: "application/json" } });
    } catch {
      return this.#again();
    }
    if ([401, 403, 404].includes(response.status) || response.redirected) return this.#end();
    if (!response.ok) return this.#again();
    this.#open((await response.json()).ticket);
  }

  /** Send a command; resolves with what the server did, rejects with {code, message}. */
  send(command) {
    return new Promise((resolve, reject) => {
      if (!this.#socket || this.#socket.readyState !== WebSocket.OPEN) {
        reject({ code: "offline", message: "" });
        return;
      }
      const id = this.#next++;
      const timer = setTimeout(() => this.#settle(id, { error: { code: "offline" } }), REPLY_WAIT);
      this.#pending.set(id, { resolve, reject, timer });
      this.#socket.send(JSON.stringify({ id, ...command }));
    });
  }

  /** Leave and come back: something was lost on the way. */
  restart() {
    this.#socket?.close();
  }

  #open(ticket) {
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(`${scheme}//${location.host}${this.options.address}`);
    this.#socket = socket;
    socket.onopen = () => this.#enter(ticket);
    socket.onmessage = (message) => this.#take(JSON.parse(message.data));
    socket.onclose = (closed) => this.#closed(socket, closed.code);
  }

  async #enter(ticket) {
    try {
      const state = await this.send({ do: "enter", ticket, ...this.options.position() });
      this.#failures = 0;
      this.entered = true;
      this.options.line("live");
      this.options.entered(state);
    } catch {
      this.#socket?.close();
    }
  }

  #take(message) {
    if ("re" in message) this.#settle(message.re, message);
    else this.options.told(message);
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
    this.entered = false;
    for (const id of [...this.#pending.keys()]) this.#settle(id, { error: { code: "offline" } });
    if (FINAL_CODES.has(code)) this.#end();
    else this.#again();
  }

  #again() {
    this.options.line("offline");
    const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** this.#failures++);
    this.#timer = setTimeout(() => this.connect(), wait * (0.5 + Math.random() / 2));
  }

  #hurry() {
    if (this.#timer === null) return;
    clearTimeout(this.#timer);
    this.connect();
  }

  #end() {
    this.#timer = null;
    this.options.line("ended");
  }
}
