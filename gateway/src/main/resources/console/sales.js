import { byId, h, say } from './dom.js';
import { units } from './format.js';
import * as store from './store.js';
import { t } from './words.js';

const items = new Map();

/** The list of sales; each is a link, and the one on the screen is marked. */
export function showSales() {
  const list = byId('sales');
  store.onChange(shown => {
    const sales = store.all();
    byId('no-sales').hidden = sales.length > 0;
    const ids = new Set(sales.map(sale => sale.id));
    for (const [id, item] of items) {
      if (!ids.has(id)) {
        item.element.remove();
        items.delete(id);
      }
    }
    sales.forEach((sale, i) => {
      const item = items.get(sale.id) ?? made(sale.id);
      if (list.children[i] !== item.element) {
        list.insertBefore(item.element, list.children[i] ?? null);
      }
      item.show(sale, sale === shown);
    });
  });
}

function made(id) {
  const title = h('span', { class: 'sale-name' });
  const state = badge();
  const left = h('span', { class: 'left' });
  const bar = h('span', { class: 'share' }, h('span'));
  const link = h('a', { href: store.address(id) }, title, state, left, bar);
  const item = {
    element: h('li', {}, link),
    show(sale, current) {
      say(title, sale.title);
      showState(state, sale.state);
      say(left, t('left', { remaining: units(sale.remaining), stock: units(sale.stock) }));
      bar.firstChild.style.width = `${(100 * sale.remaining) / sale.stock}%`;
      if (current) {
        link.setAttribute('aria-current', 'true');
      } else {
        link.removeAttribute('aria-current');
      }
    },
  };
  items.set(id, item);
  return item;
}

/** The state of a sale in a word. */
export const badge = () => h('span', { class: 'badge' });

export function showState(element, state) {
  element.dataset.state = state;
  say(element, t(`state.${state}`));
}
