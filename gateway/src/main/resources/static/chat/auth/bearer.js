import { Store } from "../state/store.js";
import { shared, tab } from "../state/storage.js";
import { claimsOf } from "./claims.js";

/** A token is renewed so long before its end, or at half of what is left of it. */
const BEFORE_ITS_END_MS = 60_000;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Who one is by a token, pasted or from a provider; it lasts as long as the tab. A provider's is renewed without a word,
 * for a pasted one's renewal somebody is asked (`isEnding`).
 *
 * Dispatches `renewed` with the next token.
 */
export class Bearer extends Store {
  /** @type {{userId: string, username: string | null} | null} the name is what others find them by */
  user = null;
  needsToken = true;
  isEnding = false;
  /** @type {string | null} why the provider let nobody in */
  trouble = null;

  #gateway;
  #subjectClaim;
  #tokens = null;
  #timer;
  #wasAsked = false;

  /**
   * @param {import("../api/gateway.js").Gateway} gateway
   * @param {string} subjectClaim which claim is the user's id
   * @param {import("./openid.js").OpenId | null} provider
   */
  constructor(gateway, subjectClaim, provider) {
    super();
    this.#gateway = gateway;
    this.#subjectClaim = subjectClaim;
    this.provider = provider;
  }

  /** Whether it is known who it is, and whether they want a name. */
  get isComplete() {
    return this.user !== null && this.#wasAsked;
  }

  authorization = async () => (this.#tokens ? `Bearer ${this.#tokens.access}` : null);

  /** Goes on with this tab's token, or with the one that the provider has just sent. */
  async restore() {
    try {
      const tokens = (await this.provider?.finish()) ?? tab.get("tokens");
      if (tokens) {
        this.#take(tokens);
      }
    } catch (failure) {
      this.trouble = failure.message;
    }
  }

  /** @returns {string | null} what is wrong with it */
  paste(text) {
    const token = text.trim().replace(/^bearer\s+/i, "");
    const subject = claimsOf(token)?.[this.#subjectClaim];
    if (!subject) {
      return "This is not a token that names anybody";
    }
    if (this.user && subject !== this.user.userId) {
      return `This token is of ${subject}, and you are ${this.user.userId}: sign out first`;
    }
    this.#take({ access: token, refresh: null });
    return null;
  }

  /**
   * Claims the name by which others find this user.
   *
   * @throws {import("../api/failure.js").Failure} also when the name is somebody else's
   */
  async create(username) {
    try {
      await this.#gateway.createUser(username);
    } catch (failure) {
      if ((await this.#gateway.userId(username)) !== this.user.userId) {
        throw failure;
      }
    }
    this.name(username);
  }

  /** There is no question for the name of an id, so it is remembered here; null for none. */
  name(username) {
    shared.of(this.user.userId).set("name", { username });
    this.user = { ...this.user, username };
    this.#wasAsked = true;
    this.changed();
  }

  get suggestedName() {
    const { preferred_username: preferred, name } = claimsOf(this.#tokens.access);
    return preferred ?? name ?? "";
  }

  signOut() {
    tab.set("tokens", null);
    location.assign(location.pathname);
  }

  #take(tokens) {
    const claims = claimsOf(tokens.access) ?? {};
    const userId = String(claims[this.#subjectClaim]);
    this.#tokens = tokens;
    this.isEnding = false;
    if (!this.user) {
      const named = shared.of(userId).get("name");
      this.#wasAsked = named !== null;
      this.user = { userId, username: named?.username ?? null };
    }
    tab.set("tokens", tokens);
    clearTimeout(this.#timer);
    if (claims.exp) {
      this.#timer = setTimeout(() => this.#end(), renewalIn(claims.exp * 1000 - Date.now()));
    }
    this.dispatchEvent(new CustomEvent("renewed", { detail: `Bearer ${tokens.access}` }));
    this.changed();
  }

  async #end() {
    try {
      if (this.#tokens.refresh) {
        return this.#take(await this.provider.renew(this.#tokens.refresh));
      }
    } catch {
      // The provider gives no more: then it needs a person.
    }
    this.isEnding = true;
    this.changed();
  }
}

function renewalIn(left) {
  return Math.min(Math.max(left - BEFORE_ITS_END_MS, left / 2, 0), LONGEST_TIMER_MS);
}
