/**
 * What to do about a failure; PROTOCOL.md has the tables that this follows.
 *
 * - `now`: come back at once;
 * - `again`: the same may work later, so wait, longer from try to try, at random;
 * - `sign-in`: show a token that is good;
 * - `expired`: messages after the cursor are no longer kept, so begin anew with what history has;
 * - `invalid`: the cursor is of another log, so forget all that is known of it and begin anew;
 * - `never`: the same would fail in the same way.
 *
 * @typedef {"now" | "again" | "sign-in" | "expired" | "invalid" | "never"} Advice
 */

/** Why an operation or the connection has failed. */
export class Failure extends Error {
  /**
   * @param {Advice} advice
   * @param {string} message for the user to read
   * @param {{connection?: boolean, retryAfter?: number}} [details] whether it is the connection that is broken, so that
   *   whatever was under way may or may not have happened; and milliseconds that the gateway asks to wait
   */
  constructor(advice, message, { connection = false, retryAfter = 0 } = {}) {
    super(message);
    this.advice = advice;
    this.connection = connection;
    this.retryAfter = retryAfter;
  }
}

/** By `extensions.code` of a GraphQL error. One without a code won't get better by itself. */
const BY_ERROR_CODE = new Map([
  ["UNAUTHORIZED", "sign-in"],
  ["CURSOR_EXPIRED", "expired"],
  ["CURSOR_INVALID", "invalid"],
  ["HISTORY_UNAVAILABLE", "again"],
  ["LOG_UNAVAILABLE", "again"],
  ["DIRECTORY_UNAVAILABLE", "again"],
  ["RATE_LIMITED", "again"],
]);

/** By the close code of a WebSocket. With any other, and without one, it is worth coming back. */
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

/** The answers with `success: false` that aren't the client's fault. */
const NOT_THE_CLIENTS_FAULT = /, try again$|could not be stored$/;

/**
 * @param {{message: string, extensions?: {code?: string, retryAfter?: number}}[]} errors of GraphQL
 * @returns {Failure}
 */
export function ofErrors(errors) {
  const { message, extensions = {} } = errors[0];
  const advice = BY_ERROR_CODE.get(extensions.code) ?? "never";
  return new Failure(advice, message, { retryAfter: extensions.retryAfter });
}

/**
 * @param {string[]} errors of an answer that says `success: false`
 * @returns {Failure}
 */
export function ofRefusal(errors) {
  const text = errors.join("; ");
  return new Failure(NOT_THE_CLIENTS_FAULT.test(text) ? "again" : "never", text);
}

/**
 * @param {unknown} thrown by the client of graphql-ws: GraphQL errors, the socket's close event, or an event that tells
 *   nothing, as of a server that can't be reached
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
