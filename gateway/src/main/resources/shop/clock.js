// The server's time. The shopper's own clock is asked for nothing: performance.now() only goes forward.
const GOOD_MS = 150;

let offset = null;
let uncertain = Infinity;

/** The server's time in ms since 1970. */
export const now = () => performance.now() + (offset ?? performance.timeOrigin);

/**
 * Makes a call whose answer has the server's time, and learns from it: it was told somewhere between asking and hearing. The
 * quickest answer so far counts.
 */
export async function timed(ask) {
  const asked = performance.now();
  const answer = await ask();
  const heard = performance.now();
  const { serverTime } = Array.isArray(answer) ? answer[0] ?? {} : answer;
  if (serverTime && heard - asked < uncertain) {
    uncertain = heard - asked;
    offset = Date.parse(serverTime) - (asked + heard) / 2;
  }
  return answer;
}

/** Whether one more answer could make it better. */
export const isRough = () => uncertain > GOOD_MS;

/** Calls back soon after each of the server's seconds has begun, until the returned function is called. */
export function everySecond(tick) {
  let timer;
  const next = () => {
    tick();
    timer = setTimeout(next, 1000 - (now() % 1000) + 5);
  };
  next();
  return () => clearTimeout(timer);
}
