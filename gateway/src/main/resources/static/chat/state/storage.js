/** What the browser keeps for this page. Where it keeps nothing (private windows, a full disk), the page does without. */
class Shelf {
  #storage;
  #prefix;

  constructor(storage, prefix = "chatql/") {
    this.#storage = storage;
    this.#prefix = prefix;
  }

  /** The part of it below a name. */
  of(name) {
    return new Shelf(this.#storage, `${this.#prefix}${encodeURIComponent(name)}/`);
  }

  /** @returns {any} null where there is nothing, or nothing that can be read */
  get(key) {
    try {
      return JSON.parse(this.#storage().getItem(this.#prefix + key));
    } catch {
      return null;
    }
  }

  /** Forgets what is set to null. */
  set(key, value) {
    try {
      if (value === null) {
        this.#storage().removeItem(this.#prefix + key);
      } else {
        this.#storage().setItem(this.#prefix + key, JSON.stringify(value));
      }
    } catch {
      // It is worth less than the chat.
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

/** Of this tab, and its reloads: who one is. So Alice may sit in one tab and Bob in another. */
export const tab = new Shelf(() => sessionStorage);

/** Of all tabs: what each user has seen, and what they have said that isn't stored yet. */
export const shared = new Shelf(() => localStorage);
