/** Whose calendar is read next. Pure state: no clock, no effects. */
import type { CalendarOwner } from '../../db/queries/calendars.ts';

/** People waiting to be read, each once. The background's are behind everybody that somebody looks at. */
export class ReadingQueue {
  readonly #wanted = new Map<string, CalendarOwner>();
  readonly #background = new Map<string, CalendarOwner>();
  readonly #most: number;

  /** `most`: how many wait at most; who was wanted longest ago falls out. */
  constructor(most: number) {
    this.#most = most;
  }

  get size(): number {
    return this.#wanted.size + this.#background.size;
  }

  /** These before everybody else, in their order: they are looked at now. */
  first(owners: readonly CalendarOwner[]): void {
    const rest = [...this.#wanted];
    this.#wanted.clear();
    for (const owner of owners) this.#wanted.set(owner.id, owner);
    for (const [id, owner] of rest) if (!this.#wanted.has(id)) this.#wanted.set(id, owner);
    for (const id of [...this.#wanted.keys()].slice(this.#most)) this.#wanted.delete(id);
    for (const { id } of owners) this.#background.delete(id);
  }

  /** These after those who were wanted before. */
  later(owners: readonly CalendarOwner[]): void {
    for (const owner of owners) if (this.#wanted.size < this.#most) this.#wanted.set(owner.id, owner);
    for (const { id } of owners) this.#background.delete(id);
  }

  /** These when nobody else waits. */
  behind(owners: readonly CalendarOwner[]): void {
    for (const owner of owners)
      if (!this.#wanted.has(owner.id) && this.#background.size < this.#most) this.#background.set(owner.id, owner);
  }

  next(): CalendarOwner | null {
    for (const line of [this.#wanted, this.#background]) {
      for (const [id, owner] of line) {
        line.delete(id);
        return owner;
      }
    }
    return null;
  }

  clear(): void {
    this.#wanted.clear();
    this.#background.clear();
  }
}
