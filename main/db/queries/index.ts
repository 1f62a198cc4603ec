/**
 * Every statement that the services may run, by name: the worker serves this table, the client types itself by it. One file a
 * feature; a query is a function of the open database and its input, and a query that writes is one transaction
 * (`database.transaction(…).immediate()` when it is more than one statement). State beside the database, such as an index in
 * memory, lives in a WeakMap keyed by the database and is built when first asked for.
 */
import type { Database } from 'better-sqlite3';
import { calendarQueries } from './calendars.ts';
import { callLogQueries } from './call-log.ts';
import { caseQueries } from './cases.ts';
import { noteQueries } from './notes.ts';
import { peopleQueries } from './people.ts';
import { useQueries } from './use.ts';

export type Query<I, O> = (database: Database, input: I) => O;

// Each feature's file is spread into this table: ...peopleQueries, ...caseQueries, …
export const queries = {
  ...callLogQueries,
  ...peopleQueries,
  ...calendarQueries,
  ...useQueries,
  ...caseQueries,
  ...noteQueries,
} as const;

export type Queries = typeof queries;
export type QueryName = keyof Queries;
export type QueryInput<N extends QueryName> = Parameters<Queries[N]>[1];
export type QueryOutput<N extends QueryName> = ReturnType<Queries[N]>;
