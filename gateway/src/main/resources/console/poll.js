/**
 * Looks again and again, never twice at a time, and not at all while nobody sees the page. What a look throws is its own
 * affair.
 *
 * @param restMs pause after each look; a function is asked each time with how long the look took
 * @returns {{now: function, stop: function}} now looks at once
 */
export function repeatedly(restMs, look) {
  let timer = 0;
  let busy = false;
  let again = false;
  let stopped = false;

  async function round() {
    clearTimeout(timer);
    if (busy || stopped) {
      again = busy;
      return;
    }
    busy = true;
    const began = performance.now();
    try {
      await look();
    } finally {
      busy = false;
      const rest = typeof restMs === 'function' ? restMs(performance.now() - began) : restMs;
      if (!stopped && !document.hidden) {
        timer = setTimeout(round, again ? 0 : rest);
      }
      again = false;
    }
  }

  const seen = () => document.hidden || round();
  document.addEventListener('visibilitychange', seen);
  round();
  return {
    now: round,
    stop() {
      stopped = true;
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', seen);
    },
  };
}
