/** The best few of many: least key first, then least tie, then least ordinal. */
export class TopList {
  readonly #limit: number;
  readonly #keys: Float64Array;
  readonly #ties: Float64Array;
  readonly #ordinals: Uint32Array;
  #count = 0;
  #worst = Infinity;

  constructor(limit: number) {
    this.#limit = limit;
    this.#keys = new Float64Array(limit);
    this.#ties = new Float64Array(limit);
    this.#ordinals = new Uint32Array(limit);
  }

  /** Answers the worst key that still counts. */
  offer(key: number, tie: number, ordinal: number): number {
    if (key > this.#worst) return this.#worst;
    let at = this.#count;
    while (at > 0 && this.#before(key, tie, ordinal, at - 1)) at--;
    if (at >= this.#limit) return this.#worst;
    const last = Math.min(this.#count, this.#limit - 1);
    this.#keys.copyWithin(at + 1, at, last);
    this.#ties.copyWithin(at + 1, at, last);
    this.#ordinals.copyWithin(at + 1, at, last);
    this.#keys[at] = key;
    this.#ties[at] = tie;
    this.#ordinals[at] = ordinal;
    if (this.#count < this.#limit) this.#count++;
    if (this.#count === this.#limit) this.#worst = this.#keys[this.#limit - 1] ?? Infinity;
    return this.#worst;
  }

  #before(key: number, tie: number, ordinal: number, at: number): boolean {
    const other = this.#keys[at] ?? 0;
    if (key !== other) return key < other;
    const otherTie = this.#ties[at] ?? 0;
    return tie !== otherTie ? tie < otherTie : ordinal < (this.#ordinals[at] ?? 0);
  }

  ordinals(): number[] {
    return [...this.#ordinals.subarray(0, this.#count)];
  }
}
