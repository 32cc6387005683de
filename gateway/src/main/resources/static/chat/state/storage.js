/**
 * The browser's storage for this page. Where it stores nothing (private windows, a full disk), the page works without
 * it.
 */
class Shelf {
  #storage;
  #prefix;

  constructor(storage, prefix = "chatql/") {
    this.#storage = storage;
    this.#prefix = prefix;
  }

  /** The part of the storage below a name. */
  of(name) {
    return new Shelf(this.#storage, `${this.#prefix}${encodeURIComponent(name)}/`);
  }

  /** @returns {any} null where there is nothing, or nothing readable */
  get(key) {
    try {
      return JSON.parse(this.#storage().getItem(this.#prefix + key));
    } catch {
      return null;
    }
  }

  /** Deletes what is set to null. */
  set(key, value) {
    try {
      if (value === null) {
        this.#storage().removeItem(this.#prefix + key);
      } else {
        this.#storage().setItem(this.#prefix + key, JSON.stringify(value));
      }
    } catch {
      // The chat is more important than its storage.
    }
  }

  /** All values below here. */
  values() {
    try {
      const keys = Object.keys(this.#storage()).filter((key) => key.startsWith(this.#prefix));
      return keys.map((key) => this.get(key.slice(this.#prefix.length))).filter((value) => value !== null);
    } catch {
      return [];
    }
  }
}

/** Of this tab and its reloads: the user's identity. So Alice can use one tab and Bob another. */
export const tab = new Shelf(() => sessionStorage);

/** Of all tabs: what each user has read, and their messages that are not stored yet. */
export const shared = new Shelf(() => localStorage);
