/** The sales as last heard, and which of them the screen is about: the address names it, so that it can be handed on. */
const listeners = [];
const PREFIX = '#sale=';

let sales = [];
/** Of the servers' clock: what is to be added to this machine's. */
let clockOffsetMs = 0;

export const all = () => sales;

export const now = () => Date.now() + clockOffsetMs;

export function selected() {
  const id = location.hash.startsWith(PREFIX) ? decodeURIComponent(location.hash.slice(PREFIX.length)) : '';
  return sales.find(sale => sale.id === id) ?? sales.find(sale => sale.state === 'open') ?? sales[0];
}

export const address = id => PREFIX + encodeURIComponent(id);

export function take(newest) {
  sales = newest;
  if (sales[0]?.serverTime) {
    clockOffsetMs = new Date(sales[0].serverTime) - Date.now();
  }
  tell();
}

/** One sale as a call has just answered it. */
export function replace(sale) {
  take(sales.some(each => each.id === sale.id) ? sales.map(each => (each.id === sale.id ? sale : each)) : [sale, ...sales]);
}

/** Called with the sale on the screen, whenever anything changed. */
export function onChange(listener) {
  listeners.push(listener);
}

window.addEventListener('hashchange', tell);

function tell() {
  const sale = selected();
  listeners.forEach(listener => listener(sale));
}
