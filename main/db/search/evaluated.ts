/** Who matches a word, as the postings of its terms are gone through. */
import { NO_MATCH, type FieldCode } from './rank.ts';

/** Who matches one word, and how well. */
export interface Evaluated {
  /** Ordinal → cost; NO_MATCH: does not match. */
  readonly costs: Uint8Array;
  /** Who matches, in no order. */
  readonly ordinals: Uint32Array;
  count: number;
}

const FIELD_BITS = 4;
const FIELD_MASK = 15;

/** A person and the field where a word stands, as one number of a term's postings. */
export const posting = (ordinal: number, field: FieldCode): number => (ordinal << FIELD_BITS) | field;

/** Marks one person at a cost. */
export function mark(into: Evaluated, ordinal: number, cost: number): void {
  const known = into.costs[ordinal] ?? NO_MATCH;
  if (cost >= known) return;
  if (known === NO_MATCH) into.ordinals[into.count++] = ordinal;
  into.costs[ordinal] = cost;
}

/** Marks everyone in `postings` at their field's cost. The inner loop of every search: no call, no allocation. */
export function spread(
  into: Evaluated,
  postings: { readonly items: Uint32Array; readonly size: number },
  costOf: Uint8Array,
): void {
  const { costs, ordinals } = into;
  const { items, size } = postings;
  let count = into.count;
  for (let i = 0; i < size; i++) {
    const item = items[i] as number;
    const cost = costOf[item & FIELD_MASK] as number;
    const ordinal = item >>> FIELD_BITS;
    const known = costs[ordinal] as number;
    if (cost < known) {
      if (known === NO_MATCH) ordinals[count++] = ordinal;
      costs[ordinal] = cost;
    }
  }
  into.count = count;
}
