import { Gateway } from "../api/gateway.js";
import { Conversation } from "./conversation.js";
import { Inbox } from "./inbox.js";
import { Listener } from "./listener.js";
import { Outbox } from "./outbox.js";
import { People } from "./people.js";
import { shared } from "./storage.js";
import { partnerOf } from "./timeline.js";

/** The state of one user's chat, and the events between its parts. */
export class Chat {
  #conversations = new Map();
  #open = null;
  #leaving = new AbortController();

  /**
   * @param {import("../api/connection.js").Connection} connection
   * @param {string} me whose chat it is
   */
  constructor(connection, me) {
    const gateway = new Gateway(connection);
    const shelf = shared.of(me);
    this.me = me;
    this.connection = connection;
    this.gateway = gateway;
    this.people = new People(gateway);
    this.inbox = new Inbox(gateway, me, shelf);
    this.outbox = new Outbox(gateway, connection, me, shelf.of("outbox"));
    this.listener = new Listener(gateway, connection, this.inbox, me);
    this.#wire();
  }

  #wire() {
    this.inbox.addEventListener("message", ({ detail }) => this.#with(detail).heard(detail));
    this.outbox.addEventListener("stored", ({ detail }) => this.#stored(detail));
    this.listener.addEventListener("live", () => this.#lookAgain());
    this.listener.addEventListener("lost", ({ detail }) => this.#lost(detail));
    const { signal } = this.#leaving;
    addEventListener("online", () => this.listener.hurry(), { signal });
    addEventListener("focus", () => this.#cameBack(), { signal });
    document.addEventListener("visibilitychange", () => document.hidden || this.#cameBack(), { signal });
  }

  start() {
    this.outbox.resume();
    this.listener.run();
  }

  close() {
    this.#leaving.abort();
    this.listener.stop();
    this.inbox.close();
    this.connection.close();
  }

  /** @returns {Conversation} the one with this user; its history is read when it is opened */
  conversation(partner) {
    if (!this.#conversations.has(partner)) {
      const newest = () => this.inbox.newest(partner);
      this.#conversations.set(partner, new Conversation(this.gateway, this.me, partner, newest));
    }
    return this.#conversations.get(partner);
  }

  /** @param {string | null} partner whose conversation is on the screen; null for none */
  open(partner) {
    this.#open = partner === null ? null : this.conversation(partner);
    return this.#open?.refresh();
  }

  /** All messages of the partner are on the screen, and the user is looking at it. */
  looked() {
    if (this.#open && document.hasFocus()) {
      this.inbox.read(this.#open.partner);
    }
  }

  #with(message) {
    return this.conversation(partnerOf(message, this.me));
  }

  #stored({ message, repeated }) {
    this.inbox.said(message);
    this.#with(message)[repeated ? "saidAgain" : "said"](message);
  }

  #cameBack() {
    this.connection.check();
    this.listener.hurry();
    if (this.connection.isOpen) {
      this.#lookAgain();
    }
  }

  /** The user may have sent messages from another client, which no subscription delivers. */
  #lookAgain() {
    if (this.inbox.cursor !== null) {
      // Without a response, the list stays as it was; the next time may succeed.
      this.inbox.load().catch(() => {});
      this.people.read();
      this.#open?.refresh();
    }
  }

  #lost({ advice }) {
    if (advice === "invalid") {
      this.#conversations.forEach((conversation) => conversation.forget());
    }
    this.#open?.refresh();
  }
}
