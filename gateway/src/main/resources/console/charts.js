import { chart, History } from './chart.js';
import { byId } from './dom.js';
import { measured, NOTHING, units } from './format.js';
import { Rates } from './rates.js';
import * as store from './store.js';
import { t } from './words.js';

const milliseconds = value => (value == null ? NOTHING : t('ms', { value: measured(value) }));
const seconds = value => (value == null ? NOTHING : t('s', { value: measured(value) }));

/** The figures of the whole system over the last minutes: what each gateway and worker says of itself, put together. */
export function showCharts() {
  const rates = new Rates();
  const throughput = chart({
    title: t('chart.throughput'),
    wide: true,
    note: t('note.throughput'),
    series: [
      { name: t('accepted'), colour: 'remaining', show: measured },
      { name: t('refused'), colour: 'edge', show: measured, dash: [6, 4] },
      { name: t('stored'), colour: 'paid', show: measured, dash: [2, 3] },
    ],
  });
  const stock = chart({
    title: t('chart.stock'),
    wide: true,
    note: t('note.stock'),
    series: [{ name: t('term.remaining'), colour: 'remaining', show: units }],
    steps: true,
  });
  const latency = chart({
    title: t('chart.latency'),
    note: t('note.latency'),
    series: [{ name: 'p99', colour: 'pending', show: milliseconds }],
  });
  const queue = chart({
    title: t('chart.queue'),
    note: t('note.queue'),
    series: [{ name: t('messages'), colour: 'in-flight', show: units }],
    steps: true,
  });
  const outbox = chart({
    title: t('chart.outbox'),
    note: t('note.outbox'),
    series: [{ name: t('oldest'), colour: 'restocking', show: seconds }],
    steps: true,
  });
  byId('charts').append(...[throughput, stock, latency, queue, outbox].map(each => each.element));

  const histories = { throughput: new History(3), latency: new History(1), queue: new History(1), outbox: new History(1) };
  const stocks = new Map();
  const noSale = [[], []];
  store.onChange(sale => stock.show(stocks.get(sale?.id)?.columns ?? noSale));

  return {
    /**
     * @param heard GET /system
     * @param sales GET /sales
     */
    take(heard, sales) {
      const at = Date.now() / 1000;
      rates.take(heard.listening ? heard.processes : []);
      const p99 = rates.quantile(0.99);
      throughput.show(histories.throughput.add(at,
        rates.perSecond('gateway', 'accepted'), rates.perSecond('gateway', 'refused'), rates.perSecond('worker', 'stored')));
      latency.show(histories.latency.add(at, p99 == null ? null : p99 * 1000));
      queue.show(histories.queue.add(at, waiting(heard.queues)));
      outbox.show(histories.outbox.add(at, heard.outbox.oldestAgeSeconds));
      for (const id of stocks.keys()) {
        if (!sales.some(sale => sale.id === id)) {
          stocks.delete(id);
        }
      }
      for (const sale of sales) {
        const kept = stocks.get(sale.id) ?? { history: new History(1) };
        stocks.set(sale.id, kept);
        kept.columns = kept.history.add(at, sale.state === 'recovering' ? null : sale.remaining);
      }
      stock.show(stocks.get(store.selected()?.id)?.columns ?? noSale);
    },
  };
}

/** Messages that wait for a worker in any queue; null if RabbitMQ cannot be asked. */
export function waiting(queues) {
  const counts = Object.values(queues);
  return counts.includes(null) ? null : counts.reduce((sum, count) => sum + count, 0);
}
