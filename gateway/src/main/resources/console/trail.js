import { read } from './api.js';
import { byId, h, refill } from './dom.js';
import { time } from './format.js';
import { problemText } from './notices.js';
import { repeatedly } from './poll.js';
import * as store from './store.js';
import { known, t } from './words.js';

const EVERY_MS = 5_000;

/** Who changed what about the sale on the screen, and when. */
export function showTrail() {
  const card = byId('trail');
  const list = h('ol', { class: 'trail' });
  card.replaceChildren(
    h('div', { class: 'panel-head' }, h('h2', { id: 'trail-title' }, t('trail'))),
    h('div', { class: 'scroll', tabindex: 0, role: 'group', 'aria-labelledby': 'trail-title' }, list));
  let saleId;
  store.onChange(sale => {
    card.hidden = !sale;
    if (sale && sale.id !== saleId) {
      saleId = sale.id;
      refill(list, [], () => []);
      trail.now();
    }
  });
  const trail = repeatedly(EVERY_MS, async () => {
    const id = saleId;
    if (!id) {
      return;
    }
    const entries = await read(`/sales/${id}/trail`).catch(error => ({ problem: problemText(error) }));
    if (id === saleId) {
      refill(list, entries, show);
    }
  });
  return trail;
}

function show(entries) {
  if (entries.problem) {
    return [h('li', { class: 'problem' }, entries.problem)];
  }
  return entries.map(entry => h('li', {},
    h('span', { class: 'what' }, known(`trail.${entry.action}`) ?? entry.action),
    h('span', { class: 'detail' }, details(entry.detail)),
    h('span', { class: 'by' }, `${entry.actor} · ${time(entry.at)}`)));
}

const details = detail => Object.entries(detail ?? {})
  .filter(([, value]) => value !== '')
  .map(([name, value]) => `${name}: ${value !== null && typeof value === 'object' ? Object.values(value).join(' ') : value}`)
  .join(', ');
