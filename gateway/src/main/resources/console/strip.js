import { waiting } from './charts.js';
import { byId, h, refill } from './dom.js';
import { measured, NOTHING, units } from './format.js';
import { t } from './words.js';

/** The system in a line: how many are well, what waits, and what wants a hand. */
export function showStrip(heard) {
  const of = role => heard.processes.filter(process => process.role === role);
  const well = role => of(role).filter(process => process.ready && !process.silent).length;
  const processes = role => ({
    text: t(`strip.${role}s`, { well: heard.listening ? well(role) : NOTHING, all: of(role).length }),
    good: heard.listening && of(role).length > 0 && well(role) === of(role).length,
  });
  const letters = heard.deadLetters;
  const open = letters.true == null ? null : letters.true + letters.false;
  const queued = waiting(heard.queues);
  const age = heard.outbox.oldestAgeSeconds;
  refill(byId('strip'), [
    processes('gateway'),
    processes('worker'),
    { text: t('strip.queue', { messages: units(queued) }), good: queued != null },
    { text: t('strip.outbox', { age: measured(age) }), good: age != null && age < 5 },
    { text: t('strip.deadLetters', { letters: units(open) }), good: open === 0 },
  ], made => made.map(({ text, good }) => h('li', { 'data-good': String(good) },
    h('span', { class: 'mark', 'aria-hidden': 'true' }, good ? '✓' : '!'), text,
    good ? null : h('span', { class: 'unseen' }, ` (${t('look')})`))));
}
