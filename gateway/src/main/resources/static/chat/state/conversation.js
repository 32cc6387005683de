import { retried } from "../api/retried.js";
import { Store } from "./store.js";
import { merge, placeOf } from "./timeline.js";

const PAGE = 50;

/** How often history is asked while it can't answer, some minutes in all; and after how many the user is told. */
const MOST_TRIES = 20;
const TOLD_AFTER = 3;

/** What two users have said to each other, as far as it was looked at. */
export class Conversation extends Store {
  /** @type {import("../api/gateway.js").Message[]} oldest first */
  messages = [];
  /** Whether anything stands ahead of them. */
  hasEarlier = false;
  /** Whether history was read at all. */
  isKnown = false;
  isLoading = false;
  /** @type {string | null} why history can't be had */
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
   * @param {() => string | undefined} newest the cursor of the last message that is known of, if any
   */
  constructor(gateway, me, partner, newest) {
    super();
    this.#gateway = gateway;
    this.#me = me;
    this.#newest = newest;
    this.partner = partner;
  }

  /** Something that was just heard: these come in the log's order, and sooner than history has them. */
  heard(message) {
    this.#insert(message, this.#lastHeard);
    this.#lastHeard = message.id;
    if (!this.isKnown) {
      this.messages = this.messages.slice(-PAGE);
    }
  }

  /** Something that one said oneself, and that is stored now. */
  said(message) {
    this.#insert(message, null);
  }

  /**
   * The answer to a message that was said again: history tells whether it is the first one or stands for it, for where
   * the gateway doesn't know the first, it answers with a place at which nothing is shown.
   */
  saidAgain(message) {
    this.#uncertain.add(message.id);
    this.said(message);
    return this.refresh();
  }

  #insert(message, behind) {
    const at = placeOf(this.messages, message, behind);
    const isShown = this.messages.some(({ id }) => id === message.id);
    // What stands ahead of all that is shown comes with its page.
    if (!isShown && (at > 0 || !this.hasEarlier)) {
      this.messages = this.messages.toSpliced(at, 0, message);
      this.changed();
    }
  }

  /** Shows what history has by now: also what the same user said elsewhere. */
  refresh() {
    return this.#load(async () => {
      const page = await this.#page({ atLeast: this.messages.at(-1)?.cursor ?? this.#newest() });
      const { messages, joined } = merge(this.messages, page.messages, ({ id }) => !this.#uncertain.has(id));
      // What was only heard has gaps, where one said something elsewhere.
      const begin = this.isKnown ? 0 : Math.max(0, messages.indexOf(page.messages[0]));
      this.messages = messages.slice(begin);
      if (!joined || !this.isKnown) {
        this.hasEarlier = page.pageInfo.hasPreviousPage;
      }
      this.isKnown = true;
    });
  }

  /** The page before. */
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

  /** Forgets it all, as of another log. */
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

  /** One after the other: each begins with what the one before has found. */
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
      // A broken connection has its own banner, and history is looked at again when it is back.
      this.trouble = failure.connection ? null : failure.message;
    }
    this.isLoading = false;
    this.changed();
  }
}
