const SHORTEST_MS = 500;
const LONGEST_MS = 15_000;

/**
 * The wait before the next attempt: random, so that clients that were disconnected together do not reconnect together,
 * and below a bound that doubles with each attempt.
 *
 * @param {number} tries attempts that have failed so far
 * @returns {number} milliseconds
 */
export function backoff(tries) {
  return Math.random() * Math.min(LONGEST_MS, SHORTEST_MS * 2 ** tries);
}

/**
 * @param {number} milliseconds
 * @param {AbortSignal} [signal] ends the wait early, without a failure
 */
export function pause(milliseconds, signal) {
  return new Promise((done) => {
    const timer = setTimeout(done, milliseconds);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      done();
    });
    if (signal?.aborted) {
      clearTimeout(timer);
      done();
    }
  });
}
