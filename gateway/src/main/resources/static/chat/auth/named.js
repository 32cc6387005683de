import { Store } from "../state/store.js";
import { shared, tab } from "../state/storage.js";

const MOST_REMEMBERED = 5;

/** Who one is where nobody has to show it: whoever one says. It lasts as long as the tab. */
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

  /** Nothing has to be shown. */
  authorization = async () => null;

  /** Goes on as whoever this tab was, unless the gateway says that it knows no such user. */
  async restore() {
    this.user = tab.get("user");
    if (this.user) {
      this.#confirm(this.user);
    }
  }

  async #confirm({ username, userId }) {
    // Without an answer, the chat says that there is no connection.
    const known = await this.#gateway.userId(username).catch(() => userId);
    if (known !== userId) {
      this.signOut();
    }
  }

  /** Names that were used in this browser. @returns {string[]} */
  get remembered() {
    return shared.get("names") ?? [];
  }

  /** @throws {import("../api/failure.js").Failure} also when the name is somebody's */
  async create(username) {
    this.#is(await this.#gateway.createUser(username));
  }

  /** @returns {Promise<boolean>} whether the name is anybody's */
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
