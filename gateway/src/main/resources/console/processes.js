import { byId, h, refill } from './dom.js';
import { duration, NOTHING, units } from './format.js';
import { t } from './words.js';

const COLUMNS = ['process', 'health', 'uptime', 'figures'];
const COUNTS = ['accepted', 'refused', 'replayed', 'stored', 'expired'];

/** Every gateway and worker as it was last heard. */
export function showProcesses(heard) {
  const card = byId('processes');
  if (!card.firstChild) {
    card.append(
      h('div', { class: 'panel-head' },
        h('h2', { id: 'processes-title' }, t('processes')),
        h('span', { class: 'when' }, t('heardBy', { instance: heard.instance }))),
      h('p', { class: 'empty', role: 'status' }),
      h('div', { class: 'table', tabindex: 0, role: 'group', 'aria-labelledby': 'processes-title' },
        h('table', {},
          h('thead', {}, h('tr', {}, ...COLUMNS.map(name => h('th', { scope: 'col' }, t(`column.${name}`))))),
          h('tbody'))));
  }
  refill(card.querySelector('.empty'), heard.listening, listening => [listening ? '' : t('deaf')]);
  const rows = heard.processes.map(process => ({
    instance: process.instance,
    health: health(process),
    well: process.ready && !process.silent,
    uptime: duration(process.uptimeMs),
    figures: COUNTS.filter(name => name in process.counts).map(name => `${t(`count.${name}`)} ${units(process.counts[name])}`).join(' · '),
  }));
  refill(card.querySelector('tbody'), rows, made => made.map(row => h('tr', {},
    h('th', { scope: 'row' }, row.instance),
    h('td', { 'data-good': String(row.well) },
      h('span', { class: 'mark', 'aria-hidden': 'true' }, row.well ? '✓' : '!'), row.health),
    h('td', { class: 'number' }, row.uptime),
    h('td', {}, row.figures))));
}

function health(process) {
  if (process.silent) {
    return t('health.silent', { time: duration(process.silentMs) });
  }
  return process.ready ? t('health.ready') : t('health.missing', { missing: process.missing.join(', ') || NOTHING });
}
