import { backoff, pause } from "./backoff.js";

const MOST_TRIES = 5;

/**
 * Asks again while the answer is "not now", for a while. A connection that is broken isn't waited for.
 *
 * @template T
 * @param {() => Promise<T>} ask
 * @returns {Promise<T>}
 * @throws {import("./failure.js").Failure} the last one
 */
export async function retried(ask) {
  for (let tries = 1; ; tries++) {
    try {
      return await ask();
    } catch (failure) {
      if (failure.advice !== "again" || failure.connection || tries === MOST_TRIES) {
        throw failure;
      }
      await pause(Math.max(backoff(tries), failure.retryAfter));
    }
  }
}
