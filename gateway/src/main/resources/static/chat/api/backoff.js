const SHORTEST_MS = 500;
const LONGEST_MS = 15_000;

/**
 * How long to wait before the next try: at random, so that those who were thrown out together don't come back together,
 * below a bound that doubles from try to try.
 *
 * @param {number} tries that have failed so far
 * @returns {number} milliseconds
 */
export function backoff(tries) {
  return Math.random() * Math.min(LONGEST_MS, SHORTEST_MS * 2 ** tries);
}

/**
 * @param {number} milliseconds
 * @param {AbortSignal} [signal] ends the wait early, and not as a failure
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
