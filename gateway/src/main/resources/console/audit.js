import { AUDIT_TIMEOUT_MS, read } from './api.js';
import { byId, h, say } from './dom.js';
import { timeOfDay, units } from './format.js';
import { problemText } from './notices.js';
import { repeatedly } from './poll.js';
import * as store from './store.js';
import { t } from './words.js';

const TERMS = ['remaining', 'inFlight', 'pendingPayment', 'paid', 'restocking', 'deadLettered'];
const LEAST_REST_MS = 3_000;
/** Counting takes at most a tenth of the time. */
const REST_PER_WORK = 9;

/**
 * The audit as two beams, the stock and where its units are: as long as each other if it balances. Counts again and again as
 * long as the sale is on the screen.
 */
export function showAudit() {
  const card = byId('audit');
  const verdict = h('p', { class: 'verdict', role: 'status' });
  const when = h('span', { class: 'when' });
  const again = h('button', { type: 'button', onclick: () => audit.now() }, t('countAgain'));
  const beams = h('div', { class: 'scale', 'aria-hidden': 'true' }, h('div'), h('div'));
  const equation = h('p', { class: 'equation' });
  const terms = h('dl', { class: 'terms' });
  card.replaceChildren(
    h('div', { class: 'panel-head' },
      h('h2', { id: 'audit-title' }, t('audit')),
      h('div', { class: 'titled' }, when, again)),
    verdict, beams, equation, terms);

  let saleId;
  store.onChange(sale => {
    card.hidden = !sale;
    if (sale && sale.id !== saleId) {
      saleId = sale.id;
      clear(t('counting'));
      audit.now();
    }
  });

  const audit = repeatedly(tookMs => Math.max(LEAST_REST_MS, REST_PER_WORK * tookMs), async () => {
    const id = saleId;
    if (!id) {
      return;
    }
    try {
      const found = await read(`/sales/${id}/audit`, { timeoutMs: AUDIT_TIMEOUT_MS });
      if (id === saleId) {
        show(found);
      }
    } catch (error) {
      if (id === saleId) {
        clear(t('notCounted', { problem: problemText(error) }));
      }
    }
  });
  return audit;

  function clear(text) {
    verdict.dataset.verdict = 'none';
    say(verdict, text);
    [beams.children[0], beams.children[1], terms].forEach(element => element.replaceChildren());
    say(equation, '');
    say(when, '');
  }

  function show(found) {
    const sum = TERMS.reduce((all, term) => all + found[term], 0);
    const missing = found.stock - sum;
    const good = found.balanced && found.oversold === 0 && found.lost === 0;
    verdict.dataset.verdict = good ? 'good' : 'bad';
    say(verdict, good ? t('balanced') : wrong(found, missing).join(' '));
    say(when, t('countedAt', { time: timeOfDay(Date.now()) }));
    say(equation, `${units(found.stock)} ${missing === 0 ? '=' : '≠'} ${TERMS.map(term => units(found[term])).join(' + ')}`);
    beams.children[0].replaceChildren(beam('stock', found.stock), beam('none', Math.max(0, -missing)));
    beams.children[1].replaceChildren(...TERMS.map(term => beam(term, found[term])), beam('missing', Math.max(0, missing)));
    terms.replaceChildren(
      ...[['stock', found.stock], ...TERMS.map(term => [term, found[term]])].map(([term, value]) => h('div', { 'data-term': term },
        h('dt', {}, t(`term.${term}`)),
        h('dd', { class: 'number' }, units(value)),
        h('dd', { class: 'meaning' }, t(`meaning.${term}`)))));
  }
}

function beam(term, value) {
  const element = h('span', { 'data-term': term, hidden: value === 0 });
  element.style.flexGrow = value;
  return element;
}

function wrong(found, missing) {
  return [
    missing > 0 && t('missing', { units: units(missing) }),
    missing < 0 && t('surplus', { units: units(-missing) }),
    found.lost > 0 && t('lost', { units: units(found.lost) }),
    found.oversold > 0 && t('oversold', { units: units(found.oversold) }),
    t('notBalanced'),
  ].filter(Boolean);
}
