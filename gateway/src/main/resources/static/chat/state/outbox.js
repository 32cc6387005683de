import { backoff, pause } from "../api/backoff.js";
import { Failure } from "../api/failure.js";
import { Store } from "./store.js";

/** The number of automatic retries for a message that the gateway could not store; after that the user decides. */
const MOST_TRIES = 4;

/** The gateway recognizes a repeat by its `clientMessageId` for 24 hours; the page stops a little earlier. */
const REPEATABLE_MS = 23 * 60 * 60 * 1000;

/**
 * @typedef {object} Entry a message that isn't stored yet
 * @property {string} clientMessageId by which the gateway recognizes a repeat
 * @property {string} recipientId
 * @property {string} content
 * @property {number} writtenAt milliseconds since 1970
 * @property {string | null} failure why it isn't sent any more; null while it is
 */

/**
 * The user's messages that are not stored yet. It survives a reload: an entry is sent, with the same `clientMessageId`,
 * until the gateway has answered. Messages to one recipient are sent one after the other, so that they are stored in
 * the order in which they were written.
 *
 * Dispatches `stored`, whose detail is the message and whether it was sent more than once.
 */
export class Outbox extends Store {
  /** @type {Entry[]} */
  entries = [];

  #gateway;
  #connection;
  #me;
  #shelf;
  #busy = new Set();
  #said = new Set();

  constructor(gateway, connection, me, shelf) {
    super();
    this.#gateway = gateway;
    this.#connection = connection;
    this.#me = me;
    this.#shelf = shelf;
  }

  /** Continues with the remaining entries. Another tab may do the same: the gateway stores each once. */
  resume() {
    this.entries = this.#shelf.values().sort((a, b) => a.writtenAt - b.writtenAt);
    this.entries.forEach((entry) => this.#said.add(entry.clientMessageId));
    new Set(this.entries.map((entry) => entry.recipientId)).forEach((recipient) => this.#work(recipient));
    this.changed();
  }

  /** @returns {Entry[]} */
  to(recipientId) {
    return this.entries.filter((entry) => entry.recipientId === recipientId);
  }

  send(recipientId, content) {
    this.#put({ clientMessageId: crypto.randomUUID(), recipientId, content, writtenAt: Date.now(), failure: null });
    this.#work(recipientId);
  }

  /** Sends a failed one again: as the same message while the gateway recognizes it, and as a new one after that. */
  retry(entry) {
    this.#drop(entry);
    const again = { ...entry, failure: null };
    if (isOld(entry)) {
      Object.assign(again, { clientMessageId: crypto.randomUUID(), writtenAt: Date.now() });
    }
    this.#put(again);
    this.#work(entry.recipientId);
  }

  discard(entry) {
    this.#drop(entry);
    this.changed();
  }

  #put(entry) {
    this.entries = [...this.entries.filter(({ clientMessageId }) => clientMessageId !== entry.clientMessageId), entry];
    this.#shelf.set(entry.clientMessageId, entry);
    this.changed();
  }

  #drop(entry) {
    this.entries = this.entries.filter(({ clientMessageId }) => clientMessageId !== entry.clientMessageId);
    this.#shelf.set(entry.clientMessageId, null);
  }

  async #work(recipientId) {
    if (this.#busy.has(recipientId)) {
      return;
    }
    this.#busy.add(recipientId);
    for (let entry; (entry = this.to(recipientId).find(({ failure }) => !failure)); ) {
      await this.#deliver(entry);
    }
    this.#busy.delete(recipientId);
  }

  async #deliver(entry) {
    for (let tries = 1; ; tries++) {
      try {
        return this.#stored(entry, await this.#say(entry));
      } catch (failure) {
        this.#said.add(entry.clientMessageId);
        if (failure.connection) {
          // It was not rejected: it is sent when the connection is back, however long that takes.
          await this.#connection.opened();
          tries = 0;
        } else if (failure.advice === "again" && tries < MOST_TRIES) {
          await pause(Math.max(backoff(tries), failure.retryAfter));
        } else {
          return this.#put({ ...entry, failure: failure.message });
        }
      }
    }
  }

  #say({ clientMessageId, recipientId, content, writtenAt }) {
    if (isOld({ writtenAt })) {
      throw new Failure("never", "This is from another day, and may be stored already");
    }
    return this.#gateway.createMessage({ senderId: this.#me, recipientId, content, clientMessageId });
  }

  #stored(entry, message) {
    const repeated = this.#said.delete(entry.clientMessageId);
    this.#drop(entry);
    this.dispatchEvent(new CustomEvent("stored", { detail: { message, repeated } }));
    this.changed();
  }
}

function isOld({ writtenAt }) {
  return Date.now() - writtenAt > REPEATABLE_MS;
}
