// What all pages share: words, who is signed in, whether there is a connection.
import { button } from './button.js';
import { say, speak } from './language.js';
import { arrive, signIn, signInUrl, signOut, token, user } from './session.js';

// A connection that is back at once was not worth a word.
const LOST_AFTER_MS = 1500;

let lostTimer;

/** Starts a page; `show` is called when the words or the shopper have changed. */
export async function start(show) {
  arrive();
  const showAll = () => {
    showAccount(showAll);
    show();
  };
  await speak(showAll);
  showAccount(showAll);
}

/** Says that the connection is lost, or takes it back. */
export function lost(isLost) {
  const notice = document.getElementById('connection');
  if (!isLost) {
    clearTimeout(lostTimer);
    lostTimer = undefined;
    notice.hidden = true;
    notice.textContent = '';
  } else {
    lostTimer ??= setTimeout(() => {
      notice.hidden = false;
      notice.textContent = say('reconnecting');
    }, LOST_AFTER_MS);
  }
}

function showAccount(showAll) {
  const account = document.getElementById('account');
  account.replaceChildren();
  if (token()) {
    const name = document.createElement('span');
    name.className = 'user';
    name.textContent = user();
    account.append(name, button(say('signOut'), 'link', () => {
      signOut();
      showAll();
    }));
  } else if (signInUrl()) {
    account.append(button(say('signIn'), 'link', signIn));
  }
}
