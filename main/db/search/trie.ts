/**
 * A path-compressed tree over sorted words, in typed arrays, for finding words within one or two typing errors of what has been
 * typed so far. Errors are counted as optimal string alignment: a letter too many, too few, wrong, or two swapped.
 */
const NONE = 0xff;

/** Reused between words; a word longer than this is never taken for a misspelling. */
export const MAX_FUZZY_LENGTH = 30;

export class Trie {
  readonly #words: readonly string[];
  #first = new Int32Array(1024);
  #next = new Int32Array(1024);
  #unit = new Uint16Array(1024);
  #from = new Uint32Array(1024);
  #to = new Uint32Array(1024);
  #count = 0;
  readonly #rows: Uint8Array[] = Array.from({ length: MAX_FUZZY_LENGTH + 4 }, () => new Uint8Array(MAX_FUZZY_LENGTH + 1));

  /** `words` sorted by UTF-16 units, no doubles. */
  constructor(words: readonly string[]) {
    this.#words = words;
    if (words.length > 0) this.#build(0, 0, words.length, 0);
    this.#first = this.#first.slice(0, this.#count);
    this.#next = this.#next.slice(0, this.#count);
    this.#unit = this.#unit.slice(0, this.#count);
    this.#from = this.#from.slice(0, this.#count);
    this.#to = this.#to.slice(0, this.#count);
  }

  #node(unit: number, from: number, to: number): number {
    if (this.#count === this.#first.length) {
      const size = this.#count * 2;
      const grow = <T extends Int32Array | Uint16Array | Uint32Array>(old: T, fresh: T): T => (fresh.set(old), fresh);
      this.#first = grow(this.#first, new Int32Array(size));
      this.#next = grow(this.#next, new Int32Array(size));
      this.#unit = grow(this.#unit, new Uint16Array(size));
      this.#from = grow(this.#from, new Uint32Array(size));
      this.#to = grow(this.#to, new Uint32Array(size));
    }
    const node = this.#count++;
    this.#first[node] = -1;
    this.#next[node] = -1;
    this.#unit[node] = unit;
    this.#from[node] = from;
    this.#to[node] = to;
    return node;
  }

  #build(unit: number, from: number, to: number, depth: number): number {
    const node = this.#node(unit, from, to);
    // One word left: its own letters are the rest of the path.
    if (to - from === 1 || depth > MAX_FUZZY_LENGTH) return node;
    let previous = -1;
    let at = from;
    while (at < to) {
      const word = this.#words[at] ?? '';
      if (word.length <= depth) {
        at++; // the word that ends here
        continue;
      }
      const next = word.charCodeAt(depth);
      let end = at + 1;
      while (end < to && (this.#words[end] ?? '').charCodeAt(depth) === next) end++;
      const child = this.#build(next, at, end, depth + 1);
      if (previous < 0) this.#first[node] = child;
      else this.#next[previous] = child;
      previous = child;
      at = end;
    }
    return node;
  }

  /**
   * Calls `found(from, to, errors)` for ranges of the sorted words of which a beginning is within `max` errors of `typed`. A
   * word can be named more than once; the least number of errors counts. What needs no error at all may be left out.
   */
  near(typed: string, max: number, found: (from: number, to: number, errors: number) => void): void {
    if (this.#count === 0 || typed.length > MAX_FUZZY_LENGTH) return;
    const search = new Search(typed, max, this.#rows);
    const visit = (node: number, depth: number, best: number, previousUnit: number): void => {
      const from = this.#from[node] ?? 0;
      const to = this.#to[node] ?? 0;
      if (to - from === 1) {
        const word = this.#words[from] ?? '';
        const errors = search.along(word, depth, best, previousUnit);
        if (errors <= max) found(from, to, errors);
        return;
      }
      // A word that ends at this node comes first in its range.
      if ((this.#words[from] ?? '').length === depth) {
        const errors = Math.min(best, search.whole(depth));
        if (errors <= max) found(from, from + 1, errors);
      }
      for (let child = this.#first[node] ?? -1; child >= 0; child = this.#next[child] ?? -1) {
        const unit = this.#unit[child] ?? 0;
        const least = search.step(depth, unit, previousUnit);
        const reached = Math.min(best, search.reached);
        if (least >= reached || least > max) {
          if (reached <= max) found(this.#from[child] ?? 0, this.#to[child] ?? 0, reached);
        } else visit(child, depth + 1, reached, unit);
      }
    };
    visit(0, 0, NONE, 0);
  }
}

/** Errors between `typed` and the beginning of `word` that suits it best; more than `max`: some number above it. */
export function errorsToBeginning(typed: string, word: string, max: number): number {
  if (typed.length > MAX_FUZZY_LENGTH) return NONE;
  return new Search(typed, max, single).along(word, 0, NONE, 0);
}

const single: Uint8Array[] = Array.from({ length: MAX_FUZZY_LENGTH + 4 }, () => new Uint8Array(MAX_FUZZY_LENGTH + 1));

class Search {
  /** Errors when a word goes on after the last step: the last typed letter is then taken to be meant. */
  reached = NONE;
  readonly #typed: string;
  readonly #max: number;
  readonly #rows: Uint8Array[];

  constructor(typed: string, max: number, rows: Uint8Array[]) {
    this.#typed = typed;
    this.#max = max;
    this.#rows = rows;
    const first = rows[0];
    if (first) for (let i = 0; i <= typed.length; i++) first[i] = i;
  }

  /** Errors when the word ends after `depth` letters. */
  whole(depth: number): number {
    return this.#rows[depth]?.[this.#typed.length] ?? NONE;
  }

  /** Takes one more letter of the word; answers the least number of errors that its continuations can have. */
  step(depth: number, unit: number, previousUnit: number): number {
    const typed = this.#typed;
    const length = typed.length;
    this.reached = NONE;
    const above = this.#rows[depth];
    const row = this.#rows[depth + 1];
    if (!above || !row) return NONE;
    const before = depth > 0 ? this.#rows[depth - 1] : undefined;
    row[0] = depth + 1;
    let least = depth + 1;
    let left = depth + 1;
    for (let i = 1; i <= length; i++) {
      const letter = typed.charCodeAt(i - 1);
      const up = (above[i] ?? NONE) + 1;
      let cell = (above[i - 1] ?? NONE) + (letter === unit ? 0 : 1);
      if (up < cell) cell = up;
      if (before && i > 1 && letter === previousUnit && typed.charCodeAt(i - 2) === unit) {
        const swapped = (before[i - 2] ?? NONE) + 1;
        if (swapped < cell) cell = swapped;
      }
      if (i === length) this.reached = cell;
      if (left + 1 < cell) cell = left + 1;
      row[i] = cell;
      left = cell;
      if (cell < least) least = cell;
    }
    return least;
  }

  /** Follows `word` from `depth` on; the least number of errors of any of its beginnings, or of the whole. */
  along(word: string, depth: number, best: number, previousUnit: number): number {
    let least = best;
    let before = previousUnit;
    for (let at = depth; at < word.length; at++) {
      const unit = word.charCodeAt(at);
      const possible = this.step(at, unit, before);
      if (this.reached < least) least = this.reached;
      if (possible >= least || possible > this.#max) return least;
      before = unit;
    }
    return Math.min(least, this.whole(word.length));
  }
}
