import type { Database } from 'better-sqlite3';
import { caseItem, type CaseItem, type CaseStatus, type Contact } from '#contract';
import { statement } from '../statement.ts';

const tagList = caseItem.shape.tags;
const ranks = { open: 0, waiting: 1, closed: 2 } as const satisfies Record<CaseStatus, number>;
const statuses: readonly CaseStatus[] = ['open', 'waiting', 'closed'];
/** So many candidates of one number, and so many cases of one contact, are shown at most. */
const mostCandidates = 50;
const mostCases = 200;

interface ContactRow {
  id: string;
  name: string;
  email: string | null;
  address: string | null;
  as_of: string;
}
interface CaseRow {
  id: string;
  contact_id: string | null;
  subject: string;
  rank: 0 | 1 | 2;
  queue: string;
  owner: string | null;
  tags: string;
  created_at: string;
  updated_at: string;
}

/** The statements whose speed a pop and retention depend on; a test holds each to its index. */
export const plans = {
  casesOfContact: 'SELECT * FROM cases WHERE contact_id = ? ORDER BY rank, updated_at DESC LIMIT ?',
  contactsByNumber: `SELECT contacts.id, name, email, address, as_of, min(n.number) AS matched
     FROM (
       SELECT contact_id, number FROM contact_numbers WHERE number = @number
       UNION
       SELECT contact_id, number FROM contact_numbers
       WHERE tail = @tail AND length(@tail) = 8 AND (number NOT LIKE '+%' OR @number NOT LIKE '+%')
     ) AS n JOIN contacts ON contacts.id = n.contact_id
     GROUP BY contacts.id ORDER BY contacts.name, contacts.id LIMIT @most`,
  mine: 'SELECT * FROM cases WHERE mine = 1 AND rank < 2 ORDER BY rank, updated_at DESC LIMIT ?',
  purgeCases: 'DELETE FROM cases WHERE id IN (SELECT id FROM cases WHERE opened_at < ? LIMIT ?)',
  purgeContacts: 'DELETE FROM contacts WHERE id IN (SELECT id FROM contacts WHERE opened_at < ? LIMIT ?)',
  purgeLookups: 'DELETE FROM number_lookups WHERE number IN (SELECT number FROM number_lookups WHERE as_of < ? LIMIT ?)',
} as const;

/** What the cache knows about a number. */
export interface CachedCaller {
  readonly contacts: readonly { readonly contact: Contact; readonly number: string }[];
  /** Open first, then waiting, then closed; the newest of each first. */
  readonly cases: readonly CaseItem[];
  /** When the CRM last confirmed all of it; null: never. */
  readonly asOf: string | null;
}

/** Digits after which numbers are taken as equal when one of them has no country code. */
function tailOf(number: string): string {
  return number.replace(/\D/g, '').slice(-8);
}

function toCase(row: CaseRow): CaseItem {
  return {
    id: row.id,
    contactId: row.contact_id,
    subject: row.subject,
    status: statuses[row.rank] ?? 'open',
    queue: row.queue,
    owner: row.owner,
    tags: tagList.parse(JSON.parse(row.tags)),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function toContact(database: Database, row: ContactRow): Contact {
  const numbers = statement<[string], { number: string }>(
    database,
    'SELECT number FROM contact_numbers WHERE contact_id = ? ORDER BY position',
  ).all(row.id);
  return { id: row.id, name: row.name, numbers: numbers.map(({ number }) => number), email: row.email, address: row.address };
}

function casesOf(database: Database, contactIds: readonly string[]): CaseItem[] {
  const read = statement<[string, number], CaseRow>(database, plans.casesOfContact);
  const rows = contactIds.flatMap((id) => read.all(id, mostCases));
  if (contactIds.length > 1) rows.sort((a, b) => a.rank - b.rank || (a.updated_at < b.updated_at ? 1 : -1));
  return rows.map(toCase);
}

/**
 * Contacts with a number (`E.164`, or bare digits), and their cases. Without a country code on either side, eight equal digits at
 * the end count; with one on both sides, all of it counts.
 */
function byNumber(database: Database, input: { number: string }): CachedCaller {
  const { number } = input;
  const rows = statement<[{ number: string; tail: string; most: number }], ContactRow & { matched: string }>(
    database,
    plans.contactsByNumber,
  ).all({ number, tail: tailOf(number), most: mostCandidates });
  const lookup = statement<[string], { as_of: string }>(database, 'SELECT as_of FROM number_lookups WHERE number = ?').get(
    number,
  );
  const oldest = rows.map((row) => row.as_of).toSorted()[0];
  return {
    contacts: rows.map((row) => ({ contact: toContact(database, row), number: row.matched })),
    cases: casesOf(
      database,
      rows.map((row) => row.id),
    ),
    asOf: oldest ?? lookup?.as_of ?? null,
  };
}

function contactById(database: Database, input: { id: string }): Contact | null {
  const row = statement<[string], ContactRow>(
    database,
    'SELECT id, name, email, address, as_of FROM contacts WHERE id = ?',
  ).get(input.id);
  return row ? toContact(database, row) : null;
}

function mine(database: Database, _input: null): CaseItem[] {
  return statement<[number], CaseRow>(database, plans.mine).all(mostCases).map(toCase);
}

function upsertCase(database: Database, item: CaseItem, now: string, isMine: boolean): void {
  statement<[Record<string, string | number | null>]>(
    database,
    `INSERT INTO cases (id, contact_id, subject, rank, queue, owner, tags, created_at, updated_at, mine, opened_at)
     VALUES (@id, @contactId, @subject, @rank, @queue, @owner, @tags, @createdAt, @updatedAt, @mine, @now)
     ON CONFLICT (id) DO UPDATE SET contact_id = coalesce(excluded.contact_id, contact_id), subject = excluded.subject, rank = excluded.rank,
       queue = excluded.queue, owner = excluded.owner, tags = excluded.tags, created_at = excluded.created_at,
       updated_at = excluded.updated_at, mine = max(mine, excluded.mine), opened_at = excluded.opened_at`,
  ).run({
    id: item.id,
    contactId: item.contactId,
    subject: item.subject,
    rank: ranks[item.status],
    queue: item.queue,
    owner: item.owner,
    tags: JSON.stringify(item.tags),
    createdAt: item.createdAt,
    updatedAt: item.updatedAt,
    mine: isMine ? 1 : 0,
    now,
  });
}

function upsertContact(database: Database, contact: Contact, now: string): void {
  statement<[Record<string, string | null>]>(
    database,
    `INSERT INTO contacts (id, name, email, address, as_of, opened_at) VALUES (@id, @name, @email, @address, @now, @now)
     ON CONFLICT (id) DO UPDATE SET name = excluded.name, email = excluded.email, address = excluded.address,
       as_of = excluded.as_of, opened_at = excluded.opened_at`,
  ).run({ id: contact.id, name: contact.name, email: contact.email, address: contact.address, now });
  statement<[string]>(database, 'DELETE FROM contact_numbers WHERE contact_id = ?').run(contact.id);
  const add = statement<[string, string, string, number]>(
    database,
    'INSERT OR IGNORE INTO contact_numbers (contact_id, number, tail, position) VALUES (?, ?, ?, ?)',
  );
  contact.numbers.forEach((number, position) => add.run(contact.id, number, tailOf(number), position));
}

/** What the CRM answered about a number (or, with `number` null, about contacts): it replaces what was cached about them. */
export interface CallerAnswer {
  readonly number: string | null;
  readonly contacts: readonly Contact[];
  readonly cases: readonly CaseItem[];
  /** When the CRM answered. */
  readonly at: string;
}

function storeCaller(database: Database, input: CallerAnswer): null {
  database
    .transaction(() => {
      const { number, contacts, cases, at } = input;
      if (number !== null) {
        statement<[string, string]>(
          database,
          'INSERT INTO number_lookups (number, as_of) VALUES (?, ?) ON CONFLICT (number) DO UPDATE SET as_of = excluded.as_of',
        ).run(number, at);
        // Whoever had the number and is not in the answer has it no more.
        const named = new Set(contacts.map((contact) => contact.id));
        const unlink = statement<[string, string]>(database, 'DELETE FROM contact_numbers WHERE contact_id = ? AND number = ?');
        for (const known of byNumber(database, { number }).contacts) {
          if (!named.has(known.contact.id)) unlink.run(known.contact.id, known.number);
        }
      }
      const forget = statement<[string, string]>(
        database,
        'DELETE FROM cases WHERE contact_id = ? AND mine = 0 AND id NOT IN (SELECT value FROM json_each(?))',
      );
      const ids = JSON.stringify(cases.map((item) => item.id));
      for (const contact of contacts) {
        upsertContact(database, contact, at);
        forget.run(contact.id, ids);
      }
      for (const item of cases) upsertCase(database, item, at, false);
    })
    .immediate();
  return null;
}

function storeMine(database: Database, input: { cases: readonly CaseItem[]; at: string }): null {
  database
    .transaction(() => {
      statement(database, 'UPDATE cases SET mine = 0 WHERE mine = 1').run();
      for (const item of input.cases) upsertCase(database, item, input.at, true);
    })
    .immediate();
  return null;
}

/** The agent had these on screen: keeps them from retention. */
function touch(database: Database, input: { contactIds: readonly string[]; at: string }): null {
  database
    .transaction(() => {
      const ids = JSON.stringify(input.contactIds);
      for (const sql of [
        'UPDATE contacts SET opened_at = ? WHERE id IN (SELECT value FROM json_each(?))',
        'UPDATE cases SET opened_at = ? WHERE contact_id IN (SELECT value FROM json_each(?))',
      ]) {
        statement<[string, string]>(database, sql).run(input.at, ids);
      }
    })
    .immediate();
  return null;
}

/**
 * Retention: deletes at most `most` each of cases and contacts that nobody has had on screen since `before`, and of answers about
 * numbers older than that. Answers how many rows went: call again until it is 0, so that no single turn holds the database long.
 */
function purge(database: Database, input: { before: string; most: number }): number {
  let gone = 0;
  database
    .transaction(() => {
      for (const sql of [plans.purgeCases, plans.purgeContacts, plans.purgeLookups]) {
        gone += statement<[string, number]>(database, sql).run(input.before, input.most).changes;
      }
    })
    .immediate();
  return gone;
}

export const caseQueries = {
  'cases.byNumber': byNumber,
  'cases.contact': contactById,
  'cases.mine': mine,
  'cases.storeCaller': storeCaller,
  'cases.storeMine': storeMine,
  'cases.touch': touch,
  'cases.purge': purge,
} as const;
