/** Who may help instead. */
import type { Alternative } from '#contract';
import type { LineView } from '../lines/index.ts';
import { availabilityOf, isAsked, type Availability } from './availability.ts';
import { numberOf } from './number.ts';

export interface ColleagueInstead {
  readonly target: { readonly number: string; readonly name: string; readonly personId: string };
  readonly is: Availability;
  /** Keywords that both have; null: they are of the same unit, no more. */
  readonly why: string | null;
}

/** The first of them whom nothing keeps from answering; null: there is nobody. They come best first. */
export function colleagueOf(
  alternatives: readonly Alternative[],
  now: Date,
  /** Somebody who is offered already: the deputy. */
  but: string | null,
  line: (number: string) => LineView,
): ColleagueInstead | null {
  const possible = alternatives.flatMap(({ person, why }) => {
    const number = numberOf(person);
    const is = number === null ? null : availabilityOf(person, line(number), now);
    if (number === null || is === null || isAsked(is) || person.id === but) return [];
    const words = why.keywords.slice(0, 2).join(', ');
    return [{ target: { number, name: person.name, personId: person.id }, is, why: words === '' ? null : words }];
  });
  return possible.find(({ is }) => is.kind === 'free') ?? possible[0] ?? null;
}
