import { locale } from './words.js';

const integer = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
const moment = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' });
const clock = new Intl.DateTimeFormat(locale, { timeStyle: 'medium' });

export const NOTHING = '–';

export const units = value => (value == null ? NOTHING : integer.format(value));

/** A measured value, with one digit behind the point where it is small. */
export const measured = value => (value == null ? NOTHING : value < 10 ? short.format(value) : integer.format(value));

export const time = text => moment.format(new Date(text));

export const timeOfDay = ms => clock.format(new Date(ms));

/** A duration as 3 d 04:05:06, without the days if there are none. */
export function duration(ms) {
  const all = Math.max(0, Math.ceil(ms / 1000));
  const two = value => String(value).padStart(2, '0');
  const days = Math.floor(all / 86_400);
  const rest = `${two(Math.floor(all / 3600) % 24)}:${two(Math.floor(all / 60) % 60)}:${two(all % 60)}`;
  return days > 0 ? `${days} d ${rest}` : rest;
}

export function money({ amount, currency }) {
  try {
    const format = new Intl.NumberFormat(locale, { style: 'currency', currency });
    return format.format(amount / 10 ** format.resolvedOptions().maximumFractionDigits);
  } catch {
    return `${amount} ${currency}`;
  }
}

/** An amount as people write it in the smallest unit of a currency, or null if it is none: "9.90" CNY is 990. */
export function smallestUnits(text, currency) {
  let digits = 2;
  try {
    digits = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits;
  } catch {
    return null;
  }
  const parts = /^(\d{1,12})(?:[.,](\d+))?$/.exec(text.trim());
  if (!parts || (parts[2] ?? '').length > digits) {
    return null;
  }
  return Number(parts[1] + (parts[2] ?? '').padEnd(digits, '0'));
}
