// The shopper's orders.
import { call } from './api.js';
import { button } from './button.js';
import { everySecond, timed } from './clock.js';
import { money, time } from './format.js';
import { lost, start } from './frame.js';
import { say } from './language.js';
import { isFinal, later, OrderPanel } from './order.js';
import { pause } from './pause.js';
import { signIn, signInUrl, token } from './session.js';
import { showPicture } from './view.js';

const ROUND_MS = 3000;
const QUIET_ROUND_MS = 15000;

const list = document.getElementById('orders');
const none = document.getElementById('none');
const blank = document.getElementById('order').content.firstElementChild;
const panels = new Map();
let sales = new Map();
let orders = [];

function show() {
  none.hidden = token() && orders.length > 0;
  none.textContent = token() ? say('noOrders') : say('signInFirst');
  if (!token()) {
    list.replaceChildren();
    panels.clear();
    if (signInUrl()) {
      none.append(' ', button(say('signIn'), 'link', signIn));
    }
    return;
  }
  orders.forEach(showOrder);
}

function showOrder(order) {
  if (!panels.has(order.id)) {
    const root = blank.cloneNode(true);
    list.insertBefore(root, list.children[orders.indexOf(order)] ?? null);
    const panel = new OrderPanel(root.querySelector('.message'), root.querySelector('.actions'), hear);
    panels.set(order.id, { root, panel });
  }
  const { root, panel } = panels.get(order.id);
  const sale = sales.get(order.saleId);
  const title = sale?.title ?? order.saleId;
  const field = (name) => root.querySelector(`[data-field=${name}]`);
  field('title').textContent = order.quantity > 1 ? say('unitsOf', { n: order.quantity, title }) : title;
  field('title').href = `/sales/${order.saleId}`;
  field('price').textContent = sale ? money(sale.price, order.quantity) : '';
  field('created').textContent = time(Date.parse(order.createdAt), Date.now());
  showPicture(field('picture'), sale ?? { id: order.saleId, imageUrl: '' });
  panel.show(order, sale);
}

function hear(told) {
  orders = orders.map((order) => (order.id === told.id ? later(order, told) : order));
  show();
}

async function refresh() {
  const known = new Map(orders.map((order) => [order.id, order]));
  const [all, mine] = await Promise.all([timed(() => call('GET', 'sales')), call('GET', 'orders')]);
  sales = new Map(all.map((sale) => [sale.id, sale]));
  orders = mine.map((order) => later(known.get(order.id), order));
  show();
}

await start(show);
everySecond(() => panels.forEach(({ panel }) => panel.tick()));
for (;;) {
  if (token() && !document.hidden) {
    await refresh().then(() => lost(false), (problem) => lost(problem.passes));
  }
  show();
  await pause((orders.every(isFinal) ? QUIET_ROUND_MS : ROUND_MS) * (0.75 + Math.random() / 2));
}
