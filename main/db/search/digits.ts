import { Postings } from './postings.ts';

/** The country whose numbers are indexed without their code: people search by the national digits. */
const HOME = '47';

/** Numbers by any run of three or more digits, or by their first one or two. */
export class DigitIndex {
  readonly #byThree: Postings[] = Array.from({ length: 1000 }, () => new Postings());
  readonly #byStart: Postings[] = Array.from({ length: 1000 }, () => new Postings());
  /** Ordinal → the numbers between spaces. */
  readonly #numbers: string[] = [];

  add(ordinal: number, numbers: readonly string[]): void {
    const indexed = numbers.map(national);
    this.#numbers[ordinal] = indexed.join(' ');
    for (const key of keysOf(indexed)) this.#byThree[key]?.add(ordinal);
    for (const key of startsOf(indexed)) this.#byStart[key]?.add(ordinal);
  }

  remove(ordinal: number, numbers: readonly string[]): void {
    const indexed = numbers.map(national);
    this.#numbers[ordinal] = '';
    for (const key of keysOf(indexed)) this.#byThree[key]?.remove(ordinal);
    for (const key of startsOf(indexed)) this.#byStart[key]?.remove(ordinal);
  }

  /** Calls `found` with everyone who has `fragment` in a number; someone can come twice, the better way counts. */
  find(fragment: string, found: (ordinal: number, how: NumberMatch) => void): void {
    if (fragment.length <= 3) {
      const span = 10 ** (3 - fragment.length);
      for (let key = Number(fragment) * span; key < (Number(fragment) + 1) * span; key++)
        each(this.#byStart[key], found, 'start');
      if (fragment.length === 3) each(this.#byThree[Number(fragment)], found, 'inner');
      return;
    }
    this.#findInside(fragment, false, found);
    // +47 22 … : what follows the code begins the number.
    if (fragment.startsWith(HOME) && fragment.length >= HOME.length + 3)
      this.#findInside(fragment.slice(HOME.length), true, found);
  }

  #findInside(fragment: string, startOnly: boolean, found: (ordinal: number, how: NumberMatch) => void): void {
    let rarest = startOnly ? this.#byStart[Number(fragment.slice(0, 3))] : undefined;
    for (let i = 0; i + 3 <= fragment.length; i++) {
      const postings = this.#byThree[Number(fragment.slice(i, i + 3))];
      if (postings && (!rarest || postings.size < rarest.size)) rarest = postings;
    }
    if (!rarest) return;
    for (let i = 0; i < rarest.size; i++) {
      const ordinal = rarest.items[i] ?? 0;
      const how = numberMatch(this.#numbers[ordinal] ?? '', fragment);
      if (how !== null && !(startOnly && how === 'inner')) found(ordinal, how);
    }
  }
}

export type NumberMatch = 'whole' | 'start' | 'inner';

/** The digits that a number is searched by: without the home country's code. */
export function national(digits: string): string {
  return digits.length === 10 && digits.startsWith(HOME) ? digits.slice(2) : digits;
}

function each(postings: Postings | undefined, found: (ordinal: number, how: NumberMatch) => void, how: NumberMatch): void {
  if (postings) for (let i = 0; i < postings.size; i++) found(postings.items[i] ?? 0, how);
}

function numberMatch(numbers: string, fragment: string): NumberMatch | null {
  let how: NumberMatch | null = null;
  for (let at = numbers.indexOf(fragment); at >= 0; at = numbers.indexOf(fragment, at + 1)) {
    how ??= 'inner';
    if (at > 0 && numbers.charCodeAt(at - 1) !== 32) continue;
    const end = at + fragment.length;
    if (end === numbers.length || numbers.charCodeAt(end) === 32) return 'whole';
    how = 'start';
  }
  return how;
}

function keysOf(numbers: readonly string[]): Set<number> {
  const keys = new Set<number>();
  for (const number of numbers) for (let i = 0; i + 3 <= number.length; i++) keys.add(Number(number.slice(i, i + 3)));
  return keys;
}

function startsOf(numbers: readonly string[]): Set<number> {
  return new Set(numbers.filter((number) => number.length >= 3).map((number) => Number(number.slice(0, 3))));
}
