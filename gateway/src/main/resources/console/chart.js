import { h, say } from './dom.js';
import { locale } from './words.js';

/* global uPlot */
const HEIGHT = 150;
const SHOWN_S = 300;
const LEAST_S = 60;
const GAP_S = 10;
const scheme = matchMedia('(prefers-color-scheme: dark)');
const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
const amount = new Intl.NumberFormat(locale, { notation: 'compact' });

/**
 * The last five minutes of a few figures, drawn by uPlot, with their present values in words besides: a canvas says nothing to
 * who cannot see it.
 *
 * @param series {name, colour, show}: its words, a custom property, and how a value is written
 * @param steps values hold until the next one
 * @param wide has more room than the others
 */
export function chart({ title, note, series, steps = false, wide = false }) {
  const values = series.map(() => h('dd'));
  const figures = h('dl', { class: 'legend' }, ...series.map(({ name, colour }, i) => h('div', {},
    h('dt', {}, h('span', { class: 'swatch', 'data-colour': colour }), name), values[i])));
  const canvas = h('div', { class: 'plot', 'aria-hidden': 'true' });
  const element = h('article', { class: wide ? 'card chart wide' : 'card chart' }, h('h3', {}, title), figures, canvas, h('p', { class: 'note' }, note));
  let plot;
  let data = [[], ...series.map(() => [])];

  function draw() {
    plot?.destroy();
    plot = new uPlot(options(), data, canvas);
  }

  function options() {
    const colours = getComputedStyle(document.documentElement);
    const colour = name => colours.getPropertyValue(`--${name}`).trim();
    const axis = {
      stroke: colour('muted'),
      grid: { stroke: colour('line'), width: 1 },
      ticks: { stroke: colour('line'), width: 1, size: 4 },
      font: '11px system-ui, sans-serif',
    };
    return {
      width: Math.max(120, canvas.clientWidth),
      height: HEIGHT,
      legend: { show: false },
      cursor: { show: false },
      padding: [8, 26, 0, 0],
      scales: {
        x: { range: (self, min, max) => [Math.min(min, max - LEAST_S), max] },
        y: { range: (self, min, max) => [0, Math.max(1, max * 1.1)] },
      },
      axes: [
        { ...axis, size: 24, space: 90, values: (self, ticks) => ticks.map(tick => clock.format(tick * 1000)) },
        { ...axis, size: 46, values: (self, ticks) => ticks.map(tick => amount.format(tick)) },
      ],
      series: [{}, ...series.map(each => ({
        stroke: colour(each.colour),
        width: 2,
        points: { show: false },
        ...(each.dash && { dash: each.dash }),
        ...(steps && { paths: uPlot.paths.stepped({ align: 1 }) }),
      }))],
    };
  }

  new ResizeObserver(() => {
    const width = canvas.clientWidth;
    if (plot && width > 0 && width !== plot.width) {
      plot.setSize({ width, height: HEIGHT });
    }
  }).observe(canvas);
  scheme.addEventListener('change', () => plot && draw());

  return {
    element,
    /** @param history times in seconds, and the values of each series */
    show(history) {
      data = history;
      if (plot) {
        plot.setData(data);
      } else if (canvas.isConnected && canvas.clientWidth > 0) {
        draw();
      }
      series.forEach((each, i) => say(values[i], each.show(history[i + 1].at(-1) ?? null)));
    },
  };
}

/** The points of the last five minutes. */
export class History {
  #columns;

  /** @param series how many values there are at a time */
  constructor(series) {
    this.#columns = Array.from({ length: series + 1 }, () => []);
  }

  add(seconds, ...values) {
    const last = this.#columns[0].at(-1);
    if (seconds - last > GAP_S) {
      // Nobody looked meanwhile, so nothing is drawn.
      this.#columns.forEach((column, i) => column.push(i === 0 ? last + 1 : null));
    }
    [seconds, ...values].forEach((value, i) => this.#columns[i].push(value));
    while (this.#columns[0][0] < seconds - SHOWN_S) {
      this.#columns.forEach(column => column.shift());
    }
    return this.#columns;
  }
}
