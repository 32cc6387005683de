import { Store } from "../state/store.js";
import { shared, tab } from "../state/storage.js";

const MOST_REMEMBERED = 5;

/** The user's identity without tokens: any name that the user chooses. It lasts as long as the tab. */
export class Named extends Store {
  /** @type {import("../api/gateway.js").User | null} */
  user = null;
  needsToken = false;

  #gateway;

  /** @param {import("../api/gateway.js").Gateway} gateway */
  constructor(gateway) {
    super();
    this.#gateway = gateway;
  }

  get isComplete() {
    return this.user !== null;
  }

  /** No credentials are needed. */
  authorization = async () => null;

  /** Continues as this tab's user, unless the gateway knows no such user. */
  async restore() {
    this.user = tab.get("user");
    if (this.user) {
      this.#confirm(this.user);
    }
  }

  async #confirm({ username, userId }) {
    // Without a response, the chat shows that there is no connection.
    const known = await this.#gateway.userId(username).catch(() => userId);
    if (known !== userId) {
      this.signOut();
    }
  }

  /** Names that were used in this browser. @returns {string[]} */
  get remembered() {
    return shared.get("names") ?? [];
  }

  /** @throws {import("../api/failure.js").Failure} also when the name is taken */
  async create(username) {
    this.#is(await this.#gateway.createUser(username));
  }

  /** @returns {Promise<boolean>} whether the name is taken */
  async comeBack(username) {
    const userId = await this.#gateway.userId(username);
    if (userId !== null) {
      this.#is({ username, userId });
    }
    return userId !== null;
  }

  signOut() {
    tab.set("user", null);
    location.assign(location.pathname);
  }

  #is(user) {
    this.user = user;
    tab.set("user", user);
    const others = this.remembered.filter((name) => name !== user.username);
    shared.set("names", [user.username, ...others].slice(0, MOST_REMEMBERED));
    this.changed();
  }
}
