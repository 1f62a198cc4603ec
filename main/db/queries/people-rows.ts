/** Rows of the table people: written from what a source says, read as the contract's person. */
import type { Database } from 'better-sqlite3';
import type { AbsenceKind, Colleague, Person, PhoneNumber } from '#contract';
import { absenceOf, indexedOf, indexedRow, turnedTo, type IndexedCopy, type IndexedRow } from '../search/live.ts';
import type { Indexed } from '../search/index.ts';
import { statement } from '../statement.ts';
import { aroundColumns, aroundJoins, withAround, type AroundRow } from './person-around.ts';

/** Another person whom the source names: somebody of the directory by reference, or else a name and a number. */
export interface SourceColleague {
  readonly reference: string | null;
  /** Shown where the reference leads to nobody; null: then there is nobody. */
  readonly name: string | null;
  readonly number: string | null;
}

/** A person as a source tells it. */
export interface SourcePerson {
  /** The source's own lasting key. */
  readonly id: string;
  /** What deputies refer to the person by, in one spelling. */
  readonly reference: string | null;
  readonly name: string;
  readonly givenName: string;
  readonly familyName: string;
  readonly title: string;
  readonly unit: string;
  readonly agency: string;
  readonly keywords: readonly string[];
  readonly workplace: string;
  readonly email: string | null;
  readonly numbers: readonly PhoneNumber[];
  readonly nicknames: readonly string[];
  readonly deputy: SourceColleague | null;
  /** As numbers are: E.164, or bare digits. */
  readonly alternativeNumber: string | null;
  readonly manager: SourceColleague | null;
  readonly openingHours: string | null;
  readonly switchboardNote: string | null;
  /** A cause that can be health data is left where it was read. `until`: ISO 8601, null: not known. */
  readonly absence: { readonly kind: AbsenceKind; readonly until: string | null } | null;
}

interface PersonRow extends AroundRow {
  row_id: number;
  id: string;
  name: string;
  given_name: string;
  family_name: string;
  title: string;
  unit: string;
  agency: string;
  keywords: string;
  workplace: string;
  email: string | null;
  numbers: string;
  deputy_name: string | null;
  deputy_number: string | null;
  absent: number;
  absent_until: string | null;
  absent_kind: AbsenceKind;
  nicknames: string;
  alternative_number: string | null;
  manager_name: string | null;
  manager_number: string | null;
  opening_hours: string | null;
  switchboard_note: string | null;
  read_at: string;
  deputy_id: string | null;
  deputy_known_name: string | null;
  deputy_numbers: string | null;
  manager_id: string | null;
  manager_known_name: string | null;
  manager_numbers: string | null;
}

const personSelect = `SELECT p.*, d.id AS deputy_id, d.name AS deputy_known_name, d.numbers AS deputy_numbers,
    m.id AS manager_id, m.name AS manager_known_name, m.numbers AS manager_numbers, ${aroundColumns}
  FROM people p ${aroundJoins} LEFT JOIN people d ON d.generation = p.generation AND d.reference = p.deputy_reference
    LEFT JOIN people m ON m.generation = p.generation AND m.reference = p.manager_reference`;

/** Whom a reference leads to; where it leads to nobody, what the source says in plain writing. */
function colleagueOf(
  known: { readonly id: string | null; readonly name: string | null; readonly numbers: string | null },
  said: { readonly name: string | null; readonly number: string | null },
): Colleague | null {
  if (known.id !== null && known.name !== null) {
    const numbers = JSON.parse(known.numbers ?? '[]') as PhoneNumber[];
    return { name: known.name, number: numbers[0]?.value ?? said.number, personId: known.id };
  }
  return said.name === null ? null : { name: said.name, number: said.number, personId: null };
}

function personOf(database: Database, row: PersonRow, now: string): Person {
  const absent = row.absent !== 0 && (row.absent_until === null || row.absent_until > now);
  const person = {
    id: row.id,
    name: row.name,
    givenName: row.given_name,
    familyName: row.family_name,
    title: row.title,
    unit: row.unit,
    agency: row.agency,
    keywords: JSON.parse(row.keywords) as string[],
    workplace: row.workplace,
    email: row.email,
    numbers: JSON.parse(row.numbers) as PhoneNumber[],
    nicknames: JSON.parse(row.nicknames) as string[],
    deputy: colleagueOf(
      { id: row.deputy_id, name: row.deputy_known_name, numbers: row.deputy_numbers },
      { name: row.deputy_name, number: row.deputy_number },
    ),
    alternativeNumber: row.alternative_number,
    manager: colleagueOf(
      { id: row.manager_id, name: row.manager_known_name, numbers: row.manager_numbers },
      { name: row.manager_name, number: row.manager_number },
    ),
    openingHours: row.opening_hours,
    switchboardNote: row.switchboard_note,
    absence: absent
      ? { kind: row.absent_kind, until: row.absent_until, source: 'directory' as const, readAt: row.read_at }
      : null,
    availability: absent ? ('absent' as const) : ('unknown' as const),
    readAt: row.read_at,
  };
  return withAround(database, person, row, now);
}

/** The person of a row; `now` decides who is absent. */
export function personByRow(database: Database, rowId: number, now: string): Person | null {
  const row = statement<[number], PersonRow>(database, `${personSelect} WHERE p.row_id = ? LIMIT 1`).get(rowId);
  return row ? personOf(database, row, now) : null;
}

/** The person of a source's key. */
export function personById(database: Database, generation: number, id: string, now: string): Person | null {
  const row = statement<[number, string], PersonRow>(
    database,
    `${personSelect} WHERE p.generation = ? AND p.id = ? LIMIT 1`,
  ).get(generation, id);
  return row ? personOf(database, row, now) : null;
}

const columns = [
  'generation',
  'id',
  'reference',
  'name',
  'given_name',
  'family_name',
  'title',
  'unit',
  'agency',
  'keywords',
  'workplace',
  'email',
  'numbers',
  'deputy_reference',
  'deputy_name',
  'deputy_number',
  'absent',
  'absent_until',
  'absent_kind',
  'nicknames',
  'alternative_number',
  'manager_reference',
  'manager_name',
  'manager_number',
  'opening_hours',
  'switchboard_note',
  'read_at',
];
const insertSql = `INSERT INTO people (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})
  ON CONFLICT (generation, id) DO`;
const addSql = `${insertSql} NOTHING`;
const upsertSql = `${insertSql} UPDATE SET ${columns
  .slice(2)
  .map((column) => `${column} = excluded.${column}`)
  .join(', ')}
  RETURNING row_id`;

const listText = (list: readonly unknown[]) => (list.length === 0 ? '[]' : JSON.stringify(list));

/** What a row holds, in the order of `columns`. */
function valuesOf(generation: number, person: SourcePerson, readAt: string): unknown[] {
  return [
    generation,
    person.id,
    person.reference,
    person.name,
    person.givenName,
    person.familyName,
    person.title,
    person.unit,
    person.agency,
    listText(person.keywords),
    person.workplace,
    person.email,
    listText(person.numbers),
    person.deputy?.reference ?? null,
    person.deputy?.name ?? null,
    person.deputy?.number ?? null,
    person.absence ? 1 : 0,
    person.absence?.until ?? null,
    person.absence?.kind ?? 'away',
    listText(person.nicknames),
    person.alternativeNumber,
    person.manager?.reference ?? null,
    person.manager?.name ?? null,
    person.manager?.number ?? null,
    person.openingHours,
    person.switchboardNote,
    readAt,
  ];
}

interface CalendarAbsence {
  absent: number;
  absent_until: string | null;
}

type Use = Pick<IndexedRow, 'transfers' | 'transfers_by_others'>;

interface Changes {
  readonly upserts: readonly SourcePerson[];
  readonly removals: readonly string[];
  readonly readAt: string;
}

function indexedFrom(person: SourcePerson, { use, calendars }: ReturnType<typeof besideIn>): Indexed {
  const calendar = calendars.get(person.id);
  const used = use.get(person.id);
  return {
    ...person,
    numbers: person.numbers.map((number) => number.value),
    ...absenceOf({
      absent: person.absence ? 1 : 0,
      absent_until: person.absence?.until ?? null,
      calendar_absent: calendar?.absent ?? null,
      calendar_until: calendar?.absent_until ?? null,
    }),
    transfers: used ? turnedTo(used) : 0,
  };
}

/** What is known of these people beside what their source tells. */
function besideIn(
  database: Database,
  people: readonly SourcePerson[],
): { use: Map<string, Use>; calendars: Map<string, CalendarAbsence> } {
  const ids = JSON.stringify(people.map(({ id }) => id));
  const use = statement<[string], Use & { person_id: string }>(
    database,
    `SELECT value AS person_id, coalesce(t.count, 0) AS transfers, coalesce(a.count, 0) AS transfers_by_others
     FROM json_each(?) LEFT JOIN transfers t ON t.person_id = value LEFT JOIN transfers_by_all a ON a.person_id = value
     WHERE t.count > 0 OR a.count > 0`,
  ).all(ids);
  const calendars = statement<[string], CalendarAbsence & { person_id: string }>(
    database,
    'SELECT person_id, absent, absent_until FROM calendars WHERE person_id IN (SELECT value FROM json_each(?))',
  ).all(ids);
  return {
    use: new Map(use.map((row) => [row.person_id, row])),
    calendars: new Map(calendars.map((row) => [row.person_id, row])),
  };
}

/**
 * Writes without waiting for the disk: what a power cut takes of a load or a delta is read again, because the word that it is done, which
 * does wait, comes after it and takes it along. A kill takes nothing.
 */
export function withoutWaiting(database: Database, work: () => void): void {
  database.pragma('synchronous = NORMAL');
  try {
    work();
  } finally {
    database.pragma('synchronous = FULL');
  }
}

/**
 * Adds people to a generation that nobody searches yet: one transaction, which is durable with `people.commit`. Whoever is in it already
 * is written anew.
 */
export function addStaged(database: Database, copy: IndexedCopy, people: readonly SourcePerson[], readAt: string): void {
  const { generation } = copy;
  const add = statement<unknown[]>(database, addSql);
  const beside = besideIn(database, people);
  const added: { person: SourcePerson; rowId: number }[] = [];
  const again: SourcePerson[] = [];
  withoutWaiting(database, () =>
    database
      .transaction(() => {
        for (const person of people) {
          const { changes, lastInsertRowid } = add.run(valuesOf(generation, person, readAt));
          if (changes > 0) added.push({ person, rowId: Number(lastInsertRowid) });
          else again.push(person);
        }
      })
      .immediate(),
  );
  for (const { person, rowId } of added) {
    copy.replace(null, indexedFrom(person, beside), rowId);
  }
  if (again.length > 0) write(database, copy, { upserts: again, removals: [], readAt });
}

/** Writes changes of one generation in one transaction with `also`; its index follows once they are stored. */
export function write(database: Database, copy: IndexedCopy, changes: Changes, also?: () => void): void {
  const { generation } = copy;
  const replaced: { before: Indexed | null; after: Indexed | null; rowId: number }[] = [];
  const upsert = statement<unknown[], { row_id: number }>(database, upsertSql);
  // Somebody named twice: the last word counts.
  const upserts = new Map(changes.upserts.map((person) => [person.id, person]));
  const beside = besideIn(database, changes.upserts);
  database
    .transaction(() => {
      for (const person of upserts.values()) {
        const before = indexedRow(database, generation, person.id);
        const row = upsert.get(valuesOf(generation, person, changes.readAt));
        if (!row) continue;
        const after = indexedFrom(person, beside);
        replaced.push({ before: before ? indexedOf(before) : null, after, rowId: row.row_id });
      }
      for (const id of changes.removals) {
        const before = upserts.has(id) ? undefined : indexedRow(database, generation, id);
        if (!before) continue;
        statement<[number]>(database, 'DELETE FROM people WHERE row_id = ?').run(before.row_id);
        replaced.push({ before: indexedOf(before), after: null, rowId: before.row_id });
      }
      also?.();
    })
    .immediate();
  for (const { before, after, rowId } of replaced) copy.replace(before, after, rowId);
  copy.index.settle();
}
