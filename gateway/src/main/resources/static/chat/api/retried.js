import { backoff, pause } from "./backoff.js";

/**
 * Retries while the result is "not now", up to a number of times. It does not wait for a broken connection.
 *
 * @template T
 * @param {() => Promise<T>} ask
 * @param {number} most the number of attempts
 * @param {(failure: import("./failure.js").Failure, tries: number) => void} [failed] called after each failure
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
