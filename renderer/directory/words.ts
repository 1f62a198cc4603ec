import type { DirectoryStatus, Match, SearchHit } from '#contract';
import { when, type Messages } from '../text/index.ts';

/** Opening hours with the days in the window's language; whatever else stands in the text stays as it is written. */
export function hoursWords(hours: string, t: Messages): string {
  return hours.replace(
    /\b(Mo|Tu|We|Th|Fr|Sa|Su|PH|off)\b/g,
    (day) => t.directory.days[day as keyof Messages['directory']['days']],
  );
}

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

/** How a hit was met where it does not read as it was typed, each way once; beside what is marked. */
export function howWords(hit: SearchHit, t: Messages): readonly string[] {
  return [...new Set(hit.matches.flatMap(({ how }) => (how === undefined ? [] : [t.directory.how[how]])))];
}
