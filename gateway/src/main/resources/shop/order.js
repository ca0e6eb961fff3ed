// An order that is the shopper's: what it is now, paying it, giving it back.
import { call } from './api.js';
import { busy, button, idle, place } from './button.js';
import { now } from './clock.js';
import { ask } from './dialog.js';
import { duration, money } from './format.js';
import { say } from './language.js';
import { delay, pause } from './pause.js';

const FINAL = ['paid', 'cancelled', 'expired', 'rejected'];
// Who presses the buy button in panic, or just as the page finds an order, must not pay by the way: paying takes so long without a
// press since it could first be pressed.
const CALM_MS = 700;
// The states that an order goes through, in order: what is told late does not turn it back.
const RANK = { queued: 0, pending_payment: 1 };

export const isFinal = (order) => FINAL.includes(order.state);

/** The later of two words about an order. */
export const later = (known, told) =>
  known?.id === told.id && (RANK[told.state] ?? 2) < (RANK[known.state] ?? 2) ? known : told;

/** Shows an order and its buttons in an element for a message and one for actions. */
export class OrderPanel {
  #message;
  #actions;
  #onChange;
  #order;
  #sale;
  #doing;
  #failure;
  #shown;
  #pressedAt;
  #payableFor;
  #calmFor;

  /** @param onChange told the order after each call */
  constructor(message, actions, onChange) {
    this.#message = message;
    this.#actions = actions;
    this.#onChange = onChange;
    actions.addEventListener('click', () => {
      this.#pressedAt = performance.now();
    }, true);
  }

  show(order, sale) {
    if (this.#order?.id !== order.id) {
      this.#failure = undefined;
    }
    this.#order = order;
    this.#sale = sale;
    this.tick();
  }

  /** The time to pay runs, each second. Only words that changed are put in: screen readers read them out. */
  tick() {
    const order = this.#order;
    const left = Date.parse(order.payBy) - now();
    const payable = order.state === 'pending_payment' && left > 0;
    const key = order.state === 'pending_payment' && !payable ? 'order.late' : `order.${order.state}`;
    if (this.#failure && payable) {
      this.#say(this.#failure(), 'failure');
    } else {
      this.#say(say(key, { time: duration(left) }), key);
    }
    this.#message.classList.toggle('good', ['queued', 'pending_payment', 'paid'].includes(order.state) && key !== 'order.late');
    this.#offer(payable);
  }

  // The running time is not for the ears: who listens hears it once, and again when something else is said.
  #say(text, kind) {
    const quiet = kind === this.#message.dataset.kind && kind === 'order.pending_payment';
    this.#message.setAttribute('aria-live', quiet ? 'off' : 'polite');
    if (this.#message.textContent !== text) {
      this.#message.textContent = text;
    }
    this.#message.dataset.kind = kind;
  }

  #offer(payable) {
    const calm = payable && this.#isCalm();
    const price = this.#sale ? money(this.#sale.price, this.#order.quantity) : '';
    const { id, state } = this.#order;
    // Of an order that has ended this takes the buttons away, once: the place is somebody else's then.
    const shown = isFinal(this.#order) ? [id, state].join() : [id, state, payable, calm, this.#doing, price, say('pay')].join();
    if (shown === this.#shown) {
      return;
    }
    this.#shown = shown;
    place(this.#actions, this.#message, this.#buttons(payable, calm, price));
  }

  #buttons(payable, calm, price) {
    if (this.#order.state === 'queued') {
      return [busy(say('sending'), 'primary')];
    }
    if (!payable) {
      return [];
    }
    const pay = say('pay', { price });
    const cancel = () => button(say('cancel'), 'link', () => this.#cancel());
    switch (this.#doing) {
      case 'pay': return [busy(say('paying'), 'primary'), cancel()];
      case 'cancel': return [idle(pay, 'primary'), busy(say('cancelling'), 'link')];
      default: return [calm ? button(pay, 'primary', () => this.#pay()) : idle(pay, 'primary'), cancel()];
    }
  }

  #isCalm() {
    if (this.#payableFor !== this.#order.id) {
      this.#payableFor = this.#order.id;
      this.#pressedAt = performance.now();
    }
    const calmIn = this.#pressedAt + CALM_MS - performance.now();
    if (calmIn <= 0) {
      this.#calmFor = this.#order.id;
    } else if (this.#calmFor !== this.#order.id) {
      setTimeout(() => this.tick(), calmIn + 1);
    }
    return this.#calmFor === this.#order.id;
  }

  #pay() {
    return this.#do('pay', 'payment', (problem) => say('notPaid', { title: problem.body.detail ?? problem.message }));
  }

  async #cancel() {
    if (await ask(say('cancelSure'), say('cancelYes'), say('cancelNo'))) {
      await this.#do('cancel', 'cancel', (problem) => say('failed', { title: problem.message }));
    }
  }

  // Both calls may be made again: the server pays once and cancels once.
  async #do(doing, path, failed) {
    if (this.#doing) {
      return;
    }
    const order = this.#order;
    this.#doing = doing;
    this.#failure = undefined;
    this.tick();
    try {
      this.#onChange(await this.#insist(`orders/${order.id}/${path}`));
    } catch (problem) {
      this.#failure = () => failed(problem);
    } finally {
      this.#doing = undefined;
      this.tick();
    }
  }

  async #insist(path) {
    for (let attempt = 0; ; attempt++) {
      try {
        return await call('POST', path);
      } catch (problem) {
        if (!problem.passes || isFinal(this.#order)) {
          throw problem;
        }
        this.#failure = () => say(`waiting.${problem.code}`);
        this.tick();
        await pause(delay(attempt, problem.retryAfter));
      }
    }
  }
}
