import { call } from './api.js';
import { ask, field } from './dialog.js';
import { h } from './dom.js';
import { smallestUnits } from './format.js';
import { done } from './notices.js';
import * as store from './store.js';
import { known, t } from './words.js';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** Asks for a sale and makes it; it opens by itself. */
export function newSale() {
  const inputs = {
    title: text({ maxlength: 200, required: true }),
    id: text({ maxlength: 32, pattern: '[a-z0-9][a-z0-9\\-]*', spellcheck: 'false', autocapitalize: 'off' }),
    stock: number(1, 100_000_000, 100),
    price: text({ required: true, inputmode: 'decimal', pattern: '[0-9]{1,12}([.,][0-9]{1,3})?' }, '9.90'),
    currency: text({ required: true, maxlength: 3, pattern: '[A-Z]{3}', spellcheck: 'false' }, 'CNY'),
    perUser: number(1, 10_000, 1),
    window: number(1, 43_200, 15),
    startsAt: instant(null),
    endsAt: instant(Math.ceil((store.now() + HOUR_MS) / MINUTE_MS) * MINUTE_MS),
    imageUrl: h('input', { type: 'url', maxlength: 500 }),
    description: h('textarea', { rows: 2, maxlength: 2_000 }),
  };
  inputs.endsAt.required = true;
  return ask({
    title: t('newSale'),
    fields: [group(inputs, ['title', 'imageUrl', 'description'])],
    action: t('create'),
    async run() {
      const sale = await call('POST', '/sales', { body: described(inputs) });
      store.replace(sale);
      location.hash = store.address(sale.id);
      done(t('done.create', { title: sale.title }));
    },
  });
}

/** Asks for other terms of a sale; only what was changed is sent. */
export function editSale(sale) {
  const scheduled = new Date(sale.startsAt) > store.now();
  const inputs = {
    title: text({ maxlength: 200, required: true }, sale.title),
    ...(scheduled && { startsAt: instant(new Date(sale.startsAt)), perUser: number(1, 10_000, sale.maxPerUser) }),
    endsAt: instant(new Date(sale.endsAt)),
    imageUrl: h('input', { type: 'text', maxlength: 500, value: sale.imageUrl }),
    description: h('textarea', { rows: 2, maxlength: 2_000 }, sale.description),
  };
  const before = terms(inputs);
  const changed = () => Object.fromEntries(Object.entries(terms(inputs)).filter(([name, value]) => value !== before[name]));
  return ask({
    title: t('edit.title', { title: sale.title }),
    text: [t(scheduled ? 'edit.before' : 'edit.after')],
    fields: [group(inputs, ['title', 'imageUrl', 'description'])],
    action: t('save'),
    allowed: () => Object.keys(changed()).length > 0,
    async run() {
      store.replace(await call('PATCH', `/sales/${sale.id}`, { body: changed() }));
      done(t('done.edit', { title: sale.title }));
      document.dispatchEvent(new Event('sale-changed'));
    },
  });
}

function described(inputs) {
  const currency = inputs.currency.value;
  return {
    ...Object.fromEntries(Object.entries(terms(inputs)).filter(([, value]) => value !== '' && value != null)),
    price: { amount: smallestUnits(inputs.price.value, currency), currency },
    stock: Number(inputs.stock.value),
    paymentWindowSeconds: Math.round(Number(inputs.window.value) * 60),
    ...(inputs.id.value && { id: inputs.id.value }),
  };
}

/** What can still be changed later. */
function terms(inputs) {
  return {
    title: inputs.title.value,
    ...(inputs.startsAt && { startsAt: iso(inputs.startsAt) }),
    ...(inputs.perUser && { maxPerUser: Number(inputs.perUser.value) }),
    endsAt: iso(inputs.endsAt),
    imageUrl: inputs.imageUrl.value,
    description: inputs.description.value,
  };
}

function group(inputs, wide) {
  return h('div', { class: 'fields' }, ...Object.entries(inputs).map(([name, input]) => {
    const element = field(t(`field.${name}`), input, hint(name));
    input.name = name;
    element.classList.toggle('wide', wide.includes(name));
    return element;
  }));
}

const text = (attributes, value = '') => h('input', { type: 'text', autocomplete: 'off', ...attributes, value });

const number = (min, max, value) => h('input', { type: 'number', min, max, step: 1, value, required: true, inputmode: 'numeric' });

/** A time of this machine's zone, to the second. */
function instant(at) {
  const local = at == null ? '' : new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
  return h('input', { type: 'datetime-local', step: 1, value: local });
}

const iso = input => (input.value ? new Date(input.value).toISOString() : null);

const hint = name => (known(`hint.${name}`) ? t(`hint.${name}`, { zone: zone() }) : '');

const zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;
