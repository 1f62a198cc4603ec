import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import type { Messages } from './nb.ts';

/**
 * A telephone number as Norwegians write it: eight digits 22 05 10 14, mobiles (4…, 9…) 922 11 334, short numbers as one;
 * foreign ones with their country code. What cannot be read is shown as it came.
 */
export function formatNumber(raw: string): string {
  const text = raw.trim();
  const national = /^(?:\+47|0047)?(\d{8})$/.exec(text.replace(/[\s\u00a0]/g, ''))?.[1];
  if (national !== undefined) {
    return /^(?:[49]|8[0-9]{2})/.test(national)
      ? `${national.slice(0, 3)} ${national.slice(3, 5)} ${national.slice(5)}`
      : (national.match(/../g) ?? []).join(' ');
  }
  if (/^0?\d{3,5}$/.test(text))
    return text.length === 5 && text.startsWith('0') ? `${text.slice(0, 2)} ${text.slice(2)}` : text;
  const foreign =
    text.startsWith('+') || text.startsWith('00') ? parsePhoneNumberFromString(text.replace(/^00/, '+')) : undefined;
  return foreign === undefined ? text : foreign.formatInternational();
}

const two = (n: number): string => String(n).padStart(2, '0');

/** Time of day, 24 hours: 08:58. */
export function clock(at: Date): string {
  return `${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** A span as on a stopwatch, in whole seconds: 0:06, 02:31 is for the big timer (`wide`), 1:02:03 from an hour on. */
export function duration(seconds: number, wide = false): string {
  const whole = Math.max(0, Math.floor(seconds));
  const minutes = Math.floor(whole / 60) % 60;
  const hours = Math.floor(whole / 3600);
  if (hours > 0) return `${hours}:${two(minutes)}:${two(whole % 60)}`;
  return `${wide ? two(minutes) : minutes}:${two(whole % 60)}`;
}

const startOfDay = (at: Date): number => new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();
const daysBetween = (from: Date, to: Date): number => Math.round((startOfDay(to) - startOfDay(from)) / 86_400_000);

function calendarDate(at: Date, now: Date, t: Messages): string {
  const month = t.time.months[at.getMonth()] ?? '';
  return at.getFullYear() === now.getFullYear()
    ? t.time.date(at.getDate(), month)
    : t.time.dateYear(at.getDate(), month, at.getFullYear());
}

/** When something was: today's as a time, then yesterday, then the weekday up to a week, then the date. */
export function when(at: Date, now: Date, t: Messages): string {
  const days = daysBetween(at, now);
  if (days === 0) return clock(at);
  if (days === 1) return t.time.yesterday(clock(at));
  if (days > 1 && days < 7) return t.time.weekday(t.time.days[at.getDay()] ?? '', clock(at));
  return calendarDate(at, now, t);
}

/** When something will be: a time today, tomorrow, the weekday up to a week, then the date. */
export function until(at: Date, now: Date, t: Messages): string {
  const days = daysBetween(now, at);
  const midnight = at.getHours() === 0 && at.getMinutes() === 0;
  if (days <= 0) return clock(at);
  if (days === 1) return midnight ? t.time.tomorrow('').trim() : t.time.tomorrow(clock(at));
  if (days < 7) return t.time.weekday(t.time.days[at.getDay()] ?? '', midnight ? '' : clock(at)).trim();
  return calendarDate(at, now, t);
}

/** How long ago: seconds and minutes up to an hour, then as `when`. */
export function ago(at: Date, now: Date, t: Messages): string {
  const seconds = Math.floor((now.getTime() - at.getTime()) / 1000);
  if (seconds < 2) return t.time.now;
  if (seconds < 60) return t.time.secondsAgo(seconds);
  if (seconds < 3600) return t.time.minutesAgo(Math.floor(seconds / 60));
  return when(at, now, t);
}

/** A whole number with the thousands apart, as Norwegians write it: 10 000 (a no-break space). */
export function count(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+$)/g, '\u00a0');
}

const firstLetter = (word: string): string => {
  const code = word.codePointAt(0);
  return code === undefined ? '' : String.fromCodePoint(code);
};

/** Two letters for the disc beside a name. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const first = words[0] ?? '';
  const last = words.length > 1 ? (words.at(-1) ?? '') : '';
  return (firstLetter(first) + firstLetter(last)).toUpperCase();
}
