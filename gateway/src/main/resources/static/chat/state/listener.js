import { backoff, pause } from "../api/backoff.js";
import { ofThrown } from "../api/failure.js";
import { Store } from "./store.js";

/** After this long a subscription counts as healthy: the next failure is a first one again. */
const STEADY_MS = 10_000;

/** Practically for ever: the longest delay of a timer. */
const UNTIL_WOKEN_MS = 2 ** 31 - 1;

/**
 * The status of the subscription.
 *
 * - `connecting`;
 * - `live`: messages are delivered at once;
 * - `waiting` before the next attempt;
 * - `signed-out`: a new token is needed;
 * - `stopped`: another attempt would fail in the same way.
 *
 * @typedef {"connecting" | "live" | "waiting" | "signed-out" | "stopped"} Status
 */

/**
 * The page's one subscription. After a failure it subscribes again, always after the last processed message.
 *
 * Dispatches `live` each time that it is live, and `lost` with a failure when it cannot continue from there.
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

  /** Tries at once instead of after the wait: the network may be back. */
  hurry() {
    if (this.status === "waiting") {
      this.resume();
    }
  }

  /** Tries again after any failure: there is a new token, or the user wants it. */
  resume() {
    this.#wake.abort();
  }

  stop() {
    this.#isOver = true;
    this.resume();
  }

  /** Runs until the subscription ends; returns the reason, and null when the gateway shuts down. */
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
        // The gateway disconnects others at other moments, so clients do not reconnect together.
        return tries > 1 ? this.#wait("waiting", "The gateway is shutting down", backoff(tries)) : undefined;
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

  /** Uses the beginning of the log where even history's last message is an invalid cursor. */
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
