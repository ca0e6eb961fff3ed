// Buying: from a press to an order, whatever happens on the way.
import { call } from './api.js';
import { now } from './clock.js';
import { delay, pause } from './pause.js';

// Our clock may be this much ahead of the server's.
const EARLY_MS = 3000;
const EARLY_RETRY_MS = 100;

/**
 * One shopper's purchases of one sale. A press is an intent with a key of its own: until it is known what became of it, further
 * presses are the same intent, and the key makes every repetition of the call the same purchase, also after a reload.
 */
export class Purchase {
  #saleId;
  #stopping;

  constructor(saleId) {
    this.#saleId = saleId;
  }

  get isUnderWay() {
    return Boolean(this.#stopping);
  }

  /** Whether an earlier page left before it knew. */
  get isOpen() {
    return Boolean(this.#intent);
  }

  /** Gives up trying again. */
  stop() {
    this.#stopping?.abort();
  }

  /**
   * Buys, once. Tries again by itself while that may help.
   *
   * @param onWait told the problem's code before each further try
   * @returns the order, or nothing if it was stopped; throws a Problem when it is certain that nothing was bought
   */
  async press(quantity, onWait) {
    this.#intent ??= { key: newKey(), quantity };
    this.#stopping = new AbortController();
    try {
      return await this.#untilKnown(this.#intent, onWait, this.#stopping.signal);
    } finally {
      this.#stopping = undefined;
      this.#intent = undefined;
    }
  }

  async #untilKnown({ key, quantity }, onWait, stopped) {
    for (let attempt = 0; !stopped.aborted; attempt++) {
      try {
        return await call('POST', `sales/${this.#saleId}/orders`, { key, body: { quantity } });
      } catch (problem) {
        const opening = problem.code === 'not_started' && Date.parse(problem.body.startsAt) - now() < EARLY_MS;
        if (problem.code === 'already_purchased') {
          return await call('GET', `orders/${problem.body.orderId}`);
        }
        if (!problem.passes && !opening) {
          throw problem;
        }
        onWait(problem.code);
        await pause(opening ? EARLY_RETRY_MS * (1 + Math.random()) : delay(attempt, problem.retryAfter), stopped);
      }
    }
    return undefined;
  }

  get #kept() {
    return `seckill.intent.${this.#saleId}`;
  }

  get #intent() {
    return JSON.parse(sessionStorage.getItem(this.#kept));
  }

  set #intent(intent) {
    if (intent) {
      sessionStorage.setItem(this.#kept, JSON.stringify(intent));
    } else {
      sessionStorage.removeItem(this.#kept);
    }
  }
}

// crypto.randomUUID is there on secure origins only.
function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
