// The list of sales.
import { call } from './api.js';
import { everySecond, timed } from './clock.js';
import { lost, start } from './frame.js';
import { pause } from './pause.js';
import { showSale } from './view.js';

const ROUND_MS = 4000;

const list = document.getElementById('sales');
const card = document.getElementById('card').content.firstElementChild;
let sales = [];

function show() {
  const cards = new Map(Array.from(list.children, (element) => [element.dataset.sale, element]));
  sales.forEach((sale, place) => {
    const shown = cards.get(sale.id) ?? card.cloneNode(true);
    cards.delete(sale.id);
    showSale(shown, sale);
    if (list.children[place] !== shown) {
      list.insertBefore(shown, list.children[place] ?? null);
    }
  });
  cards.forEach((gone) => gone.remove());
  document.getElementById('none').hidden = sales.length > 0;
}

await start(() => sales.length && show());
everySecond(() => sales.length && show());
for (;;) {
  if (!document.hidden) {
    try {
      sales = await timed(() => call('GET', 'sales'));
      lost(false);
      show();
    } catch {
      lost(true);
    }
  }
  await pause(ROUND_MS * (0.75 + Math.random() / 2));
}
