import { read } from './api.js';
import { byId, say } from './dom.js';
import { problemText } from './notices.js';
import { keep } from './session.js';

/**
 * Asks for a token until the API takes it as an operator's.
 *
 * @param problem why it is asked for again, if it is
 */
export function signIn(problem) {
  const form = byId('sign-in');
  const field = byId('token');
  form.hidden = false;
  document.querySelectorAll('dialog').forEach(dialog => dialog.close());
  say(byId('sign-in-error'), problem ? problemText(problem) : '');
  field.focus();
  return new Promise(resolve => {
    form.addEventListener('submit', async function submit(event) {
      event.preventDefault();
      // Whoever copies a token from a terminal may catch line breaks.
      keep(field.value.replace(/\s+/g, '').replace(/^Bearer/i, ''));
      try {
        await read('/system');
        form.removeEventListener('submit', submit);
        form.hidden = true;
        field.value = '';
        resolve();
      } catch (error) {
        say(byId('sign-in-error'), problemText(error));
        field.focus();
      }
    });
  });
}
