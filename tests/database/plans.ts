/** What SQLite would do for a statement: hot ones must find their rows by an index. */
import Sqlite, { type Database } from 'better-sqlite3';
import { attachOutboxExport } from '../../main/db/outbox-export.ts';
import { grow } from './samples.ts';

export interface Recorder {
  readonly database: Database;
  /** The statements that `action` ran, values filled in. */
  readonly during: (action: (database: Database) => void) => string[];
}

/** A database of the newest schema, in memory, with the rows that every older program wrote, that tells which statements a query runs. */
export function recorder(): Recorder {
  let statements: string[] = [];
  const database = new Sqlite(':memory:', { verbose: (text) => statements.push(String(text)) });
  grow(database);
  attachOutboxExport(database, { entries: () => [], put() {}, remove() {}, replace() {}, unreadable: 0, close() {} });
  return {
    database,
    during(action) {
      statements = [];
      action(database);
      return statements;
    },
  };
}

const noPlan = /^\s*(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|PRAGMA)/i;

/** Indexes that hold only what is wanted of their table: to walk one of them is to find the rows. */
function partialIndexes(database: Database): string[] {
  return database
    .prepare<[], { name: string }>("SELECT name FROM sqlite_schema WHERE type = 'index' AND sql LIKE '% WHERE %'")
    .all()
    .map(({ name }) => name);
}

/**
 * The steps of the plan that walk a whole table or index: none is what a hot statement should answer. `small`: tables, by the
 * name that the statement gives them, that have a row or two whatever happens.
 */
export function fullScans(database: Database, statement: string, small: readonly string[] = []): string[] {
  if (noPlan.test(statement)) return [];
  const tables = database.prepare<[], { name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
  const named = new Set(tables.map(({ name }) => name));
  const aliases = [...statement.matchAll(/\b(?:FROM|JOIN|,)\s+(\w+)\s+(?:AS\s+)?(\w+)/gi)].filter((match) =>
    named.has(match[1] ?? ''),
  );
  const ours = new Set([...named, ...aliases.map((match) => match[2] ?? '')]);
  const partial = partialIndexes(database);
  const steps = database.prepare<[], { detail: string }>(`EXPLAIN QUERY PLAN ${statement}`).all();
  // The first rows in an index's own order, and no sorting: such a walk ends at its limit.
  const ends =
    /\bORDER BY\b.+\bLIMIT [\d.]+\s*$/is.test(statement) && !steps.some(({ detail }) => detail.includes('TEMP B-TREE'));
  return steps
    .map(({ detail }) => detail)
    .filter((detail) => {
      const [, table = '', index] = /^SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?/.exec(detail) ?? [];
      // A subquery's result, a list that was passed in: their own steps are judged by themselves.
      if (!ours.has(table) || small.includes(table)) return false;
      return index === undefined || !(ends || partial.includes(index));
    });
}
