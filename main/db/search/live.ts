/** The index of the copy that is searched, and of the copy that is being loaded, beside their database. */
import type { Database } from 'better-sqlite3';
import { statement } from '../statement.ts';
import { PeopleIndex } from './people-index.ts';
import { Synonyms } from './synonyms.ts';
import type { Indexed } from './terms.ts';

/** A row of people, as far as the index needs it. */
export interface IndexedRow {
  readonly row_id: number;
  readonly id: string;
  readonly name: string;
  readonly nicknames: string;
  readonly title: string;
  readonly unit: string;
  readonly agency: string;
  readonly keywords: string;
  readonly workplace: string;
  readonly email: string | null;
  readonly numbers: string;
  readonly absent: number;
  readonly absent_until: string | null;
  /** By the calendar, as of the last turn of the clock; null: nobody has read it. */
  readonly calendar_absent: number | null;
  readonly calendar_until: string | null;
  /** By this agent, and by the others as far as they tell. */
  readonly transfers: number;
  readonly transfers_by_others: number;
}

const indexedColumns = `p.row_id, p.id, p.name, p.nicknames, p.title, p.unit, p.agency, p.keywords, p.workplace, p.email, p.numbers, p.absent,
  p.absent_until, c.absent AS calendar_absent, c.absent_until AS calendar_until, coalesce(t.count, 0) AS transfers,
  coalesce(a.count, 0) AS transfers_by_others`;
const indexedFrom = `people p LEFT JOIN transfers t ON t.person_id = p.id LEFT JOIN transfers_by_all a ON a.person_id = p.id
  LEFT JOIN calendars c ON c.person_id = p.id`;

/** How much somebody is turned to. The many others count by their root: they would drown what this agent does. */
export function turnedTo(row: Pick<IndexedRow, 'transfers' | 'transfers_by_others'>): number {
  return row.transfers + Math.sqrt(row.transfers_by_others);
}

/** Absent as long as either the directory or the calendar says so. */
export function absenceOf(row: Pick<IndexedRow, 'absent' | 'absent_until' | 'calendar_absent' | 'calendar_until'>): {
  absent: boolean;
  absentUntil: number | null;
} {
  const ends = [...(row.absent === 0 ? [] : [row.absent_until]), ...(row.calendar_absent ? [row.calendar_until] : [])];
  const known = ends.filter((end) => end !== null).map((end) => Date.parse(end));
  return { absent: ends.length > 0, absentUntil: known.length > 0 && known.length === ends.length ? Math.max(...known) : null };
}

/** What the index holds of a row. */
export function indexedOf(row: IndexedRow): Indexed {
  return {
    id: row.id,
    name: row.name,
    nicknames: JSON.parse(row.nicknames) as string[],
    title: row.title,
    unit: row.unit,
    agency: row.agency,
    keywords: JSON.parse(row.keywords) as string[],
    workplace: row.workplace,
    email: row.email,
    numbers: (JSON.parse(row.numbers) as { value: string }[]).map((number) => number.value),
    ...absenceOf(row),
    transfers: turnedTo(row),
  };
}

/** One generation of people with its index; ordinals are row ids, counted from the generation's first. */
export class IndexedCopy {
  readonly generation: number;
  readonly index = new PeopleIndex();
  /** True once every row is in the index. */
  complete: boolean;
  #base: number | null = null;
  #reached = 0;

  constructor(generation: number, complete: boolean) {
    this.generation = generation;
    this.complete = complete;
  }

  ordinal(rowId: number): number {
    this.#base ??= rowId;
    return rowId - this.#base;
  }

  rowId(ordinal: number): number {
    return ordinal + (this.#base ?? 0);
  }

  /** Brings the index in line with a row that was written: `before` is what the row was, null when it is new. */
  replace(before: Indexed | null, after: Indexed | null, rowId: number): void {
    if (!this.complete && rowId > this.#reached) return; // the build will come to it
    const ordinal = this.ordinal(rowId);
    if (before && after) this.index.change(ordinal, before, after);
    else if (before) this.index.remove(ordinal, before);
    else if (after) this.index.add(ordinal, after);
  }

  rerank(rowId: number, person: Indexed): void {
    if (this.complete || rowId <= this.#reached) this.index.rerank(this.ordinal(rowId), person);
  }

  /** Reads up to `rows` more rows into the index; true when it is complete. */
  build(database: Database, rows: number): boolean {
    if (this.complete) return true;
    // `+`: by row, not by the generation's index, which would have to be sorted at every step.
    const found = statement<[number, number, number], IndexedRow>(
      database,
      `SELECT ${indexedColumns} FROM ${indexedFrom}
       WHERE p.row_id > ? AND +p.generation = ? ORDER BY p.row_id LIMIT ?`,
    ).all(this.#reached, this.generation, rows);
    for (const row of found) {
      this.index.add(this.ordinal(row.row_id), indexedOf(row));
      this.#reached = row.row_id;
    }
    if (found.length < rows) {
      this.complete = true;
      this.index.freeze();
    }
    return this.complete;
  }
}

class Copies {
  live: IndexedCopy;
  staged: IndexedCopy | null = null;
  #synonyms = Synonyms.none;

  constructor(live: IndexedCopy) {
    this.live = live;
  }

  /** What was staged is searched from now on. */
  publish(staged: IndexedCopy): void {
    staged.index.useSynonyms(this.#synonyms);
    this.live = staged;
    this.staged = null;
  }

  useSynonyms(synonyms: Synonyms): void {
    this.#synonyms = synonyms;
    this.live.index.useSynonyms(synonyms);
  }
}

const copies = new WeakMap<Database, Copies>();

/** The generation that is searched; 0: there is none yet. */
export function currentGeneration(database: Database): number {
  const row = statement<[], { generation: number }>(database, 'SELECT generation FROM directory_copy').get();
  return row?.generation ?? 0;
}

/** The indexes of this database; the live one may still have to be built. */
export function copiesOf(database: Database): Copies {
  let known = copies.get(database);
  if (!known) {
    known = new Copies(new IndexedCopy(currentGeneration(database), false));
    copies.set(database, known);
  }
  return known;
}

/** The row of a person in one generation, as the index sees it. */
export function indexedRow(database: Database, generation: number, id: string): IndexedRow | undefined {
  return statement<[number, string], IndexedRow>(
    database,
    `SELECT ${indexedColumns} FROM ${indexedFrom} WHERE p.generation = ? AND p.id = ?`,
  ).get(generation, id);
}
