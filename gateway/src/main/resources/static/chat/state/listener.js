import { backoff, pause } from "../api/backoff.js";
import { ofThrown } from "../api/failure.js";
import { Store } from "./store.js";

/** Whoever has listened for so long has come back well: the next break is a first one again. */
const STEADY_MS = 10_000;

/** As good as for ever, and the most that a timer takes. */
const UNTIL_WOKEN_MS = 2 ** 31 - 1;

/**
 * How things stand.
 *
 * - `connecting`;
 * - `live`: what is said is heard at once;
 * - `waiting` before the next try;
 * - `signed-out`: nothing goes on without another token;
 * - `stopped`: it would fail again in the same way.
 *
 * @typedef {"connecting" | "live" | "waiting" | "signed-out" | "stopped"} Status
 */

/**
 * The one subscription, for as long as the page lives: it breaks and comes back, always behind the last message that was
 * dealt with.
 *
 * Dispatches `live` each time that it stands, and `lost` with a failure when it can't go on there.
 */
export class Listener extends Store {
  /** @type {Status} */
  status = "connecting";
  reason = "";

  #gateway;
  #connection;
  #inbox;
  #me;
  #wake = new AbortController();
  #isOver = false;

  constructor(gateway, connection, inbox, me) {
    super();
    this.#gateway = gateway;
    this.#connection = connection;
    this.#inbox = inbox;
    this.#me = me;
    connection.addEventListener("open", () => this.#live());
    connection.addEventListener("closed", () => this.status === "live" && this.#is("connecting"));
  }

  async run() {
    for (let tries = 0; !this.#isOver; ) {
      const began = Date.now();
      const failure = await this.#listen();
      tries = Date.now() - began > STEADY_MS ? 0 : tries + 1;
      await this.#follow(failure, tries);
    }
  }

  /** Tries at once, and not when the wait is over: the network may be back. */
  hurry() {
    if (this.status === "waiting") {
      this.resume();
    }
  }

  /** Tries again, whatever it was that ended it: there is another token, or somebody wants it so. */
  resume() {
    this.#wake.abort();
  }

  stop() {
    this.#isOver = true;
    this.resume();
  }

  /** Until it ends; gives the reason, and null when the gateway is leaving. */
  async #listen() {
    try {
      if (this.#inbox.cursor === null) {
        await this.#inbox.load();
      }
      if (this.#connection.isOpen) {
        this.#live();
      }
      for await (const message of this.#gateway.listen(this.#me, this.#inbox.cursor)) {
        this.#inbox.take(message);
      }
      return null;
    } catch (thrown) {
      return ofThrown(thrown);
    }
  }

  async #follow(failure, tries) {
    switch (failure?.advice ?? "now") {
      case "now":
        // Others are sent away at other moments, so nobody comes back together.
        return tries > 1 ? this.#wait("waiting", "The gateway is leaving", backoff(tries)) : undefined;
      case "again":
        return this.#wait("waiting", failure.message, Math.max(backoff(tries), failure.retryAfter));
      case "expired":
        return this.#lose(failure, tries);
      case "invalid":
        this.#inbox.forget();
        return this.#lose(failure, tries);
      case "sign-in":
        return this.#wait("signed-out", failure.message, UNTIL_WOKEN_MS);
      default:
        return this.#wait("stopped", failure.message, UNTIL_WOKEN_MS);
    }
  }

  /** History's own last message may be of no use, either; the beginning of the log is. */
  async #lose(failure, tries) {
    this.#inbox.beginAnew(tries > 1);
    this.dispatchEvent(new CustomEvent("lost", { detail: failure }));
    if (tries > 1) {
      await this.#wait("waiting", failure.message, backoff(tries));
    }
  }

  async #wait(status, reason, milliseconds) {
    this.#wake = new AbortController();
    this.#is(status, reason);
    await pause(this.#isOver ? 0 : milliseconds, this.#wake.signal);
    this.#is("connecting");
  }

  #live() {
    if (this.status !== "live") {
      this.#is("live");
      this.dispatchEvent(new Event("live"));
    }
  }

  #is(status, reason = "") {
    this.status = status;
    this.reason = reason;
    this.changed();
  }
}
