import { retried } from "../api/retried.js";
import { Store } from "./store.js";
import { partnerOf } from "./timeline.js";

/** The number of latest messages for the list of conversations, and how far back the last received one is searched. */
const RECENT = 200;
const LARGEST_PAGE = 1000;
const MOST_PAGES = 20;

/** The number of attempts to read history, before the listener waits longer. */
const MOST_TRIES = 5;

/** The number of unread messages that are counted, and of conversations that are stored in the browser. */
const MOST_UNREAD = 100;
const MOST_KEPT = 200;

/** Of the last message's content. */
const SNIPPET = 200;

const SAVE_AFTER_MS = 200;

/** Where the log begins. */
const EARLIEST = "earliest";

/**
 * @typedef {import("../api/gateway.js").Message} Message
 *
 * @typedef {object} Summary of a conversation
 * @property {string} partner
 * @property {Message} last
 * @property {string[]} unread ids of the partner's unread messages, oldest first
 * @property {string | null} read the id of the partner's last read message
 */

/**
 * All of a user's conversations, and the cursor up to which they are known. The two are always consistent, in memory
 * and in the browser's storage, so that continuing from the cursor counts nothing twice and misses nothing.
 */
export class Inbox extends Store {
  /** The last processed message: the subscription continues after it. @type {string | null} */
  cursor = null;
  /** @type {Map<string, Summary>} */
  #conversations = new Map();
  #isStored = true;

  #gateway;
  #me;
  #shelf;
  #tabs;
  #saving;

  constructor(gateway, me, shelf) {
    super();
    this.#gateway = gateway;
    this.#me = me;
    this.#shelf = shelf;
    const { cursor = null, conversations = [] } = shelf.get("inbox") ?? {};
    this.cursor = cursor;
    conversations.forEach((summary) => this.#conversations.set(summary.partner, summary));
    this.#tabs = new BroadcastChannel(`chatql/${me}`);
    this.#tabs.onmessage = ({ data }) => this.#readThrough(data.partner, data.through);
    addEventListener("pagehide", () => this.#save());
  }

  /** The latest first. @returns {Summary[]} */
  get conversations() {
    return [...this.#conversations.values()].sort((a, b) => b.last.sentAt.localeCompare(a.last.sentAt));
  }

  /** @returns {string | undefined} the cursor of the last message of a conversation */
  newest(partner) {
    return this.#conversations.get(partner)?.last.cursor;
  }

  get unread() {
    return this.conversations.reduce((sum, { unread }) => sum + unread.length, 0);
  }

  /**
   * Reads the latest messages, of all senders and clients. Without a known cursor, it finds the last message to this
   * user there, after which the subscription begins. That leaves no gap, because any message that is not in history yet
   * comes after it.
   */
  async load() {
    const atLeast = this.cursor === EARLIEST ? null : this.cursor;
    const known = [...this.#conversations.keys()];
    const page = await retried(() => this.#gateway.messages({ userId: this.#me, last: RECENT, atLeast }), MOST_TRIES);
    if (!page.pageInfo.hasPreviousPage && this.#isStored) {
      this.#keepOnly(page.messages, known);
    }
    this.#isStored = false;
    this.#adopt(page.messages);
    this.cursor ??= (await this.#lastToMe(page)) ?? EARLIEST;
    this.#changed();
  }

  async #lastToMe(page) {
    for (let pages = 1; ; pages++) {
      const last = page.messages.findLast((message) => message.recipientId === this.#me);
      if (last || !page.pageInfo.hasPreviousPage || pages === MOST_PAGES) {
        return last?.cursor;
      }
      page = await this.#gateway.messages({ userId: this.#me, last: LARGEST_PAGE, before: page.pageInfo.startCursor });
    }
  }

  /** Keeps what history confirms of the browser's stored state: the rest is of another log. */
  #keepOnly(messages, known) {
    const partners = new Set(messages.map((message) => partnerOf(message, this.#me)));
    known.filter((partner) => !partners.has(partner)).forEach((partner) => this.#conversations.delete(partner));
  }

  /** With a cursor, the subscription delivers the messages after it, which are counted then. */
  #adopt(messages) {
    const begins = this.cursor === null;
    const marks = new Map(this.conversations.map(({ partner, read }) => [partner, read]));
    const summaries = new Set(messages.map((message) => this.#put(message)));
    if (begins) {
      summaries.forEach((summary) => (summary.unread = []));
      messages.forEach((message) => this.#count(message, marks));
    }
  }

  /** Messages after the last read one are unread; without one, everything was read. */
  #count(message, marks) {
    if (message.senderId === this.#me) {
      return;
    }
    const summary = this.#conversations.get(message.senderId);
    const mark = marks.get(message.senderId);
    if (!mark || message.id === mark) {
      summary.unread = [];
      summary.read = message.id;
    } else {
      this.#add(summary, message);
    }
  }

  /** A delivered message. */
  take(message) {
    this.cursor = message.cursor;
    const summary = this.#put(message);
    if (message.id === summary.read) {
      // Another tab has processed it already.
      summary.unread = [];
    } else if (message.senderId !== this.#me) {
      this.#add(summary, message);
    }
    this.#changed();
    this.dispatchEvent(new CustomEvent("message", { detail: message }));
  }

  /** A message that this user sent, and that is stored now. */
  said(message) {
    this.#put(message);
    this.#changed();
  }

  /** Marks a conversation as read; other tabs receive that, too. */
  read(partner) {
    const through = this.#conversations.get(partner)?.unread.at(-1);
    if (through) {
      this.#readThrough(partner, through);
      this.#tabs.postMessage({ partner, through });
    }
  }

  #readThrough(partner, through) {
    const summary = this.#conversations.get(partner);
    if (summary) {
      const index = summary.unread.indexOf(through);
      summary.unread = index < 0 ? [] : summary.unread.slice(index + 1);
      summary.read = through;
      this.#changed();
    }
  }

  /**
   * The cursor is invalid now. What was read stays read.
   *
   * @param {boolean} fromTheBeginning of the log; otherwise after what history has
   */
  beginAnew(fromTheBeginning) {
    this.cursor = fromTheBeginning ? EARLIEST : null;
  }

  /** Discards all of it, because it is of another log. */
  forget() {
    this.#conversations.clear();
    this.#changed();
  }

  close() {
    this.#tabs.close();
    this.#save();
  }

  #put(message) {
    const partner = partnerOf(message, this.#me);
    const summary = this.#conversations.get(partner) ?? { partner, unread: [], read: null };
    if (!(summary.last?.sentAt > message.sentAt)) {
      summary.last = { ...message, content: message.content.slice(0, SNIPPET) };
    }
    this.#conversations.set(partner, summary);
    return summary;
  }

  #add(summary, message) {
    summary.unread = [...summary.unread, message.id].slice(-MOST_UNREAD);
  }

  #changed() {
    this.#saving ??= setTimeout(() => this.#save(), SAVE_AFTER_MS);
    this.changed();
  }

  #save() {
    clearTimeout(this.#saving);
    this.#saving = undefined;
    this.#shelf.set("inbox", { cursor: this.cursor, conversations: this.conversations.slice(0, MOST_KEPT) });
  }
}
