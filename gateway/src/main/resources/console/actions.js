import { call } from './api.js';
import { ask, field } from './dialog.js';
import { h } from './dom.js';
import { units } from './format.js';
import { done } from './notices.js';
import { editSale } from './new-sale.js';
import { newKey } from './key.js';
import * as store from './store.js';
import { t } from './words.js';

const SELLS = ['scheduled', 'open', 'sold_out'];

/** What an operator can do to the sale on the screen; what its state does not permit cannot be pressed. */
export function actions() {
  const buttons = [
    ['pause', pause, state => SELLS.includes(state)],
    ['resume', resume, state => state === 'paused'],
    ['restock', restock, state => [...SELLS, 'paused'].includes(state)],
    ['edit', editSale, state => [...SELLS, 'paused'].includes(state)],
    ['rebuild', rebuild, state => [...SELLS, 'paused'].includes(state)],
    ['end', end, state => [...SELLS, 'paused'].includes(state)],
  ].map(([name, act, possible]) => {
    const attributes = { type: 'button', id: `do-${name}`, class: name === 'end' ? 'danger' : null };
    return { name, possible, element: h('button', { ...attributes, onclick: () => act(store.selected()) }, t(name)) };
  });
  return {
    element: h('div', { class: 'actions' }, ...buttons.map(button => button.element)),
    show(sale) {
      buttons.forEach(({ name, possible, element }) => {
        element.disabled = !possible(sale.state);
        // One of the two is what can be done.
        element.hidden = (name === 'resume') !== (sale.state === 'paused') && ['pause', 'resume'].includes(name);
      });
    },
  };
}

async function change(sale, action, body, headers) {
  store.replace(await call('POST', `/sales/${sale.id}/${action}`, { body, headers }));
  done(t(`done.${action}`, { title: sale.title }));
  document.dispatchEvent(new Event('sale-changed'));
}

const named = sale => ({ title: sale.title, id: sale.id, remaining: units(sale.remaining), stock: units(sale.stock) });

const plain = name => sale => ask({
  title: t(`${name}.title`, named(sale)),
  text: [t(`${name}.text`, named(sale))],
  action: t(name),
  run: () => change(sale, name),
});

const pause = plain('pause');
const resume = plain('resume');
const rebuild = plain('rebuild');

function restock(sale) {
  const quantity = h('input', { name: 'quantity', type: 'number', min: 1, max: 100_000_000, step: 1, required: true, inputmode: 'numeric' });
  const becomes = h('p', { 'aria-live': 'polite' });
  const valid = () => quantity.value !== '' && quantity.checkValidity();
  // Of this intention: asked for again after an answer that got lost, it is still done once.
  const key = newKey();
  return ask({
    title: t('restock.title', named(sale)),
    text: [t('restock.text', named(sale))],
    fields: [field(t('restock.quantity'), quantity), becomes],
    action: t('restock'),
    allowed() {
      becomes.textContent = valid()
        ? t('restock.becomes', { from: units(sale.stock), to: units(sale.stock + Number(quantity.value)) })
        : '';
      return valid();
    },
    run: () => change(sale, 'restock', { quantity: Number(quantity.value) }, { 'idempotency-key': `${key}-${quantity.value}` }),
  });
}

function end(sale) {
  const id = h('input', { name: 'confirm', type: 'text', autocomplete: 'off', spellcheck: 'false', autocapitalize: 'off' });
  return ask({
    title: t('end.title', named(sale)),
    text: [t('end.text', named(sale))],
    fields: [field(t('end.type', { id: sale.id }), id)],
    action: t('end'),
    danger: true,
    allowed: () => id.value.trim() === sale.id,
    run: () => change(sale, 'end'),
  });
}
