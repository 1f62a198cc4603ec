/**
 * Calls every listener once each 20 ms on the average: one timer for all calls, steered by the clock, so that a late tick is made up for
 * and the sound neither drifts nor stutters. After a long stall (a sleeping laptop) what was missed is skipped.
 */
export class Metronome {
  readonly #listeners = new Set<() => void>();
  #timer: NodeJS.Timeout | null = null;
  #next = 0;

  /** Listens until the returned function is called. */
  on(listener: () => void): () => void {
    this.#listeners.add(listener);
    if (!this.#timer) {
      this.#next = performance.now() + 20;
      this.#arm();
    }
    return () => this.#listeners.delete(listener);
  }

  #arm(): void {
    this.#timer = setTimeout(() => this.#tick(), Math.max(1, this.#next - performance.now()));
  }

  #tick(): void {
    this.#timer = null;
    if (this.#listeners.size === 0) return;
    const now = performance.now();
    if (now - this.#next > 200) this.#next = now;
    while (this.#next <= now) {
      for (const listener of this.#listeners) listener();
      this.#next += 20;
    }
    this.#arm();
  }
}
