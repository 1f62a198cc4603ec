import { words } from './fold.ts';

/** A group of texts that mean the same: søppel, renovasjon, avfall. */
export type SynonymGroup = readonly string[];

/** What means the same as what is typed. Both ways: in a group, each text stands for all others. */
export class Synonyms {
  static readonly none = new Synonyms([]);
  /** Folded words with a space between → the others of its groups, as folded words. */
  readonly #others = new Map<string, (readonly string[])[]>();
  #longest = 0;

  constructor(groups: readonly SynonymGroup[]) {
    for (const group of groups) {
      const folded = group.map(words).filter((text) => text.length > 0);
      for (const text of folded) {
        const key = text.join(' ');
        this.#longest = Math.max(this.#longest, text.length);
        const known = this.#others.get(key) ?? [];
        for (const other of folded) {
          const same = other.join(' ');
          if (same !== key && !known.some((one) => one.join(' ') === same)) known.push(other);
        }
        this.#others.set(key, known);
      }
    }
  }

  /** The longest phrase at `from` in `typed` that stands for something else: how many words it has, and what else it can be. */
  at(typed: readonly string[], from: number): { length: number; others: readonly (readonly string[])[] } | null {
    for (let length = Math.min(this.#longest, typed.length - from); length > 0; length--) {
      const others = this.#others.get(typed.slice(from, from + length).join(' '));
      if (others && others.length > 0) return { length, others };
    }
    return null;
  }
}
