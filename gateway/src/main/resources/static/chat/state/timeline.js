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
 *   something may be missing between the two, and what was known before is dropped
 */
export function merge(known, page, stays) {
  const ids = new Set(page.map((message) => message.id));
  const others = (part) => part.filter((message) => !ids.has(message.id));
  const join = known.findIndex((message) => ids.has(message.id));
  const older = join < 0 ? [] : known.slice(0, join);
  const newer = others(join < 0 ? known : known.slice(join)).filter(stays);
  return { messages: [...older, ...page, ...newer], joined: join >= 0 };
}

/**
 * @param {Message[]} known
 * @param {Message} message
 * @returns {Message[]} the same, where it is known already
 */
export function appended(known, message) {
  return known.some(({ id }) => id === message.id) ? known : [...known, message];
}
