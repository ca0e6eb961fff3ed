// A sale's page.
import { call } from './api.js';
import { Buying } from './buying.js';
import { everySecond, isRough, now, timed } from './clock.js';
import { lost, start } from './frame.js';
import { delay, pause } from './pause.js';
import { follow } from './stream.js';
import { showSale, showTimer, turnOf } from './view.js';

// Once more in the last minute before the start, when a clock may have drifted; not everybody at once.
const CHECK_BEFORE_MS = 60000;
const LONGEST_TIMER_MS = 86400000;

const root = document.querySelector('[data-sale]');
const id = root.dataset.sale;
let sale;
let turning;

const buying = new Buying(id);

function show() {
  if (sale) {
    showSale(root, sale);
    showTimer(root, sale);
    buying.show(sale);
  }
}

function hear(told) {
  sale = told;
  show();
  turn();
}

// On the tick, not with the next second or the next event.
function turn() {
  clearTimeout(turning);
  const at = turnOf(sale);
  if (at) {
    turning = setTimeout(() => {
      show();
      turn();
    }, Math.min(at - now(), LONGEST_TIMER_MS));
  }
}

async function ask() {
  for (let attempt = 0; ; attempt++) {
    try {
      return await timed(() => call('GET', `sales/${id}`));
    } catch (problem) {
      lost(true);
      await pause(delay(attempt, problem.retryAfter));
    }
  }
}

await start(show);
hear(await ask());
lost(false);
follow(`sales/${id}`, hear, { onLost: lost });
everySecond(() => {
  showTimer(root, sale);
  buying.tick();
});
document.addEventListener('visibilitychange', () => {
  if (!document.hidden) {
    buying.findOrder(id);
  }
});
await buying.findOrder(id);

for (let tries = 0; isRough() && tries < 3; tries++) {
  await pause(delay(tries));
  await ask();
}
const until = Date.parse(sale.startsAt) - now();
if (until > 2 * CHECK_BEFORE_MS) {
  await pause(Math.min(until - CHECK_BEFORE_MS * (0.3 + Math.random() * 0.7), LONGEST_TIMER_MS));
  hear(await ask());
}
