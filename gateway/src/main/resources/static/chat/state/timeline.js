/** @typedef {import("../api/gateway.js").Message} Message */

/**
 * Whom a message was said to, or by whom, seen by one of the two.
 *
 * @param {Message} message
 * @param {string} me
 */
export function partnerOf(message, me) {
  return message.senderId === me ? message.recipientId : message.senderId;
}

/**
 * What is known of a conversation with the latest page of its history: the page has the order, and what it doesn't have
 * stays where it stood.
 *
 * @param {Message[]} known oldest first
 * @param {Message[]} page oldest first
 * @param {(message: Message) => boolean} stays whether a message that stands behind the page's first one, and isn't in
 *   the page, is to be kept
 * @returns {{messages: Message[], joined: boolean}} whether the page continues what was known; where it doesn't,
 *   something may be missing between the two, and what stood ahead of the page is dropped
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
 * Where a message belongs that was just heard or stored: nearly always at the end. After a break, what was missed is
 * heard when history may have shown what came later.
 *
 * @param {Message[]} known oldest first
 * @param {Message} message
 * @param {string | null} behind the id of one that stands ahead of it in the log, whatever the broker's clock says
 * @returns {number} its index
 */
export function placeOf(known, message, behind) {
  const byTime = known.findLastIndex(({ sentAt }) => sentAt <= message.sentAt) + 1;
  return Math.max(byTime, known.findLastIndex(({ id }) => id === behind) + 1);
}
