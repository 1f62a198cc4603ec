/** What all sources share in reading a person: numbers, absences, names. */
import type { AbsenceKind, PhoneNumber } from '#contract';
import { normaliseNumber } from '../numbers/index.ts';

const NORWEGIAN = /^(?:(?:\+|00)47)?([2-9]\d{7})$/;
/** Too short for anything but the exchange that knows it. */
const SHORT = /^(?!00)\d{1,6}$/;

/** E.164, or the bare digits of a short number; null when it is no number. `country` (ISO 3166) for numbers without a code. */
export function numberValue(text: string, country: string): string | null {
  // The usual case needs no library; a directory holds hundreds of thousands of them.
  if (country === 'NO') {
    const plain = NORWEGIAN.exec(text.replace(/[\s().-]/g, ''));
    if (plain) return `+47${plain[1] ?? ''}`;
    if (SHORT.test(text)) return text;
  }
  const { e164, digits } = normaliseNumber(text, country);
  return e164 ?? (digits === '' ? null : digits);
}

/** Numbers in the order given, each once. `unreadable` is told of a text in which there is none. */
export function phoneNumbers(
  found: readonly { readonly kind: PhoneNumber['kind']; readonly text: string }[],
  country: string,
  unreadable?: () => void,
): PhoneNumber[] {
  const numbers = new Map<string, PhoneNumber>();
  for (const { kind, text } of found) {
    const value = numberValue(text, country);
    if (value === null) {
      if (text.trim() !== '') unreadable?.();
    } else if (!numbers.has(value)) numbers.set(value, { kind, value });
  }
  return [...numbers.values()];
}

const RETURN = /(\d{4})-(\d{2})-(\d{2})(T[\d:.]+(?:Z|[+-]\d{2}:?\d{2}))?\s*$/;

/** Calendar codes of the Trio convention that may be told; SYK and whatever else is `away`. */
export const trioKinds: Readonly<Record<string, AbsenceKind>> = { MØT: 'meeting', LUN: 'lunch', FER: 'holiday', TJR: 'travel' };

/** What a text that begins with a calendar code says of the cause, as far as it may be told. */
export function absenceKind(text: string): AbsenceKind {
  return trioKinds[/^\s*(\p{L}{3})\s*[:;]/u.exec(text.normalize('NFC'))?.[1]?.toUpperCase() ?? ''] ?? 'away';
}

/**
 * An absence without more of its cause than its kind: null when there is none. A text that ends in an ISO date gives the day of
 * return, from midnight of this computer's time zone.
 */
export function absenceOf(text: string): { kind: AbsenceKind; until: string | null } | null {
  if (text.trim() === '') return null;
  const kind = absenceKind(text);
  const found = RETURN.exec(text);
  if (!found) return { kind, until: null };
  const [whole, year, month, day, time] = found;
  const instant = time ? new Date(whole.trim()) : new Date(Number(year), Number(month) - 1, Number(day));
  return { kind, until: Number.isNaN(instant.getTime()) ? null : instant.toISOString() };
}

/** Trimmed, with inner line breaks and runs of spaces as one space. */
export function oneLine(text: string): string {
  // Most texts are in order already, and a look is cheaper than making them anew.
  return /^\s|\s$|\s\s|[^\S ]/.test(text) ? text.replace(/\s+/g, ' ').trim() : text;
}

/** A name's parts where the source gives only the whole: the last word is the family's. */
export function splitName(name: string): { givenName: string; familyName: string } {
  const at = name.lastIndexOf(' ');
  return at < 0 ? { givenName: name, familyName: '' } : { givenName: name.slice(0, at), familyName: name.slice(at + 1) };
}

export type Named = (text: string) => string;

/** Gives what people call a unit, by the settings' table of codes and abbreviations; a text that is not in it stays as it is. */
export function namesOf(table: Readonly<Record<string, string>>): Named {
  const names = new Map(Object.entries(table).map(([code, name]) => [code.trim().toLowerCase(), name]));
  return names.size === 0 ? (text) => text : (text) => names.get(text.toLowerCase()) ?? text;
}
