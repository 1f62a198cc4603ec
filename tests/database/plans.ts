/** What SQLite would do for a statement: hot ones must find their rows by an index. */
import Sqlite, { type Database } from 'better-sqlite3';
import { migrate } from '../../main/db/migrations/index.ts';
import { attachOutboxExport } from '../../main/db/outbox-export.ts';

export interface Recorder {
  readonly database: Database;
  /** The statements that `action` ran, values filled in. */
  during(action: (database: Database) => void): string[];
}

/** An empty database of the newest schema, in memory, that tells which statements a query runs. */
export function recorder(): Recorder {
  let statements: string[] = [];
  const database = new Sqlite(':memory:', { verbose: (text) => statements.push(String(text)) });
  migrate(database);
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

/** The steps of the plan that walk a whole table or index, or sort: empty is what a hot statement should answer. */
export function fullScans(database: Database, statement: string): string[] {
  if (/^\s*(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|PRAGMA)/i.test(statement)) return [];
  const steps = database.prepare<[], { detail: string }>(`EXPLAIN QUERY PLAN ${statement}`).all();
  // "SCAN CONSTANT ROW" is no table; a json_each() is a list that was passed in; a subquery's own steps are judged by themselves.
  return steps
    .map(({ detail }) => detail)
    .filter((detail) => /^SCAN (?!CONSTANT ROW|json_each|\(subquery|\d+ CONSTANT)/.test(detail));
}
