/** Whom this agent and the others turn to: favourites, whom calls were passed on to, whom a caller spoke to, who may help instead. */
import type { Database } from 'better-sqlite3';
import type { Person, Suggestion } from '#contract';
import { copiesOf, currentGeneration, indexedOf, indexedRow } from '../search/live.ts';
import { statement } from '../statement.ts';
import { personById, personByRow } from './people-rows.ts';

interface Remembered {
  id: string;
  at: string;
}

/** How many are looked up for a list: some may have left. */
const SPARE = 3;
/** Keywords of a person that colleagues are looked for by, and how many people are looked at for each. */
const KEYWORDS = 6;
const CANDIDATES = 60;

function ranked(database: Database, id: string): void {
  const { live, staged } = copiesOf(database);
  for (const one of [live, staged]) {
    const row = one ? indexedRow(database, one.generation, id) : undefined;
    if (one && row) one.rerank(row.row_id, indexedOf(row));
  }
}

/**
 * Counts that a call was passed on to somebody: they come earlier at equal match, and are offered when the same caller (`number`, as
 * normalised; null: withheld) calls again.
 */
function transferred(database: Database, input: { id: string; at: string; number: string | null; line: string | null }): null {
  const { id, at, number, line } = input;
  database
    .transaction(() => {
      statement<[string, string]>(
        database,
        `INSERT INTO transfers (person_id, count, last_at) VALUES (?, 1, ?)
         ON CONFLICT (person_id) DO UPDATE SET count = count + 1, last_at = excluded.last_at`,
      ).run(id, at);
      if (number === null) return;
      statement<[string, string, string | null, string]>(
        database,
        `INSERT INTO spoken_to (number, person_id, line, last_at) VALUES (?, ?, ?, ?)
         ON CONFLICT (number, person_id) DO UPDATE SET line = excluded.line, last_at = excluded.last_at`,
      ).run(number, id, line, at);
    })
    .immediate();
  ranked(database, id);
  return null;
}

/** Chooses somebody, or no longer. Chosen twice keeps the first instant. */
function favourite(database: Database, input: { id: string; on: boolean; at: string }): null {
  if (input.on) {
    statement<[string, string]>(
      database,
      'INSERT INTO favourites (person_id, since) VALUES (?, ?) ON CONFLICT (person_id) DO NOTHING',
    ).run(input.id, input.at);
  } else statement<[string]>(database, 'DELETE FROM favourites WHERE person_id = ?').run(input.id);
  return null;
}

/** Those of a list who are still in the directory, up to `most`. */
function known(database: Database, rows: readonly Remembered[], most: number, now: string): Suggestion[] {
  const generation = currentGeneration(database);
  const found: Suggestion[] = [];
  for (const { id, at } of rows) {
    if (found.length === most) break;
    const person = personById(database, generation, id, now);
    if (person) found.push({ person, at });
  }
  return found;
}

/** Whom this caller spoke to since `after`: by the same line first (people call about the same thing again), then last first. */
function spokenTo(
  database: Database,
  input: { number: string; line: string | null; after: string; most: number; now: string },
): Suggestion[] {
  const rows = statement<[string, string, string | null, number], Remembered>(
    database,
    `SELECT person_id AS id, last_at AS at FROM spoken_to WHERE number = ? AND last_at >= ?
     ORDER BY line IS ? DESC, last_at DESC LIMIT ?`,
  ).all(input.number, input.after, input.line, input.most * SPARE);
  return known(database, rows, input.most, input.now);
}

/** Everybody whom this agent chose, by name, up to `most`. */
function favourites(database: Database, input: { most: number; now: string }): Suggestion[] {
  const rows = statement<[number], Remembered>(
    database,
    'SELECT person_id AS id, since AS at FROM favourites ORDER BY person_id LIMIT ?',
  ).all(input.most * SPARE);
  return known(database, rows, input.most, input.now).toSorted((a, b) => a.person.name.localeCompare(b.person.name, 'nb'));
}

/** Whom this agent passed calls on to, last first. */
function lastTransferred(database: Database, input: { most: number; now: string }): Suggestion[] {
  const rows = statement<[number], Remembered>(
    database,
    'SELECT person_id AS id, last_at AS at FROM transfers ORDER BY last_at DESC LIMIT ?',
  ).all(input.most * SPARE);
  return known(database, rows, input.most, input.now);
}

/** Forgets whom callers spoke to before `before`; answers how many. */
function purge(database: Database, input: { before: string }): number {
  return statement<[string]>(database, 'DELETE FROM spoken_to WHERE last_at < ?').run(input.before).changes;
}

/** Row ids of who matches all words of a text as they stand, best first. */
function matching(database: Database, text: string, most: number, now: string): number[] {
  const { live } = copiesOf(database);
  while (!live.complete) live.build(database, 10_000);
  const at = Date.parse(now);
  // Asked for no more than there are, the index does not go on to look for typing errors.
  const total = live.index.search(text, 1, at).total;
  if (total === 0) return [];
  return live.index.search(text, Math.min(total, most), at).ordinals.map((ordinal) => live.rowId(ordinal));
}

/** People who share the unit or a keyword with somebody, in no order and without them; and the person themselves. */
function colleagues(database: Database, input: { id: string; now: string }): { person: Person; others: Person[] } | null {
  const { id, now } = input;
  const person = personById(database, currentGeneration(database), id, now);
  if (!person) return null;
  const rows = new Set<number>();
  for (const text of [person.unit, ...person.keywords.slice(0, KEYWORDS)]) {
    if (text !== '') for (const row of matching(database, text, CANDIDATES, now)) rows.add(row);
  }
  const others = [...rows].flatMap((row) => personByRow(database, row, now) ?? []).filter((other) => other.id !== id);
  return { person, others };
}

/** The one person with this e-mail address, or else with this number (as numbers are kept); null: nobody, or several. */
function byAddress(database: Database, input: { email: string | null; number: string | null; now: string }): Person | null {
  const { email, number, now } = input;
  const only = (text: string | null, has: (person: Person) => boolean) => {
    if (text === null) return null;
    const found = matching(database, text, CANDIDATES, now).flatMap((row) => personByRow(database, row, now) ?? []);
    const own = found.filter(has);
    return own.length === 1 ? (own[0] ?? null) : null;
  };
  return (
    only(email, (person) => person.email?.toLowerCase() === email?.toLowerCase()) ??
    only(number, (person) => person.numbers.some(({ value }) => value === number))
  );
}

/** How often this agent passed calls on to whom, most first, up to `most`. */
function counts(database: Database, input: { most: number }): { id: string; count: number }[] {
  return statement<[number], { id: string; count: number }>(
    database,
    'SELECT person_id AS id, count FROM transfers ORDER BY count DESC, person_id LIMIT ?',
  ).all(input.most);
}

/** Puts what the other agents together counted in the place of what was known of it; the index follows. Answers how many counts changed. */
function storeByAll(database: Database, input: { counts: readonly { readonly id: string; readonly count: number }[] }): number {
  const before = new Map(
    statement<[], { id: string; count: number }>(database, 'SELECT person_id AS id, count FROM transfers_by_all')
      .all()
      .map(({ id, count }) => [id, count]),
  );
  const after = new Map(input.counts.map(({ id, count }) => [id, count]));
  const changed = [...after].filter(([id, count]) => before.get(id) !== count).map(([id]) => id);
  const gone = [...before.keys()].filter((id) => !after.has(id));
  database
    .transaction(() => {
      const put = statement<[string, number]>(
        database,
        `INSERT INTO transfers_by_all (person_id, count) VALUES (?, ?)
         ON CONFLICT (person_id) DO UPDATE SET count = excluded.count`,
      );
      for (const id of changed) put.run(id, after.get(id) ?? 0);
      const remove = statement<[string]>(database, 'DELETE FROM transfers_by_all WHERE person_id = ?');
      for (const id of gone) remove.run(id);
    })
    .immediate();
  for (const id of [...changed, ...gone]) ranked(database, id);
  return changed.length + gone.length;
}

export const useQueries = {
  'people.transferred': transferred,
  'people.colleagues': colleagues,
  'people.byAddress': byAddress,
  'use.favourite': favourite,
  'use.spokenTo': spokenTo,
  'use.favourites': favourites,
  'use.lastTransferred': lastTransferred,
  'use.purge': purge,
  'use.counts': counts,
  'use.storeByAll': storeByAll,
} as const;
