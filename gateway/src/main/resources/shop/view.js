// Shows a sale in whatever has fields for it: a card, or the sale's page.
import { now } from './clock.js';
import { duration, money, number, time } from './format.js';
import { say } from './language.js';

/** The sale's state by the clock: a sale opens and ends on the tick, before the server's next word. */
export function stateOf(sale) {
  if (sale.state === 'scheduled' && now() >= Date.parse(sale.startsAt)) {
    return 'open';
  }
  return now() >= Date.parse(sale.endsAt) ? 'ended' : sale.state;
}

/** The next moment at which the clock alone changes the state, or nothing. */
export const turnOf = (sale) =>
  [sale.startsAt, sale.endsAt].map((text) => Date.parse(text)).find((ms) => ms > now());

export function showSale(root, sale) {
  const state = stateOf(sale);
  const when = Date.parse(state === 'scheduled' ? sale.startsAt : sale.endsAt);
  const whenKey = { scheduled: 'startsAt', ended: 'endedAt' }[state] ?? 'endsAt';
  root.dataset.sale = sale.id;
  root.dataset.state = state;
  const fields = {
    title: sale.title,
    description: sale.description,
    price: money(sale.price),
    state: say(`state.${state}`),
    left: leftOf(sale),
    when: say(whenKey, { time: time(when, now()) }),
    starts: time(Date.parse(sale.startsAt), now()),
    ends: time(Date.parse(sale.endsAt), now()),
    maxPerUser: number(sale.maxPerUser),
  };
  for (const [field, text] of Object.entries(fields)) {
    const element = root.querySelector(`[data-field=${field}]`);
    if (element && element.textContent !== text) {
      element.textContent = text;
    }
  }
  const link = root.querySelector('a[data-field=title]');
  if (link) {
    link.href = `/sales/${sale.id}`;
  }
  showMeter(root.querySelector('[data-field=meter]'), sale);
  showPicture(root.querySelector('[data-field=picture]'), sale);
}

/** How long until the sale starts or ends, each second. */
export function showTimer(root, sale) {
  const state = stateOf(sale);
  const [label, at] = state === 'scheduled' ? ['startsIn', sale.startsAt] : ['endsIn', sale.endsAt];
  const over = state === 'ended';
  root.querySelector('[data-field=timerLabel]').textContent = over ? '' : say(label);
  root.querySelector('[data-field=timer]').textContent = over ? '' : duration(Date.parse(at) - now());
}

/** A sale's picture; the drawn one if the operator's cannot be had. */
export function showPicture(image, sale) {
  if (image.dataset.of === sale.id + sale.imageUrl) {
    return;
  }
  image.dataset.of = sale.id + sale.imageUrl;
  const drawn = `/pictures/${sale.id}.svg`;
  image.onerror = () => {
    image.onerror = null;
    image.src = drawn;
  };
  const wanted = /^(https:\/\/|\/(?![/\\]))/.test(sale.imageUrl) ? sale.imageUrl : drawn;
  if (image.getAttribute('src') !== wanted) {
    image.src = wanted;
  } else if (image.complete && !image.naturalWidth) {
    image.onerror();
  }
}

const leftOf = (sale) => say('left', { left: number(sale.remaining), stock: number(sale.stock) });

function showMeter(meter, sale) {
  meter.setAttribute('aria-label', say('stock'));
  meter.setAttribute('aria-valuemax', sale.stock);
  meter.setAttribute('aria-valuenow', sale.remaining);
  meter.setAttribute('aria-valuetext', leftOf(sale));
  meter.querySelector('rect').setAttribute('width', (100 * sale.remaining) / sale.stock);
}
