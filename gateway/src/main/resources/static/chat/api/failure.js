/**
 * What to do about a failure; PROTOCOL.md has the tables that this follows.
 *
 * - `now`: reconnect at once;
 * - `again`: a retry may succeed later, after a random wait that grows with each attempt;
 * - `sign-in`: send a valid token;
 * - `expired`: messages after the cursor are no longer stored, so start again with what history has;
 * - `invalid`: the cursor is of another log, so discard all that is known of it and start again;
 * - `never`: a retry would fail in the same way.
 *
 * @typedef {"now" | "again" | "sign-in" | "expired" | "invalid" | "never"} Advice
 */

/** Why an operation or the connection has failed. */
export class Failure extends Error {
  /**
   * @param {Advice} advice
   * @param {string} message for the user to read
   * @param {{connection?: boolean, retryAfter?: number}} [details] whether the connection failed, so that
 *   a pending operation may or may not have been executed; and milliseconds to wait by the gateway's own request
   */
  constructor(advice, message, { connection = false, retryAfter = 0 } = {}) {
    super(message);
    this.advice = advice;
    this.connection = connection;
    this.retryAfter = retryAfter;
  }
}

/** By `extensions.code` of a GraphQL error. A retry does not help against one without a code. */
const BY_ERROR_CODE = new Map([
  ["UNAUTHORIZED", "sign-in"],
  ["CURSOR_EXPIRED", "expired"],
  ["CURSOR_INVALID", "invalid"],
  ["HISTORY_UNAVAILABLE", "again"],
  ["LOG_UNAVAILABLE", "again"],
  ["DIRECTORY_UNAVAILABLE", "again"],
  ["LOG_CHANGED", "again"],
  ["RATE_LIMITED", "again"],
  ["OVERLOADED", "again"],
]);

/** Usually an operator has to act first. */
const LOG_CHANGED_WAIT_MS = 60_000;

/** By the close code of a WebSocket. After any other, and without one, the client reconnects. */
const BY_CLOSE_CODE = new Map([
  [1002, "never"],
  [1009, "never"],
  [1012, "now"],
  [4400, "never"],
  [4401, "sign-in"],
  [4403, "sign-in"],
  [4406, "never"],
  [4409, "never"],
  [4429, "never"],
]);

/** The errors with `success: false` that the client did not cause. */
const NOT_THE_CLIENTS_FAULT = /, try again$|could not be stored$/;

/**
 * @param {{message: string, extensions?: {code?: string, retryAfter?: number}}[]} errors of GraphQL
 * @returns {Failure}
 */
export function ofErrors(errors) {
  const { message, extensions = {} } = errors[0];
  const advice = BY_ERROR_CODE.get(extensions.code) ?? "never";
  const retryAfter = extensions.code === "LOG_CHANGED" ? LOG_CHANGED_WAIT_MS : extensions.retryAfter;
  return new Failure(advice, message, { retryAfter });
}

/**
 * @param {string[]} errors of a result with `success: false`
 * @returns {Failure}
 */
export function ofRefusal(errors) {
  const text = errors.join("; ");
  return new Failure(NOT_THE_CLIENTS_FAULT.test(text) ? "again" : "never", text);
}

/**
 * @param {unknown} thrown by the client of graphql-ws: GraphQL errors, the socket's close event, or an event without
 *   details, as for an unreachable server
 * @returns {Failure}
 */
export function ofThrown(thrown) {
  if (thrown instanceof Failure) {
    return thrown;
  }
  if (Array.isArray(thrown)) {
    return ofErrors(thrown);
  }
  const advice = BY_CLOSE_CODE.get(thrown?.code) ?? "again";
  return new Failure(advice, thrown?.reason || "The connection is broken", { connection: true });
}
