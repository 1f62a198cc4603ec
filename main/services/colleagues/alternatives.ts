/** Who may help instead of somebody. Pure. */
import type { Alternative, Person } from '#contract';

const folded = (text: string) => text.normalize('NFC').trim().toLowerCase();

/** 0: nothing speaks against a call · 1: taken or not known to be open, but calls may come · 2: calls do not come through. */
function reach(person: Person): number {
  if (person.absence !== null || person.hours?.open === false) return 2;
  return person.calendar?.busy ? 1 : 0;
}

/**
 * Those of `others` who share the unit or a keyword, best first, up to `most`: who is there, then who shares the most keywords, then
 * the same unit, then `others`' own order. The deputy is left out: it has a place of its own.
 */
export function alternativesTo(person: Person, others: readonly Person[], most: number): Alternative[] {
  const own = new Set(person.keywords.map(folded));
  return others
    .filter((other) => other.id !== person.id && other.id !== person.deputy?.personId)
    .map((other) => ({
      person: other,
      why: {
        unit: person.unit !== '' && folded(other.unit) === folded(person.unit),
        keywords: other.keywords.filter((keyword) => own.has(folded(keyword))),
      },
    }))
    .filter(({ why }) => why.unit || why.keywords.length > 0)
    .toSorted(
      (a, b) =>
        reach(a.person) - reach(b.person) ||
        b.why.keywords.length - a.why.keywords.length ||
        Number(b.why.unit) - Number(a.why.unit),
    )
    .slice(0, most);
}
