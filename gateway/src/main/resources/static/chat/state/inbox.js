import { retried } from "../api/retried.js";
import { Store } from "./store.js";
import { partnerOf } from "./timeline.js";

/** What was said lately, for the list of conversations; and how far back the last message to oneself is looked for. */
const RECENT = 200;
const LARGEST_PAGE = 1000;
const MOST_PAGES = 20;

/** How often history is asked for it, before the listener waits longer. */
const MOST_TRIES = 5;

/** How many are counted, and how many conversations are kept in the browser. */
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
 * @property {string[]} unread ids of what the partner said and wasn't looked at, oldest first
 * @property {string | null} read the id of the partner's last message that was looked at
 */

/**
 * All of a user's conversations, and the cursor up to which they are known: the two always belong together, in memory
 * and in the browser's storage, so that whoever goes on from the cursor counts nothing twice and misses nothing.
 */
export class Inbox extends Store {
  /** The last message that was dealt with: the subscription goes on behind it. @type {string | null} */
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
   * Reads what was said lately, by whomever and from wherever; and, unless it is known where to go on, finds the last
   * message to this user there, behind which the subscription begins: without a gap, for whatever isn't in history yet
   * stands behind it.
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

  /** Of what the browser had kept, that which is in the whole of history: the rest is of another log. */
  #keepOnly(messages, known) {
    const partners = new Set(messages.map((message) => partnerOf(message, this.#me)));
    known.filter((partner) => !partners.has(partner)).forEach((partner) => this.#conversations.delete(partner));
  }

  /** Where there is a cursor, the subscription tells what stands behind it, and that is counted then. */
  #adopt(messages) {
    const begins = this.cursor === null;
    const marks = new Map(this.conversations.map(({ partner, read }) => [partner, read]));
    const summaries = new Set(messages.map((message) => this.#put(message)));
    if (begins) {
      summaries.forEach((summary) => (summary.unread = []));
      messages.forEach((message) => this.#count(message, marks));
    }
  }

  /** What follows a mark is unread; where there is no mark, everything was read. */
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

  /** Something that was heard. */
  take(message) {
    this.cursor = message.cursor;
    const summary = this.#put(message);
    if (message.id === summary.read) {
      // Another tab was ahead of this one.
      summary.unread = [];
    } else if (message.senderId !== this.#me) {
      this.#add(summary, message);
    }
    this.#changed();
    this.dispatchEvent(new CustomEvent("message", { detail: message }));
  }

  /** Something that one said oneself, and that is stored now. */
  said(message) {
    this.#put(message);
    this.#changed();
  }

  /** All of a conversation was looked at, here; other tabs learn it. */
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
   * The cursor is of no use any more. What was read stays read.
   *
   * @param {boolean} fromTheBeginning of the log, or else behind what history has
   */
  beginAnew(fromTheBeginning) {
    this.cursor = fromTheBeginning ? EARLIEST : null;
  }

  /** All of this was of another log. */
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
