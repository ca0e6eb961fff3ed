import { call, read } from './api.js';
import { ask } from './dialog.js';
import { byId, h, refill, say } from './dom.js';
import { time, units } from './format.js';
import { done, problemText } from './notices.js';
import { repeatedly } from './poll.js';
import { known, t } from './words.js';

const EVERY_MS = 5_000;
const SHOWN = 100;
const COLUMNS = ['letter', 'reason', 'since', 'replay'];

/** What could not be stored, and its way back: one by one, or all that can be replayed. */
export function showDeadLetters() {
  const card = byId('dead-letters');
  const all = h('button', { type: 'button', id: 'replay-all', onclick: () => replay({}) }, t('replayAll'));
  const empty = h('p', { class: 'empty' });
  const body = h('tbody');
  const table = h('div', { class: 'table', tabindex: 0, role: 'group', 'aria-labelledby': 'dead-letters-title' },
    h('table', {},
      h('thead', {}, h('tr', {}, ...COLUMNS.map(name => h('th', { scope: 'col' }, t(`column.${name}`))))),
      body));
  card.replaceChildren(
    h('div', { class: 'panel-head' }, h('h2', { id: 'dead-letters-title' }, t('deadLetters')), all),
    empty, table);
  let replayable = 0;
  let expected;

  async function replay(selection) {
    const one = selection.keys?.[0];
    await ask({
      title: t(one ? 'replay.one' : 'replay.all', { units: units(replayable) }),
      text: [t('replay.text'), ...(one ? [one] : [])],
      action: t('replay'),
      async run() {
        const outcome = await call('POST', '/dead-letters/replay', { body: selection });
        const refused = outcome.refused.map(each => `${each.key}: ${known(`whyNot.${each.why}`) ?? each.why}`);
        done([t('replayed', { units: units(outcome.replayed.length) }), ...refused, outcome.more ? t('moreLetters') : '']
          .filter(Boolean).join(' · '));
      },
    });
    letters.now();
    document.dispatchEvent(new Event('sale-changed'));
  }

  function row(letter) {
    return h('tr', {},
      h('th', { scope: 'row' },
        h('span', { class: 'key' }, letter.key),
        h('span', { class: 'detail' }, letter.orderId
          ? t('letterOf', { sale: letter.saleId, user: letter.userId, quantity: units(letter.quantity) })
          : t('unreadable', { size: units(letter.size), excerpt: letter.excerpt }))),
      h('td', {}, letter.reason, letter.deaths > 1 ? h('span', { class: 'detail' }, t('deaths', { deaths: letter.deaths })) : null),
      h('td', {}, time(letter.createdAt)),
      h('td', {}, letter.replayable
        ? h('button', { type: 'button', 'aria-label': t('replayThis', { key: letter.key }), onclick: () => replay({ keys: [letter.key] }) }, t('replay'))
        : h('span', { class: 'detail' }, known(`whyNot.${letter.whyNot}`) ?? letter.whyNot)));
  }

  const letters = repeatedly(EVERY_MS, async () => {
    try {
      const open = await read(`/dead-letters?open=true&limit=${SHOWN}`);
      replayable = open.filter(letter => letter.replayable).length;
      all.disabled = replayable === 0;
      table.hidden = open.length === 0;
      say(empty, open.length === 0 ? t('noDeadLetters') : open.length === SHOWN ? t('newestLetters', { units: units(SHOWN) }) : '');
      refill(body, open, made => made.map(row));
    } catch (error) {
      say(empty, problemText(error));
    }
  });
  return {
    ...letters,
    /** Looks at once where the gauge says that something came or went. */
    expect(gauge) {
      const now = JSON.stringify(gauge);
      if (expected !== undefined && expected !== now) {
        letters.now();
      }
      expected = now;
    },
  };
}
