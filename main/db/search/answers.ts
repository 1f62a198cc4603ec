/** Answers of late, by what was typed: every search begins with one of thirty letters, and letters are taken back. */
export class Answers<T> {
  readonly #most: number;
  readonly #letters = new Map<string, T>();
  readonly #others = new Map<string, T>();

  /** Keeps `most` answers of each sort: to single letters, and to all else. */
  constructor(most: number) {
    this.#most = most;
  }

  /** The answer for `key`, or else what `find` answers. */
  of(key: string, isLetter: boolean, find: () => T): T {
    const kept = isLetter ? this.#letters : this.#others;
    let answer = kept.get(key);
    if (answer === undefined) {
      answer = find();
      const oldest = kept.size < this.#most ? undefined : kept.keys().next().value;
      if (oldest !== undefined) kept.delete(oldest);
      kept.set(key, answer);
    }
    return answer;
  }

  clear(): void {
    this.#letters.clear();
    this.#others.clear();
  }
}
