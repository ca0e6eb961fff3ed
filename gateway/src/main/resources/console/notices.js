import { Problem } from './api.js';
import { byId, h } from './dom.js';
import { known, t } from './words.js';

const DONE_MS = 8_000;

/** A problem in words: its title and code, and what is wrong in particular. */
export function problemText(error) {
  if (!(error instanceof Problem)) {
    console.error(error);
    return `${error}`;
  }
  const title = known(`problem.${error.code}`) ?? (error.message || t('noReason'));
  const code = error.code || `HTTP ${error.status}`;
  return `${title} (${code})${error.detail ? `: ${error.detail}` : ''}`;
}

export function failed(error) {
  show(problemText(error), 'notice bad');
}

export function done(text) {
  const notice = show(text, 'notice');
  setTimeout(() => notice.remove(), DONE_MS);
}

function show(text, kind) {
  const notice = h('div', { class: kind },
    h('span', {}, text),
    h('button', { type: 'button', 'aria-label': t('dismiss'), onclick: () => notice.remove() }, '×'));
  byId('notices').append(notice);
  return notice;
}
