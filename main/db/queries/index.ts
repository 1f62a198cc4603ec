/**
 * Every statement that the services may run, by name: the worker serves this table, the client types itself by it. One file a
 * feature; a query is a function of the open database and its input, and a query that writes is one transaction.
 */
import type { Database } from 'better-sqlite3';

export type Query<I, O> = (database: Database, input: I) => O;

// Each feature's file is spread into this table: ...peopleQueries, ...caseQueries, …
export const queries = {} as const;

export type Queries = typeof queries;
export type QueryName = keyof Queries;
export type QueryInput<N extends QueryName> = Queries[N] extends Query<infer I, unknown> ? I : never;
export type QueryOutput<N extends QueryName> = Queries[N] extends (database: Database, input: never) => infer O ? O : never;
