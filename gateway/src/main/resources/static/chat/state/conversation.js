import { retried } from "../api/retried.js";
import { Store } from "./store.js";
import { merge, placeOf } from "./timeline.js";

const PAGE = 50;

/**
 * The number of attempts while history is unavailable, some minutes in all, and the number after which the user is
 * told.
 */
const MOST_TRIES = 20;
const TOLD_AFTER = 3;

/** The messages between two users, as far as they were read. */
export class Conversation extends Store {
  /** @type {import("../api/gateway.js").Message[]} oldest first */
  messages = [];
  /** Whether there are earlier messages. */
  hasEarlier = false;
  /** Whether history was read at all. */
  isKnown = false;
  isLoading = false;
  /** @type {string | null} why history is unavailable */
  trouble = null;

  #gateway;
  #me;
  #newest;
  #lastHeard = null;
  #uncertain = new Set();
  #loading = Promise.resolve();
  #earlier = null;

  /**
   * @param {import("../api/gateway.js").Gateway} gateway
   * @param {string} me
   * @param {string} partner
   * @param {() => string | undefined} newest the cursor of the last known message, if any
   */
  constructor(gateway, me, partner, newest) {
    super();
    this.#gateway = gateway;
    this.#me = me;
    this.#newest = newest;
    this.partner = partner;
  }

  /** A message that was just delivered: these arrive in the log's order, and sooner than history has them. */
  heard(message) {
    this.#insert(message, this.#lastHeard);
    this.#lastHeard = message.id;
    if (!this.isKnown) {
      this.messages = this.messages.slice(-PAGE);
    }
  }

  /** A message that this user sent, and that is stored now. */
  said(message) {
    this.#insert(message, null);
  }

  /**
   * The result of a message that was sent again. History decides whether it is the first one: where the gateway does
   * not know the first one, it returns a position at which no message is delivered.
   */
  saidAgain(message) {
    this.#uncertain.add(message.id);
    this.said(message);
    return this.refresh();
  }

  #insert(message, behind) {
    const at = placeOf(this.messages, message, behind);
    const isShown = this.messages.some(({ id }) => id === message.id);
    // A message before all shown ones arrives with its page.
    if (!isShown && (at > 0 || !this.hasEarlier)) {
      this.messages = this.messages.toSpliced(at, 0, message);
      this.changed();
    }
  }

  /** Shows what history has by now, also what the same user sent from other clients. */
  refresh() {
    return this.#load(async () => {
      const page = await this.#page({ atLeast: this.messages.at(-1)?.cursor ?? this.#newest() });
      const { messages, joined } = merge(this.messages, page.messages, ({ id }) => !this.#uncertain.has(id));
      // Live messages alone have gaps where the user sent some from another client.
      const begin = this.isKnown ? 0 : Math.max(0, messages.indexOf(page.messages[0]));
      this.messages = messages.slice(begin);
      if (!joined || !this.isKnown) {
        this.hasEarlier = page.pageInfo.hasPreviousPage;
      }
      this.isKnown = true;
    });
  }

  /** The previous page. */
  loadEarlier() {
    this.#earlier ??= this.#load(() => this.#prepend()).then(() => (this.#earlier = null));
    return this.#earlier;
  }

  async #prepend() {
    if (this.hasEarlier) {
      const page = await this.#page({ before: this.messages[0].cursor });
      this.messages = [...page.messages, ...this.messages];
      this.hasEarlier = page.pageInfo.hasPreviousPage;
    }
  }

  /** Discards everything, because it is of another log. */
  forget() {
    this.messages = [];
    this.isKnown = false;
    this.hasEarlier = false;
    this.changed();
  }

  #page(where) {
    const asked = { userId: this.#me, with: this.partner, last: PAGE, ...where };
    return retried(() => this.#gateway.messages(asked), MOST_TRIES, ({ message }, tries) => {
      this.trouble = tries < TOLD_AFTER ? null : message;
      this.changed();
    });
  }

  /** Runs the reads one after the other: each begins with the result of the one before. */
  #load(part) {
    this.#loading = this.#loading.then(() => this.#loadNow(part));
    return this.#loading;
  }

  async #loadNow(part) {
    this.isLoading = true;
    this.trouble = null;
    this.changed();
    try {
      await part();
      this.trouble = null;
    } catch (failure) {
      // A broken connection has its own banner, and history is read again after it is back.
      this.trouble = failure.connection ? null : failure.message;
    }
    this.isLoading = false;
    this.changed();
  }
}
