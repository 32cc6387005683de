import { pause } from "../api/backoff.js";
import { Store } from "./store.js";

/**
 * No query returns the name of an id, so all names are read: at most this many pages, and this often for a missing one.
 */
const MOST_PAGES = 10;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 5 * 60_000;

const FOUND = 20;
const TYPING_MS = 150;

/** The names of users. */
export class People extends Store {
  #gateway;
  #names = new Map();
  #nameless = new Set();
  #isLooking = false;
  #someone = new AbortController();
  #typing = new AbortController();

  constructor(gateway) {
    super();
    this.#gateway = gateway;
  }

  /** The name of a user, or their id while the name is unknown. */
  name(userId) {
    if (!this.#names.has(userId) && !this.#nameless.has(userId)) {
      this.#nameless.add(userId);
      this.#someone.abort();
      this.#look();
    }
    return this.#names.get(userId) ?? userId;
  }

  /** The first users of all, for a user without conversations. @returns {import("../api/gateway.js").User[]} */
  get some() {
    return [...this.#names].slice(0, FOUND).map(([userId, username]) => ({ userId, username }));
  }

  /** Reads all names. Without a response, ids are shown; the next time may succeed. */
  async read() {
    try {
      for (let pages = 0, after; pages < MOST_PAGES; pages++) {
        const { users, pageInfo } = await this.#gateway.users({ first: 1000, after });
        this.#learn(users);
        if (!pageInfo.hasNextPage) {
          return;
        }
        after = pageInfo.endCursor;
      }
    } catch {
      // As above.
    }
  }

  /**
   * The users whose names begin with a prefix. While the user types, only the last query is sent.
   *
   * @param {string} prefix
   * @returns {Promise<import("../api/gateway.js").User[] | null>} null when a later query has replaced this one
   */
  async find(prefix) {
    this.#typing.abort();
    const mine = (this.#typing = new AbortController());
    await pause(TYPING_MS, mine.signal);
    if (mine.signal.aborted) {
      return null;
    }
    const { users } = await this.#gateway.users({ prefix, first: FOUND });
    this.#learn(users);
    return mine.signal.aborted ? null : users;
  }

  /** Repeats while a user has no name: many never have one, so ever less often; at once for a new user. */
  async #look() {
    if (this.#isLooking) {
      return;
    }
    this.#isLooking = true;
    for (let wait = FIRST_PAUSE_MS; this.#nameless.size > 0; wait = Math.min(2 * wait, LONGEST_PAUSE_MS)) {
      await this.read();
      this.#someone = new AbortController();
      await pause(this.#nameless.size > 0 ? wait : 0, this.#someone.signal);
    }
    this.#isLooking = false;
  }

  #learn(users) {
    for (const { username, userId } of users) {
      this.#names.set(userId, username);
      this.#nameless.delete(userId);
    }
    this.changed();
  }
}
