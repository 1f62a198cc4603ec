/** What a person's taken times mean at one instant. Pure; instants are ISO 8601 in UTC and compare as text. */
import type { Absence, AbsenceKind, CalendarState } from '#contract';

/** A time that somebody is taken. `closed`: calls do not come through (":"); otherwise they may (";"). */
export interface TakenTime {
  readonly startsAt: string;
  readonly endsAt: string;
  readonly closed: boolean;
  readonly kind: AbsenceKind;
}

/** An absence wherever it was read. */
export type Away = Pick<Absence, 'kind' | 'until'>;

/** When the times that are on at `now` end, with whatever follows without a break; null: nothing is on. */
function endOf(times: readonly TakenTime[], now: string): string | null {
  let end: string | null = null;
  for (const { startsAt, endsAt } of times.toSorted((a, b) => (a.startsAt < b.startsAt ? -1 : 1))) {
    if (end === null ? startsAt <= now && endsAt > now : startsAt <= end && endsAt > end) end = endsAt;
  }
  return end;
}

/** What is closed at `now`: till when, and the kind of what lasts longest of it. Null: nothing is. */
export function awayAt(times: readonly TakenTime[], now: string): Away | null {
  const closed = times.filter((time) => time.closed);
  const on = closed.filter(({ startsAt, endsAt }) => startsAt <= now && endsAt > now);
  const longest = on.toSorted((a, b) => (a.endsAt < b.endsAt ? 1 : -1))[0];
  return longest ? { kind: longest.kind, until: endOf(closed, now) } : null;
}

/** The calendar as the person's card tells it. `known` false: nothing is told but when it was read. */
export function stateAt(
  times: readonly TakenTime[],
  now: string,
  read: { readonly known: boolean; readonly at: string | null },
): CalendarState {
  if (!read.known) return { known: false, busy: false, nextBusyAt: null, nextFreeAt: null, readAt: read.at };
  const until = endOf(times, now);
  const from = until ?? now;
  const later = times.map(({ startsAt }) => startsAt).filter((startsAt) => startsAt > from);
  return {
    known: true,
    busy: times.some(({ startsAt, endsAt, closed }) => !closed && startsAt <= now && endsAt > now),
    nextBusyAt: later.length === 0 ? null : later.reduce((a, b) => (a < b ? a : b)),
    nextFreeAt: until,
    readAt: read.at,
  };
}

/** Absences that come and go within a day: they never shorten one that has no end yet. */
const brief: readonly AbsenceKind[] = ['meeting', 'lunch'];

/**
 * One absence of two. Somebody is away as long as either says so, so the one that lasts longer tells. Of two that end together the
 * calendar tells: it says what it is, where the directory often says only that. Against a directory's absence without an end,
 * a calendar's holiday, travel or absence tells (it is the same one, with its end); a meeting or a lunch does not. When they were
 * read does not decide: a directory's row keeps the instant of its last change however often it is confirmed.
 */
export function mergeAbsence(directory: Absence | null, calendar: Absence | null): Absence | null {
  if (directory === null || calendar === null) return directory ?? calendar;
  if (calendar.until === null) return calendar;
  if (directory.until === null) return brief.includes(calendar.kind) ? directory : calendar;
  return directory.until > calendar.until ? directory : calendar;
}
