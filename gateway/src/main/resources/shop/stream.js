// Server-sent events over fetch: EventSource can neither send a token nor come back after a refusal.
import { authorization, call, problemOf } from './api.js';
import { delay, pause } from './pause.js';

// The server sends something every 15 s.
const SILENCE_MS = 40000;

/**
 * Follows what `path` is: `onChange` gets it on each change. Where streams do not come through, it is asked for again and again
 * instead. Tabs that nobody sees are not connected.
 *
 * @param onLost told true when the connection is lost, false when it is there again
 * @param isDone whether nothing more is to come after this
 * @returns a function that ends it
 */
export function follow(path, onChange, { onLost = () => {}, isDone = () => false } = {}) {
  const ended = new AbortController();
  let connection = new AbortController();
  const hear = (thing) => {
    onLost(false);
    onChange(thing);
    if (isDone(thing)) {
      ended.abort();
    }
  };
  const onVisible = () => connection.abort();
  document.addEventListener('visibilitychange', onVisible);
  ended.signal.addEventListener('abort', () => {
    document.removeEventListener('visibilitychange', onVisible);
    connection.abort();
  });

  (async () => {
    for (let attempt = 0; !ended.signal.aborted; attempt++) {
      connection = new AbortController();
      if (document.hidden) {
        await pause(SILENCE_MS, connection.signal);
        attempt = -1;
        continue;
      }
      let wait = 0;
      try {
        await listen(`/api/v1/${path}/events`, connection, (event) => {
          attempt = 0;
          hear(JSON.parse(event));
        });
      } catch (problem) {
        wait = problem.retryAfter ?? 0;
      }
      if (connection.signal.aborted) {
        continue;
      }
      onLost(true);
      await pause(delay(attempt + 1, wait), connection.signal);
      await call('GET', path, { signal: connection.signal }).then(hear, () => {});
    }
  })();
  return () => ended.abort();
}

/** Hears one connection to its end. */
async function listen(url, connection, onEvent) {
  let watch;
  const alive = () => {
    clearTimeout(watch);
    watch = setTimeout(() => silent.abort(), SILENCE_MS);
  };
  const silent = new AbortController();
  const end = () => silent.abort();
  connection.signal.addEventListener('abort', end);
  alive();
  try {
    const response = await fetch(url, { headers: authorization(), cache: 'no-store', signal: silent.signal });
    if (!response.ok) {
      throw await problemOf(response);
    }
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        return;
      }
      alive();
      const events = (text + value).split('\n\n');
      text = events.pop();
      events.map((event) => /^data: (.*)$/m.exec(event)).filter(Boolean).forEach((data) => onEvent(data[1]));
    }
  } finally {
    clearTimeout(watch);
    connection.signal.removeEventListener('abort', end);
  }
}
