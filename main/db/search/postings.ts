const NONE = new Uint32Array(0);

/** A growing bag of 32-bit values in no order: adding is O(1), taking out is one fast scan. */
export class Postings {
  items: Uint32Array = NONE;
  size = 0;

  add(value: number): void {
    if (this.size === this.items.length) {
      const grown = new Uint32Array(this.size < 2 ? this.size + 1 : Math.ceil(this.size * 1.4));
      grown.set(this.items);
      this.items = grown;
    }
    this.items[this.size++] = value;
  }

  /** Takes one `value` out; does nothing when it is not there. */
  remove(value: number): void {
    const at = this.items.indexOf(value);
    if (at < 0 || at >= this.size) return;
    this.size--;
    this.items[at] = this.items[this.size] ?? 0;
    this.items[this.size] = 0xffff_ffff; // so that indexOf cannot find a value beyond the end
  }

  /** Frees the room kept for growing. */
  trim(): void {
    if (this.items.length > this.size) this.items = this.items.slice(0, this.size);
  }
}
