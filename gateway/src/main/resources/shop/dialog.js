// A question with two answers.
import { button } from './button.js';

/** True if the shopper said yes. */
export function ask(question, yes, no) {
  const dialog = document.createElement('dialog');
  const words = document.createElement('p');
  words.textContent = question;
  words.id = 'question';
  dialog.setAttribute('aria-labelledby', words.id);
  const actions = document.createElement('div');
  actions.className = 'actions';
  actions.append(
    button(no, 'wide', () => dialog.close('no')),
    button(yes, 'wide', () => dialog.close('yes')),
  );
  dialog.append(words, actions);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'yes');
    });
  });
}
