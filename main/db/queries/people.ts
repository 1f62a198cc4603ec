/** The local copy of the directory: loads, deltas and searching. */
import type { Database } from 'better-sqlite3';
import type { Person, SearchHit } from '#contract';
import { matchesOf, Synonyms, type SynonymGroup } from '../search/index.ts';
import { copiesOf, currentGeneration, IndexedCopy } from '../search/live.ts';
import { statement } from '../statement.ts';
import { addStaged, personById, personByRow, withoutWaiting, write, type SourcePerson } from './people-rows.ts';

export type { SourceColleague, SourcePerson } from './people-rows.ts';

/** Which source the copy is of, and how far it has come. */
export interface DirectoryCopy {
  readonly people: number;
  readonly source: string;
  /** Where the next delta begins, in the source's own terms. */
  readonly cursor: string | null;
  /** When the copy was last known to equal its source. */
  readonly asOf: string | null;
}

/** How many people the copy has. Counting a hundred thousand rows takes longer than asking a server what is new. */
function countOf(database: Database): number {
  const { live } = copiesOf(database);
  if (live.complete) return live.index.people;
  return (
    statement<[number], { people: number }>(database, 'SELECT count(*) AS people FROM people WHERE generation = ?').get(
      live.generation,
    )?.people ?? 0
  );
}

/** The copy, or null before the first load. */
function copy(database: Database): DirectoryCopy | null {
  const row = statement<[], Omit<DirectoryCopy, 'people'>>(
    database,
    'SELECT source, cursor, as_of AS asOf FROM directory_copy',
  ).get();
  return row ? { ...row, people: countOf(database) } : null;
}

/** Begins a full load beside the copy; what a load before left unfinished is to be swept. Answers the load's number. */
function begin(database: Database): number {
  const last = statement<[], { last: number | null }>(database, 'SELECT max(generation) AS last FROM people').get()?.last ?? 0;
  const generation = Math.max(last, currentGeneration(database)) + 1;
  copiesOf(database).staged = new IndexedCopy(generation, true);
  return generation;
}

function stagedCopy(database: Database, load: number): IndexedCopy {
  const { staged } = copiesOf(database);
  if (staged?.generation !== load) throw new Error(`Load ${load} is not the one under way.`);
  return staged;
}

/** Adds a batch to a full load, and answers how many people it has by then. Nobody sees it before `people.commit`. */
function stage(database: Database, input: { load: number; people: readonly SourcePerson[]; readAt: string }): number {
  const staged = stagedCopy(database, input.load);
  addStaged(database, staged, input.people, input.readAt);
  return staged.index.people;
}

/** The loaded people become the copy, all at once. Answers how many they are. An empty load is refused. */
function commit(database: Database, input: { load: number; source: string; cursor: string | null; asOf: string }): number {
  const staged = stagedCopy(database, input.load);
  if (staged.index.people === 0) throw new Error('A load of nobody cannot become the copy.');
  staged.index.freeze();
  statement<[number, string, string | null, string]>(
    database,
    `INSERT INTO directory_copy (one, generation, source, cursor, as_of) VALUES (1, ?, ?, ?, ?)
     ON CONFLICT (one) DO UPDATE SET generation = excluded.generation, source = excluded.source, cursor = excluded.cursor,
       as_of = excluded.as_of`,
  ).run(input.load, input.source, input.cursor, input.asOf);
  const copies = copiesOf(database);
  copies.publish(staged);
  // The page cache is full of what was written; a search reads other pages.
  database.pragma('shrink_memory');
  return staged.index.people;
}

/** Gives up the load under way; its rows are to be swept. */
function abandon(database: Database): null {
  copiesOf(database).staged = null;
  return null;
}

/** There is no copy any more, and nothing is known of anybody's calendar; the rows are to be swept. A load under way goes on. */
function empty(database: Database): null {
  database
    .transaction(() => {
      database.exec('DELETE FROM directory_copy; DELETE FROM calendar_times; DELETE FROM calendars;');
    })
    .immediate();
  copiesOf(database).live = new IndexedCopy(0, true);
  return null;
}

/** Deletes up to `rows` rows that belong neither to the copy nor to the load under way; answers how many. */
function sweep(database: Database, input: { rows: number }): number {
  const current = currentGeneration(database);
  const staged = copiesOf(database).staged?.generation ?? current;
  return statement<[number, number, number, number]>(
    database,
    `DELETE FROM people WHERE row_id IN (
       SELECT row_id FROM people WHERE generation < ?
       UNION ALL SELECT row_id FROM people WHERE generation > ? AND generation <> ? LIMIT ?)`,
  ).run(current, current, staged, input.rows).changes;
}

/** Brings the copy up to date with some changes; `cursor` moves on with the last of them only. Answers how many people there are. */
function apply(
  database: Database,
  input: {
    upserts: readonly SourcePerson[];
    removals: readonly string[];
    readAt: string;
    done: { cursor: string | null; asOf: string } | null;
  },
): null {
  const { live } = copiesOf(database);
  const { done } = input;
  if (done === null) withoutWaiting(database, () => write(database, live, input));
  else {
    write(database, live, input, () => {
      statement<[string | null, string]>(database, 'UPDATE directory_copy SET cursor = ?, as_of = ?').run(
        done.cursor,
        done.asOf,
      );
    });
  }
  return null;
}

/** Who of the copy is not among `ids`: the source no longer has them. */
function missing(database: Database, input: { ids: readonly string[] }): { people: number; missing: string[] } {
  const known = new Set(input.ids);
  const all = statement<[number], { id: string }>(database, 'SELECT id FROM people WHERE generation = ?').all(
    currentGeneration(database),
  );
  return { people: all.length, missing: all.filter(({ id }) => !known.has(id)).map(({ id }) => id) };
}

/** Reads up to `rows` more people into the index; true when all are in it. */
function warm(database: Database, input: { rows: number }): boolean {
  return copiesOf(database).live.build(database, input.rows);
}

/** What else typed words mean, in this copy and those to come. */
function synonyms(database: Database, input: { groups: readonly SynonymGroup[] }): null {
  copiesOf(database).useSynonyms(new Synonyms(input.groups));
  return null;
}

/** The best hits for what was typed. `now` (ISO 8601) decides who is absent; `line`: the name of the one that the caller dialled. */
function search(
  database: Database,
  input: { query: string; limit: number; now: string; line?: string | null },
): { hits: SearchHit[]; total: number } {
  const { live } = copiesOf(database);
  while (!live.complete) live.build(database, 10_000);
  const found = live.index.search(input.query, input.limit, Date.parse(input.now), input.line ?? null);
  const hits: SearchHit[] = [];
  for (const ordinal of found.ordinals) {
    const person = personByRow(database, live.rowId(ordinal), input.now);
    if (person) hits.push({ person, matches: matchesOf(person, found.words) });
  }
  return { hits, total: found.total };
}

function get(database: Database, input: { id: string; now: string }): Person | null {
  return personById(database, currentGeneration(database), input.id, input.now);
}

export const peopleQueries = {
  'people.copy': (database: Database, _input: null) => copy(database),
  'people.begin': (database: Database, _input: null) => begin(database),
  'people.stage': stage,
  'people.commit': commit,
  'people.abandon': (database: Database, _input: null) => abandon(database),
  'people.empty': (database: Database, _input: null) => empty(database),
  'people.sweep': sweep,
  'people.apply': apply,
  'people.missing': missing,
  'people.warm': warm,
  'people.synonyms': synonyms,
  'people.search': search,
  'people.get': get,
} as const;
