import type { Database, Statement } from 'better-sqlite3';

const caches = new WeakMap<Database, Map<string, Statement>>();

/** The prepared statement of `sql`, prepared once a database. Row types are the caller's claim about its own SELECT. */
export function statement<P extends unknown[], R = unknown>(database: Database, sql: string): Statement<P, R> {
  let cache = caches.get(database);
  if (!cache) caches.set(database, (cache = new Map()));
  let prepared = cache.get(sql);
  if (!prepared) cache.set(sql, (prepared = database.prepare(sql)));
  return prepared as unknown as Statement<P, R>;
}
