/**
 * What comes first. A word's cost: name parts (whole, then beginning; those in the middle a little later), then keywords, short forms of
 * the name, title, unit and its abbreviations, synonyms; pieces of compounds after those; then what sounds alike, and typing errors
 * behind all. At equal cost: available before absent, then the unit whose line was dialled, then whom calls are passed on to, then by name.
 */
import { words } from './fold.ts';

/** Where a word stands (names of use beside the middle names); best first, as a word of several fields is kept with the least. */
export const FIELD = {
  name: 0,
  middleName: 1,
  keyword: 2,
  title: 3,
  unit: 4,
  email: 5,
  workplace: 6,
  initials: 7,
  domain: 8,
} as const;
export type FieldCode = (typeof FIELD)[keyof typeof FIELD];

export const NO_MATCH = 255;
const no = NO_MATCH;

// One column a field, in FIELD's order.
export const exactCost = Uint8Array.of(0, 1, 6, 10, 14, 18, 26, 4, 32);
export const prefixCost = Uint8Array.of(2, 3, 8, 12, 16, 19, 28, no, 32);
export const innerCost = Uint8Array.of(no, no, 20, 22, 24, no, 30, no, no);
export const nicknameCost = Uint8Array.of(9, 11, no, no, no, no, no, no, no);
/** A name in full where the directory has its short form. */
export const fullNameCost = Uint8Array.of(33, 33, no, no, no, no, no, no, no);
export const abbreviationCost = Uint8Array.of(no, no, no, no, 7, no, no, no, no);
export const synonymCost = Uint8Array.of(no, no, 17, 17, 17, no, 29, no, no);
export const synonymInnerCost = Uint8Array.of(no, no, 25, 25, 25, no, 31, no, no);
/** Where the dialled line's name leads to. */
export const lineCost = Uint8Array.of(no, no, no, no, 0, no, no, no, no);
/** Names that sound alike (sound.ts). */
export const soundCost = {
  near: Uint8Array.of(34, 35, no, no, no, no, no, no, no),
  beginning: Uint8Array.of(37, 38, no, no, no, no, no, no, no),
  far: Uint8Array.of(46, 47, no, no, no, no, no, no, no),
} as const;
const oneErrorCost = Uint8Array.of(40, 41, 42, 43, 44, no, 45, no, no);
const twoErrorsCost = Uint8Array.of(50, 51, 52, 53, 54, no, 55, no, no);

/** Costs of words that have typing errors. */
export function errorCost(errors: number): Uint8Array {
  return errors < 2 ? oneErrorCost : twoErrorsCost;
}

export function numberCost(how: 'whole' | 'start' | 'inner'): number {
  return how === 'whole' ? 0 : how === 'start' ? 2 : 9;
}

/** Above every order key: cost × ORDER_SPAN + order key is one exact number (the cost of eight words is below 512). */
export const ORDER_SPAN = 2 ** 43;
const ABSENT = 2 ** 42;
/** Added for everybody but those whose unit was dialled. */
export const OTHER_LINE = 2 ** 41;
const TRANSFERS = 2 ** 37;
const NAME_LETTERS = 7;

/** Rank at equal cost: absence, then transfers on a coarse scale, then the name's first letters. */
export function orderKey(person: { readonly name: string; readonly transfers: number }, absent: boolean): number {
  const often = Math.min(15, Math.floor(2 * Math.log2(1 + person.transfers)));
  return (absent ? ABSENT : 0) + (15 - often) * TRANSFERS + nameKey(person.name);
}

/** The same rank without the absence. */
orderKey.available = (key: number): number => (key >= ABSENT ? key - ABSENT : key);

function nameKey(name: string): number {
  const letters = words(name).join('`');
  let key = 0;
  for (let i = 0; i < NAME_LETTERS; i++) {
    const code = i < letters.length ? letters.charCodeAt(i) - 96 : 0;
    key = key * 32 + (code < 0 ? 0 : Math.min(code + 1, 31));
  }
  return key;
}

/** A stable number from an id, so that equals always come in the same order. */
export function tieBreak(id: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
