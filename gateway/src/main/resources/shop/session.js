// Who is signed in, in this tab: a bearer token that a sign-in page leaves in the address' fragment.
const TOKEN = 'seckill.token';
const BACK = 'seckill.back';

/** Takes a token out of the address, and goes back to where the shopper wanted to buy. */
export function arrive() {
  const found = /^#token=([\w.-]+)$/.exec(location.hash);
  if (!found) {
    return;
  }
  sessionStorage.setItem(TOKEN, found[1]);
  const here = location.pathname + location.search;
  history.replaceState(null, '', here);
  const back = sessionStorage.getItem(BACK);
  sessionStorage.removeItem(BACK);
  if (back && back !== here) {
    location.replace(back);
  }
}

export const token = () => sessionStorage.getItem(TOKEN);

export const signOut = () => sessionStorage.removeItem(TOKEN);

/** The name within the token, to show; the server alone judges whether it is true. */
export function user() {
  try {
    const claims = token().split('.')[1].replace(/-/g, '+').replace(/_/g, '/');
    return JSON.parse(atob(claims)).sub;
  } catch {
    return '';
  }
}

/** Where to sign in, or nothing. */
export const signInUrl = () => document.querySelector('meta[name=sign-in]')?.content;

export function signIn() {
  sessionStorage.setItem(BACK, location.pathname + location.search);
  location.assign(signInUrl());
}
