import { backoff, pause } from "./backoff.js";

/**
 * Asks again while the answer is "not now", so many times. A connection that is broken isn't waited for.
 *
 * @template T
 * @param {() => Promise<T>} ask
 * @param {number} most how often it asks
 * @param {(failure: import("./failure.js").Failure, tries: number) => void} [failed] is told each time
 * @returns {Promise<T>}
 * @throws {import("./failure.js").Failure} the last one
 */
export async function retried(ask, most, failed = () => {}) {
  for (let tries = 1; ; tries++) {
    try {
      return await ask();
    } catch (failure) {
      if (failure.advice !== "again" || failure.connection || tries === most) {
        throw failure;
      }
      failed(failure, tries);
      await pause(Math.max(backoff(tries), failure.retryAfter));
    }
  }
}
