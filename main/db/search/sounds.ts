import { MIN_BEGINNING, soundOf } from './sound.ts';
import { eachBeginning } from './sorted.ts';

/** Names by how they sound: whole keys in a map, near keys also in order, for beginnings. */
export class Sounds<T extends { readonly text: string }> {
  readonly #near = new Map<string, T[]>();
  readonly #far = new Map<string, T[]>();
  #sorted: string[] | null = null;

  add(name: T): void {
    const { near, far } = soundOf(name.text);
    if (near !== null) {
      if (!this.#near.has(near)) this.#sorted = null;
      put(this.#near, near, name);
    }
    if (far !== null) put(this.#far, far, name);
  }

  clear(): void {
    this.#near.clear();
    this.#far.clear();
    this.#sorted = null;
  }

  /** Sorts the keys, which the first search would have to do otherwise. */
  settle(): void {
    this.#sorted ??= [...this.#near.keys()].toSorted((a, b) => (a < b ? -1 : 1));
  }

  /** Every name that sounds like `typed`; one may come twice, the better way counts. */
  like(typed: string, found: (name: T, how: 'near' | 'beginning' | 'far') => void): void {
    const { near, far } = soundOf(typed);
    if (near !== null) for (const name of this.#near.get(near) ?? []) found(name, 'near');
    if (near !== null && near.length >= MIN_BEGINNING) {
      this.settle();
      const keys = this.#sorted ?? [];
      eachBeginning(keys, near, (place) => {
        for (const name of this.#near.get(keys[place] ?? '') ?? []) found(name, 'beginning');
      });
    }
    if (far !== null) for (const name of this.#far.get(far) ?? []) found(name, 'far');
  }
}

function put<T>(map: Map<string, T[]>, key: string, name: T): void {
  const known = map.get(key);
  if (known) known.push(name);
  else map.set(key, [name]);
}
