/** What is known of a person apart from the directory's own row: the calendar, and whether this agent chose them. */
import type { Database } from 'better-sqlite3';
import type { AbsenceKind, Person } from '#contract';
import { awayAt, mergeAbsence, stateAt, type TakenTime } from '../calendar-state.ts';
import { statement } from '../statement.ts';

/** How long what was read of a calendar counts as known. Older than that, it says neither busy nor free. */
export const KNOWN_MS = 30 * 60_000;

/** What a person's row is joined with: columns, and whence. `p` is the person. */
export const aroundColumns = 'f.since AS favourite_since, c.found AS calendar_found, c.read_at AS calendar_read_at';
export const aroundJoins = 'LEFT JOIN favourites f ON f.person_id = p.id LEFT JOIN calendars c ON c.person_id = p.id';

export interface AroundRow {
  favourite_since: string | null;
  calendar_found: number | null;
  calendar_read_at: string | null;
}

/** The times of a calendar that are not over yet. */
export function takenTimes(database: Database, personId: string, now: string): TakenTime[] {
  return statement<[string, string], { starts_at: string; ends_at: string; closed: number; kind: AbsenceKind }>(
    database,
    'SELECT starts_at, ends_at, closed, kind FROM calendar_times WHERE person_id = ? AND ends_at > ?',
  )
    .all(personId, now)
    .map((row) => ({ startsAt: row.starts_at, endsAt: row.ends_at, closed: row.closed !== 0, kind: row.kind }));
}

/** A person of the directory with what is known beside it, as of `now`. Opening hours are the service's, which knows the units'. */
export function withAround(
  database: Database,
  person: Omit<Person, 'calendar' | 'hours' | 'favourite'>,
  row: AroundRow,
  now: string,
): Person {
  const around = { calendar: null, hours: null, favourite: row.favourite_since !== null };
  const readAt = row.calendar_read_at;
  if (readAt === null || row.calendar_found === 0) return { ...person, ...around };
  const times = takenTimes(database, person.id, now);
  const away = awayAt(times, now);
  // An absence with an end that was read stays true when the calendar cannot be asked any more.
  const absence = mergeAbsence(person.absence, away === null ? null : { ...away, source: 'calendar', readAt });
  const known = Date.parse(now) - Date.parse(readAt) <= KNOWN_MS;
  return {
    ...person,
    ...around,
    absence,
    availability: absence === null ? person.availability : 'absent',
    calendar: stateAt(times, now, { known, at: readAt }),
  };
}
