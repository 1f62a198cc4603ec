/** What calendars say of people's times: whose are to be read, what was read, and who is absent by it just now. */
import type { Database } from 'better-sqlite3';
import { awayAt, type TakenTime } from '../calendar-state.ts';
import { copiesOf, currentGeneration, indexedOf, indexedRow } from '../search/live.ts';
import { statement } from '../statement.ts';
import { takenTimes } from './person-around.ts';

/** Somebody whose calendar is to be read. */
export interface CalendarOwner {
  readonly rowId: number;
  readonly id: string;
  readonly email: string;
  /** Where the next reading goes on, in the source's own terms; null: from the beginning. */
  readonly cursor: string | null;
  /** When it was last read, and until when events are known; null: never. */
  readonly readAt: string | null;
  readonly readUntil: string | null;
}

const ownerColumns = `p.row_id AS rowId, p.id, p.email, c.cursor, c.read_at AS readAt, c.read_until AS readUntil`;

/** Those of `ids` who have an e-mail address. What another source left is not told. */
function owners(database: Database, input: { ids: readonly string[]; source: string }): CalendarOwner[] {
  const find = statement<[string, number, string], CalendarOwner>(
    database,
    `SELECT ${ownerColumns} FROM people p LEFT JOIN calendars c ON c.person_id = p.id AND c.source = ?
     WHERE p.generation = ? AND p.id = ? AND p.email IS NOT NULL`,
  );
  const generation = currentGeneration(database);
  return input.ids.flatMap((id) => find.get(input.source, generation, id) ?? []);
}

/** Up to `rows` of everybody after `after` (a rowId), in a fixed order, whether they are due or not. */
function everybody(database: Database, input: { after: number; rows: number; source: string }): CalendarOwner[] {
  // `+`: by row, as live.ts builds the index.
  return statement<[string, number, number, number], CalendarOwner>(
    database,
    `SELECT ${ownerColumns} FROM people p LEFT JOIN calendars c ON c.person_id = p.id AND c.source = ?
     WHERE p.row_id > ? AND +p.generation = ? AND p.email IS NOT NULL ORDER BY p.row_id LIMIT ?`,
  ).all(input.source, input.after, currentGeneration(database), input.rows);
}

/** Whom this agent chose, or passed a call on to, last first. */
function chosen(database: Database, input: { most: number }): string[] {
  return statement<[number, number], { id: string }>(
    database,
    `SELECT person_id AS id FROM (SELECT person_id, last_at FROM transfers ORDER BY last_at DESC LIMIT ?)
     UNION SELECT person_id FROM (SELECT person_id FROM favourites LIMIT ?)`,
  )
    .all(input.most, input.most)
    .map(({ id }) => id);
}

/** Tells the index what of the calendar is so at `now`; true when it was otherwise before. */
function settle(database: Database, id: string, now: string): boolean {
  const before = statement<[string], { absent: number; absent_until: string | null }>(
    database,
    'SELECT absent, absent_until FROM calendars WHERE person_id = ?',
  ).get(id);
  const away = awayAt(takenTimes(database, id, now), now);
  if (!before || ((before.absent !== 0) === (away !== null) && before.absent_until === (away?.until ?? null))) return false;
  statement<[number, string | null, string]>(
    database,
    'UPDATE calendars SET absent = ?, absent_until = ? WHERE person_id = ?',
  ).run(away ? 1 : 0, away?.until ?? null, id);
  return true;
}

function rerank(database: Database, id: string): void {
  const { live, staged } = copiesOf(database);
  for (const one of [live, staged]) {
    const row = one ? indexedRow(database, one.generation, id) : undefined;
    if (one && row) one.rerank(row.row_id, indexedOf(row));
  }
}

/**
 * Keeps what was read of somebody's calendar. `times` null: nothing new since the cursor. Answers whether what is told of the person
 * has changed by it.
 */
function store(
  database: Database,
  input: {
    id: string;
    source: string;
    cursor: string | null;
    found: boolean;
    times: readonly TakenTime[] | null;
    readAt: string;
    readUntil: string;
  },
): boolean {
  const { id, times, readAt } = input;
  const before = JSON.stringify(takenTimes(database, id, readAt));
  let settled = false;
  database
    .transaction(() => {
      statement<[string, string, string | null, number, string, string]>(
        database,
        `INSERT INTO calendars (person_id, source, cursor, found, read_at, read_until) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (person_id) DO UPDATE SET source = excluded.source, cursor = excluded.cursor, found = excluded.found,
           read_at = excluded.read_at, read_until = excluded.read_until`,
      ).run(id, input.source, input.cursor, input.found ? 1 : 0, readAt, input.readUntil);
      if (times !== null) {
        statement<[string]>(database, 'DELETE FROM calendar_times WHERE person_id = ?').run(id);
        const add = statement<[string, string, string, number, string]>(
          database,
          'INSERT OR IGNORE INTO calendar_times (person_id, starts_at, ends_at, closed, kind) VALUES (?, ?, ?, ?, ?)',
        );
        for (const { startsAt, endsAt, closed, kind } of times) add.run(id, startsAt, endsAt, closed ? 1 : 0, kind);
      }
      settled = settle(database, id, readAt);
    })
    .immediate();
  if (settled) rerank(database, id);
  return settled || before !== JSON.stringify(takenTimes(database, id, readAt));
}

/**
 * Absences that began in (since, now], and those that are over: the index follows. Answers whose they are. A clock that was put back
 * (`since` after `now`) begins anew: what is told as an absence may lie ahead again.
 */
function turn(database: Database, input: { since: string; now: string }): string[] {
  const since = input.since > input.now ? '' : input.since;
  const over = since === input.since ? input.now : '9999';
  // ALL: to leave out the double ones itself, SQLite would walk through every calendar in the order of the ids.
  const rows = statement<[string, string, string], { id: string }>(
    database,
    `SELECT person_id AS id FROM calendar_times WHERE closed = 1 AND starts_at > ? AND starts_at <= ?
     UNION ALL SELECT person_id FROM calendars WHERE absent = 1 AND absent_until <= ?`,
  ).all(since, input.now, over);
  const ids = [...new Set(rows.map(({ id }) => id))];
  const changed = database.transaction(() => ids.filter((id) => settle(database, id, input.now))).immediate();
  for (const id of changed) rerank(database, id);
  return changed;
}

/** Deletes what is kept of people whom the directory no longer has, and of other sources; answers how many. Never while there is no copy. */
function forget(database: Database, input: { source: string }): number {
  const generation = currentGeneration(database);
  if (generation === 0) return 0;
  return statement<[string, number]>(
    database,
    `DELETE FROM calendars WHERE source <> ? OR NOT EXISTS
       (SELECT 1 FROM people p WHERE p.generation = ? AND p.id = calendars.person_id)`,
  ).run(input.source, generation).changes;
}

export const calendarQueries = {
  'calendars.owners': owners,
  'calendars.everybody': everybody,
  'calendars.chosen': chosen,
  'calendars.store': store,
  'calendars.turn': turn,
  'calendars.forget': forget,
} as const;
