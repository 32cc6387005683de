import { pause } from "../api/backoff.js";
import { Store } from "./store.js";

/** There is no question for the name of an id, so all names are read: so many pages, and so often for one that isn't there. */
const MOST_PAGES = 10;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 5 * 60_000;

const FOUND = 20;
const TYPING_MS = 150;

/** Who has which name. */
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

  /** The name of a user, or their id as long as that isn't known. */
  name(userId) {
    if (!this.#names.has(userId) && !this.#nameless.has(userId)) {
      this.#nameless.add(userId);
      this.#someone.abort();
      this.#look();
    }
    return this.#names.get(userId) ?? userId;
  }

  /** The first of all, for whoever knows nobody. @returns {import("../api/gateway.js").User[]} */
  get some() {
    return [...this.#names].slice(0, FOUND).map(([userId, username]) => ({ userId, username }));
  }

  /** Reads all names. Without an answer, ids do as well; the next time may be better. */
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
   * Whose name begins so. While somebody types, only the last question is asked.
   *
   * @param {string} prefix
   * @returns {Promise<import("../api/gateway.js").User[] | null>} null when another question has come in between
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

  /** For as long as somebody has no name: many never have one, so ever less often; at once when there is somebody new. */
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
