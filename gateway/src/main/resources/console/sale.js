import { actions } from './actions.js';
import { byId, h, say } from './dom.js';
import { duration, money, time, units } from './format.js';
import { badge, showState } from './sales.js';
import * as store from './store.js';
import { t } from './words.js';

const TICK_MS = 500;

/** The sale on the screen: how it stands, and what can be done to it. */
export function showSale() {
  const card = byId('sale');
  const title = h('h2', { id: 'sale-title' });
  const state = badge();
  const count = h('p', { class: 'countdown' });
  const left = h('p', { class: 'left-big' });
  const bar = h('div', { class: 'share big' }, h('span'));
  const facts = ['id', 'price', 'starts', 'ends', 'perUser', 'window', 'epoch'].map(name => [name, h('dd')]);
  const controls = actions();
  card.replaceChildren(
    h('div', { class: 'panel-head' }, h('div', { class: 'titled' }, title, state), count),
    h('div', { class: 'stock-line' }, left, bar),
    h('dl', { class: 'facts' }, ...facts.map(([name, value]) => h('div', {}, h('dt', {}, t(`fact.${name}`)), value))),
    controls.element);

  store.onChange(sale => {
    card.hidden = !sale;
    if (!sale) {
      return;
    }
    say(title, sale.title);
    showState(state, sale.state);
    say(left, t('left', { remaining: units(sale.remaining), stock: units(sale.stock) }));
    bar.firstChild.style.width = `${(100 * sale.remaining) / sale.stock}%`;
    const values = {
      id: sale.id,
      price: money(sale.price),
      starts: time(sale.startsAt),
      ends: time(sale.endsAt),
      perUser: units(sale.maxPerUser),
      window: duration(sale.paymentWindowSeconds * 1000),
      epoch: units(sale.epoch),
    };
    facts.forEach(([name, element]) => say(element, values[name]));
    controls.show(sale);
    tick();
  });

  function tick() {
    const sale = store.selected();
    say(count, sale ? countdown(sale) : '');
  }
  setInterval(tick, TICK_MS);
}

function countdown(sale) {
  const starts = new Date(sale.startsAt) - store.now();
  const ends = new Date(sale.endsAt) - store.now();
  if (sale.state === 'ended') {
    return t('isOver');
  }
  return starts > 0 ? t('opensIn', { time: duration(starts) }) : t('endsIn', { time: duration(ends) });
}
