import { h } from './dom.js';
import { problemText } from './notices.js';
import { t } from './words.js';

let count = 0;

/**
 * Asks before something is done, and stays until it is done or given up: what went wrong is said here, and may be tried again.
 *
 * @param title what is asked
 * @param text paragraphs: what will happen
 * @param fields elements to fill in
 * @param action the words on the button that does it
 * @param danger it cannot be undone
 * @param allowed tells whether the fields permit it, where that is more than their own validity
 * @param run does it; what it throws is shown
 * @returns whether it was done
 */
export function ask({ title, text = [], fields = [], action, danger = false, allowed = () => true, run }) {
  const id = `dialog-${++count}`;
  const problem = h('p', { class: 'problem', role: 'alert' });
  const go = h('button', { type: 'submit', class: danger ? 'danger main-action' : 'main-action' }, action);
  const back = h('button', { type: 'button', autofocus: fields.length === 0, onclick: () => dialog.close() }, t('back'));
  const form = h('form', { method: 'dialog', onsubmit: submit, oninput: check },
    h('h2', { id }, title),
    ...text.map(paragraph => h('p', {}, paragraph)),
    ...fields,
    problem,
    h('div', { class: 'answers' }, back, go));
  const dialog = h('dialog', { 'aria-labelledby': id }, form);
  let finished = false;

  function check() {
    go.disabled = !allowed();
  }

  async function submit(event) {
    event.preventDefault();
    if (go.disabled) {
      return;
    }
    problem.textContent = '';
    go.disabled = true;
    try {
      await run();
      finished = true;
      dialog.close();
    } catch (error) {
      problem.textContent = problemText(error);
    }
    check();
  }

  return new Promise(resolve => {
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(finished);
    });
    document.body.append(dialog);
    check();
    dialog.showModal();
  });
}

/** A labelled field of a dialog. */
export function field(label, input, hint = '') {
  const id = `field-${++count}`;
  input.id = id;
  if (hint) {
    input.setAttribute('aria-describedby', `${id}-hint`);
  }
  return h('div', { class: 'field' },
    h('label', { for: id }, label),
    input,
    hint ? h('small', { id: `${id}-hint` }, hint) : null);
}
