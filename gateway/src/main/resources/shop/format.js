// Numbers, money and times as people of a language write them.
import { language } from './language.js';

export const number = (value) => new Intl.NumberFormat(language()).format(value);

/** @param amount in the currency's smallest unit */
export function money({ amount, currency }, quantity = 1) {
  const format = new Intl.NumberFormat(language(), { style: 'currency', currency });
  return format.format((amount * quantity) / 10 ** format.resolvedOptions().maximumFractionDigits);
}

/** A moment in the shopper's own time; without the date if it is today. */
export function time(ms, today) {
  const date = new Date(ms);
  const sameDay = date.toDateString() === new Date(today).toDateString();
  return new Intl.DateTimeFormat(language(), {
    ...(sameDay ? {} : { day: 'numeric', month: 'short' }),
    hour: '2-digit', minute: '2-digit', ...(date.getSeconds() ? { second: '2-digit' } : {}), hourCycle: 'h23',
  }).format(date);
}

/** How long, from 00:00 on; a second that has begun counts. */
export function duration(ms) {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const two = (value) => String(value).padStart(2, '0');
  const days = Math.floor(seconds / 86400);
  const hours = Math.floor(seconds / 3600) % 24;
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return (days ? `${days}:${two(hours)}:` : hours ? `${two(hours)}:` : '') + rest;
}
