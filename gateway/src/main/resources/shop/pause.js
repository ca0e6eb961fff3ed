// Waiting before another try, never all shoppers together.
const FIRST_MS = 400;
const LONGEST_MS = 12000;

/** How long to wait: at least what the server asked for, longer each time, and by chance up to twice as long. */
export function delay(attempt, retryAfterSeconds = 0) {
  const least = Math.max(retryAfterSeconds * 1000, Math.min(LONGEST_MS, FIRST_MS * 2 ** attempt));
  return least * (1 + Math.random());
}

/** Ends early, without an error, when the signal aborts. */
export function pause(ms, signal) {
  return new Promise((resolve) => {
    if (signal?.aborted) {
      resolve();
      return;
    }
    const timer = setTimeout(end, ms);
    function end() {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    }
    signal?.addEventListener('abort', end);
  });
}
