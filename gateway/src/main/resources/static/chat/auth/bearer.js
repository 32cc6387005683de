import { Store } from "../state/store.js";
import { shared, tab } from "../state/storage.js";
import { claimsOf } from "./claims.js";

/** How long before its expiry a token is renewed; a token with less time left is renewed after half of it. */
const BEFORE_ITS_END_MS = 60_000;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * The user's identity by a token, pasted or from a provider; it lasts as long as the tab. A provider's token is renewed
 * silently; for a pasted one the user is asked to renew it (`isEnding`).
 *
 * Dispatches `renewed` with the next token.
 */
export class Bearer extends Store {
  /** @type {{userId: string, username: string | null} | null} the name by which others find them */
  user = null;
  needsToken = true;
  isEnding = false;
  /** @type {string | null} why the provider rejected the sign-in */
  trouble = null;

  #gateway;
  #subjectClaim;
  #tokens = null;
  #timer;
  #wasAsked = false;

  /**
   * @param {import("../api/gateway.js").Gateway} gateway
   * @param {string} subjectClaim the claim with the user's id
   * @param {import("./openid.js").OpenId | null} provider
   */
  constructor(gateway, subjectClaim, provider) {
    super();
    this.#gateway = gateway;
    this.#subjectClaim = subjectClaim;
    this.provider = provider;
  }

  /** Whether the user is known, and whether they want a name. */
  get isComplete() {
    return this.user !== null && this.#wasAsked;
  }

  authorization = async () => (this.#tokens ? `Bearer ${this.#tokens.access}` : null);

  /** Continues with this tab's token, or with the one that the provider has just sent. */
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
      return "This token names no user";
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
   * @throws {import("../api/failure.js").Failure} also when the name is taken
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

  /** No query returns the name of an id, so the browser stores it; null for none. */
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
      // The provider issues no further token: the user must sign in.
    }
    this.isEnding = true;
    this.changed();
  }
}

function renewalIn(left) {
  return Math.min(Math.max(left - BEFORE_ITS_END_MS, left / 2, 0), LONGEST_TIMER_MS);
}
