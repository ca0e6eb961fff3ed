// The place on a sale's page where it is bought: button and words for every state.
import { call } from './api.js';
import { busy, button, idle, place } from './button.js';
import { now } from './clock.js';
import { time } from './format.js';
import { knows, say } from './language.js';
import { isFinal, later, OrderPanel } from './order.js';
import { delay, pause } from './pause.js';
import { Purchase } from './purchase.js';
import { signIn, signInUrl, token } from './session.js';
import { follow } from './stream.js';
import { stateOf } from './view.js';

export class Buying {
  #message = document.getElementById('message');
  #actions = document.getElementById('actions');
  #panel = new OrderPanel(this.#message, this.#actions, (order) => this.#have(order));
  #purchase;
  #sale;
  #order;
  #unfollow = () => {};
  #followed;
  // What the last press came to, in words, until the next one.
  #said;
  #shown;
  #waited = false;

  constructor(saleId) {
    this.#purchase = new Purchase(saleId);
  }

  show(sale) {
    this.#sale = sale;
    this.tick();
  }

  /** Shows what the shopper has of this sale already, also from another tab. */
  async findOrder(saleId) {
    for (let attempt = 0; token() && attempt < 5; attempt++) {
      try {
        const orders = await call('GET', 'orders');
        const mine = orders.find((order) => order.saleId === saleId);
        if (mine && !this.#purchase.isUnderWay) {
          this.#have(mine);
        }
        break;
      } catch (problem) {
        if (!problem.passes) {
          break;
        }
        await pause(delay(attempt, problem.retryAfter));
      }
    }
    if (token() && this.#purchase.isOpen && !this.#purchase.isUnderWay && !this.#isActive) {
      await this.#press(1);
    }
  }

  get #isActive() {
    return Boolean(this.#order) && (this.#order.state === 'paid' || !isFinal(this.#order));
  }

  tick() {
    if (!this.#sale || this.#purchase.isUnderWay) {
      return;
    }
    const order = token() ? this.#order : undefined;
    if (order && !(this.#said && isFinal(order))) {
      this.#panel.show(order, this.#sale);
    }
    if (order && this.#isActive) {
      this.#shown = undefined;
    } else {
      this.#offer(order);
    }
  }

  // Only what is new: what is the same stays untouched, with the focus on it.
  #offer(order) {
    const state = stateOf(this.#sale);
    const words = this.#said?.() ?? (order ? undefined : this.#wordsFor(state));
    const shown = [state, words, token(), say('buy'), this.#sale.maxPerUser, order?.id].join();
    if (shown === this.#shown) {
      return;
    }
    this.#shown = shown;
    if (words !== undefined) {
      this.#say(words);
    }
    const buy = this.#buyButton(state);
    place(this.#actions, this.#message, buy ? [...this.#quantity(state), buy] : []);
  }

  #say(words) {
    this.#message.classList.remove('good');
    this.#message.setAttribute('aria-live', 'polite');
    delete this.#message.dataset.kind;
    this.#message.textContent = words;
  }

  #wordsFor(state) {
    this.#waited ||= state === 'scheduled';
    if (state !== 'open' && state !== 'scheduled') {
      return say(state);
    }
    if (!token()) {
      return say('signInFirst');
    }
    // Who cannot see that the button is there now must hear it.
    return state === 'scheduled' ? say('buyingSoon') : this.#waited ? say('openNow') : '';
  }

  #buyButton(state) {
    if (state !== 'open' && state !== 'scheduled') {
      return undefined;
    }
    if (!token()) {
      return signInUrl() && button(say('signIn'), 'primary', signIn);
    }
    if (state === 'scheduled') {
      return idle(say('opensAt', { time: time(Date.parse(this.#sale.startsAt), now()) }), 'wide');
    }
    return button(say(this.#order ? 'buyAgain' : 'buy'), 'primary', () => this.#press(this.#wanted()));
  }

  #quantity(state) {
    if (this.#sale.maxPerUser === 1 || !token() || state !== 'open') {
      return [];
    }
    const label = document.createElement('label');
    label.className = 'quantity';
    const input = document.createElement('input');
    Object.assign(input, { id: 'quantity', type: 'number', min: 1, max: this.#sale.maxPerUser, value: this.#wanted() });
    label.append(say('quantity'), input);
    return [label];
  }

  #wanted() {
    const value = Math.floor(Number(document.getElementById('quantity')?.value ?? 1)) || 1;
    return Math.min(Math.max(value, 1), this.#sale.maxPerUser);
  }

  async #press(quantity) {
    if (this.#purchase.isUnderWay) {
      return;
    }
    const pressed = this.#purchase.press(quantity, (code) => this.#waiting(code));
    this.#said = undefined;
    this.#sending();
    try {
      const order = await pressed;
      if (order) {
        this.#have(order);
      } else {
        this.#said = () => say('stopped');
      }
    } catch (problem) {
      // The sale's own state says it, now or in a moment.
      this.#said = () => (knows(problem.code) ? say(problem.code) : say('failed', { title: problem.message }));
    }
    this.#shown = undefined;
    this.tick();
  }

  // Nothing is waited for: this shows within the frame of the press.
  #sending() {
    this.#say(say('sendingMessage'));
    place(this.#actions, this.#message, [busy(say('sending'), 'primary')]);
  }

  #waiting(code) {
    this.#say(say(knows(`waiting.${code}`) ? `waiting.${code}` : 'waiting.overloaded'));
    if (this.#actions.childElementCount === 1) {
      this.#actions.append(button(say('stop'), 'link', () => this.#purchase.stop()));
    }
  }

  #have(order) {
    this.#order = later(this.#order, order);
    this.#said = undefined;
    if (this.#followed !== this.#order.id) {
      this.#unfollow();
      this.#followed = this.#order.id;
      this.#unfollow = isFinal(this.#order)
        ? () => {}
        : follow(`orders/${order.id}`, (told) => this.#have(told), { isDone: isFinal });
    }
    this.tick();
  }
}
