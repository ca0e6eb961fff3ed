/** The operator's token: pasted once, kept as long as the tab lives, and sent to nobody but this gateway. */
const KEY = 'seckill.operator';

export const token = () => sessionStorage.getItem(KEY);

export const keep = text => sessionStorage.setItem(KEY, text);

export const forget = () => sessionStorage.removeItem(KEY);

/** Whose token it is, to be shown; whether that is true only the gateway knows. */
export function user() {
  try {
    const claims = token().split('.')[1].replaceAll('-', '+').replaceAll('_', '/');
    const bytes = Uint8Array.from(atob(claims), letter => letter.charCodeAt(0));
    return String(JSON.parse(new TextDecoder().decode(bytes)).sub ?? '');
  } catch {
    return '';
  }
}
