/** @typedef {import("../api/gateway.js").Message} Message */

/**
 * The other user of a message: its recipient or sender, from the view of one of the two.
 *
 * @param {Message} message
 * @param {string} me
 */
export function partnerOf(message, me) {
  return message.senderId === me ? message.recipientId : message.senderId;
}

/**
 * Merges the known messages of a conversation with the latest page of its history. The page determines the order;
 * messages that it does not have keep their position.
 *
 * @param {Message[]} known oldest first
 * @param {Message[]} page oldest first
 * @param {(message: Message) => boolean} stays whether to keep a message after the page's first one that
 *   is not in the page
 * @returns {{messages: Message[], joined: boolean}} whether the page continues what was known; where it does not,
 *   messages may be missing between the two, and those before the page are dropped
 */
export function merge(known, page, stays) {
  const ids = new Set(page.map((message) => message.id));
  const join = known.findIndex((message) => ids.has(message.id));
  const joined = join >= 0;
  const older = joined ? known.slice(0, join) : [];
  const rest = joined ? known.slice(join) : known.filter((message) => !(message.sentAt < page.at(-1)?.sentAt));
  const newer = rest.filter((message) => !ids.has(message.id) && stays(message));
  return { messages: [...older, ...page, ...newer], joined };
}

/**
 * The position of a message that was just delivered or stored: nearly always the end. After a disconnect, missed
 * messages are delivered when history may already have shown later ones.
 *
 * @param {Message[]} known oldest first
 * @param {Message} message
 * @param {string | null} behind the id of one that precedes it in the log, independently of the broker's clock
 * @returns {number} its index
 */
export function placeOf(known, message, behind) {
  const byTime = known.findLastIndex(({ sentAt }) => sentAt <= message.sentAt) + 1;
  return Math.max(byTime, known.findLastIndex(({ id }) => id === behind) + 1);
}
