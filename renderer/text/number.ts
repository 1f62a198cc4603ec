/** What can be made of a number that somebody typed, pasted or clicked; pure. */
export type ReadNumber =
  | { readonly ok: true; readonly number: string }
  /** empty: nothing yet · letters: a name, or a number with letters in it · signs: something else that cannot be dialled · length */
  | { readonly ok: false; readonly why: 'empty' | 'letters' | 'signs' | 'length' };

/** Blanks (also the narrow ones that people copy along), brackets, dots, dashes and slashes mean nothing in a number. */
const SEPARATORS = /[\s\u00a0\u202f()[\].\-–/]/g;
/** Fire, police, ambulance: called whatever else is the case, and kept nowhere. */
const EMERGENCY = ['110', '112', '113'];

/** The number to call: digits, `*`, `#` and a leading `+` (which `00` becomes); a sip: address is taken as it is. */
export function readNumber(typed: string): ReadNumber {
  const text = typed.trim().replace(/^(?:tel|callto):(?:\/\/)?/i, '');
  if (text === '') return { ok: false, why: 'empty' };
  if (/^sips?:\S+$/i.test(text)) return { ok: true, number: text };
  const number = text.replace(SEPARATORS, '').replace(/^00(?=\d)/, '+');
  if (/\p{L}/u.test(number)) return { ok: false, why: 'letters' };
  if (!/^\+?[\d*#]+$/.test(number)) return { ok: false, why: 'signs' };
  const digits = number.replace('+', '').length;
  return digits < 2 || digits > 20 ? { ok: false, why: 'length' } : { ok: true, number };
}

/** What to dial of what somebody typed or pasted; null when it holds no number. */
export function dialable(typed: string): string | null {
  const read = readNumber(typed);
  return read.ok ? read.number : null;
}

/** Whether this is 110, 112 or 113, however it is written. */
export function isEmergency(number: string): boolean {
  const read = readNumber(number.replace(/^sips?:([^@]*).*$/i, '$1'));
  return read.ok && EMERGENCY.includes(read.number);
}
