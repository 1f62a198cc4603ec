import type { DirectoryStatus, Match, Person, SearchHit } from '#contract';
import type { LineView } from '../lines/index.ts';
import { until, when, type Messages } from '../text/index.ts';

/** The person with what their line says now: only evidence makes anybody free, and a call counts also while they are away. */
export function withLine(person: Person, line: LineView): Person {
  if (line.state === 'onPhone' || line.state === 'ringing') return { ...person, availability: 'onPhone' };
  return line.state === 'free' && person.availability === 'unknown' ? { ...person, availability: 'free' } : person;
}

/** How long a call on the line has lasted, in words; null: there is none, or it is not known, or it has only begun. */
export function onPhoneFor(line: LineView, now: Date, t: Messages): string | null {
  if (line.state !== 'onPhone' || line.since === null) return null;
  const minutes = Math.floor((now.getTime() - line.since) / 60_000);
  return minutes < 1 ? null : t.directory.onPhoneFor(minutes);
}

/** Availability in a word or two. Of an absence no more than its kind: health, and what is not known, is just absent. */
export function availabilityWords(person: Person, now: Date, t: Messages): string {
  if (person.availability === 'absent' || person.absence !== null) {
    const back = person.absence?.until;
    const what = t.directory.absent[person.absence?.kind ?? 'away'];
    return back == null ? what : t.directory.absentUntil(what, until(new Date(back), now, t));
  }
  return t.directory[person.availability];
}

/** Opening hours with the days in the window's language; whatever else stands in the text stays as it is written. */
export function hoursWords(hours: string, t: Messages): string {
  return hours.replace(
    /\b(Mo|Tu|We|Th|Fr|Sa|Su|PH|off)\b/g,
    (day) => t.directory.days[day as keyof Messages['directory']['days']],
  );
}

/** The shape beside the name. A reported absence counts more than a silent line. */
export const spotOf = (person: Person): Person['availability'] =>
  person.absence !== null && person.availability !== 'onPhone' ? 'absent' : person.availability;

/** How old the copy is; `stale`: the directory could not be asked. */
export function copyAge(status: DirectoryStatus, now: Date, t: Messages): { readonly text: string; readonly stale: boolean } {
  const asOf = status.asOf === null ? null : when(new Date(status.asOf), now, t);
  if (status.state === 'loading') return { text: t.directory.loading, stale: false };
  if (asOf === null) return { text: t.directory.never, stale: true };
  if (status.state === 'stale') return { text: t.directory.staleSince(asOf), stale: true };
  return { text: t.directory.copyFrom(asOf), stale: false };
}

/** Names of use that matched, for beside the name. */
export const nicknamesOf = (hit: SearchHit): readonly string[] =>
  hit.person.nicknames.filter((name) => hit.matches.some((match) => match.field === 'name' && match.text === name));

type Ranges = Match['ranges'];

/** What of a field matched; several matches on one text are laid together. */
export function rangesOf(hit: SearchHit, field: Match['field'], text: string): Ranges {
  return hit.matches.filter((match) => match.field === field && match.text === text).flatMap((match) => match.ranges);
}

/** The keywords to show on a hit: those that matched first. */
export function keywordsOf(hit: SearchHit): readonly string[] {
  const matched = hit.matches.filter((match) => match.field === 'keyword').map((match) => match.text);
  return [...new Set([...matched, ...hit.person.keywords])].slice(0, 4);
}

/** Someone in the same unit who is there, for the guard. */
export function colleagueOf(person: Person, hits: readonly SearchHit[]): Person | null {
  const there = hits
    .map((hit) => hit.person)
    .filter((other) => other.id !== person.id && other.unit === person.unit && other.numbers.length > 0);
  return (
    there.find((other) => other.availability === 'free') ?? there.find((other) => other.availability === 'unknown') ?? null
  );
}
