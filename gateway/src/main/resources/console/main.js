import { read } from './api.js';
import { showCharts } from './charts.js';
import { byId, say } from './dom.js';
import { showAudit } from './audit.js';
import { showDeadLetters } from './dead-letters.js';
import { timeOfDay } from './format.js';
import { newSale } from './new-sale.js';
import { repeatedly } from './poll.js';
import { showProcesses } from './processes.js';
import { showSale } from './sale.js';
import { showSales } from './sales.js';
import { forget, token, user } from './session.js';
import { signIn } from './sign-in.js';
import * as store from './store.js';
import { showStrip } from './strip.js';
import { showTrail } from './trail.js';
import { choose, load, otherLanguage, t } from './words.js';

const EVERY_MS = 1_000;

await load();
byId('language').textContent = t('otherLanguage');
byId('language').addEventListener('click', () => choose(otherLanguage));
byId('sign-out').addEventListener('click', () => {
  forget();
  location.reload();
});
if (token()) {
  start();
} else {
  signIn().then(start);
}

function start() {
  byId('console').hidden = false;
  byId('sign-out').hidden = false;
  say(byId('who'), user());
  byId('new-sale').addEventListener('click', newSale);
  showSales();
  showSale();
  const audit = showAudit();
  const trail = showTrail();
  const letters = showDeadLetters();
  const charts = showCharts();
  document.addEventListener('sale-changed', () => {
    audit.now();
    trail.now();
    sales.now();
  });

  let good = Date.now();
  const told = look => async () => {
    try {
      await look();
      good = Date.now();
      say(byId('stale'), '');
    } catch (error) {
      say(byId('stale'), t('stale', { time: timeOfDay(good), code: error.code ?? String(error) }));
    }
  };
  const sales = repeatedly(EVERY_MS, told(async () => store.take(await read('/sales'))));
  const system = repeatedly(EVERY_MS, told(async () => {
    const heard = await read('/system');
    showStrip(heard);
    showProcesses(heard);
    letters.expect(heard.deadLetters);
    charts.take(heard, store.all());
  }));

  document.addEventListener('signed-out', ({ detail }) => {
    [sales, system, audit, trail, letters].forEach(look => look.stop());
    byId('console').hidden = true;
    byId('sign-out').hidden = true;
    // From the beginning, so that nothing of the one operator is left to the next.
    signIn(detail).then(() => location.reload());
  }, { once: true });
}
