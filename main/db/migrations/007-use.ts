import type { Migration } from './index.ts';

/** Whom this agent and the others turn to: favourites, whom callers were passed on to, and how often everybody is passed calls. */
export const use: Migration = {
  id: 7,
  name: 'use',
  up(database) {
    database.exec(`
      CREATE INDEX transfers_last ON transfers (last_at);

      CREATE TABLE favourites (
        person_id TEXT PRIMARY KEY,
        since TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;

      -- Whom a caller was passed on to, and when last. number: E.164, or the bare digits of what has none.
      CREATE TABLE spoken_to (
        number TEXT NOT NULL,
        person_id TEXT NOT NULL,
        line TEXT,
        last_at TEXT NOT NULL,
        PRIMARY KEY (number, person_id)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX spoken_to_last ON spoken_to (last_at);

      -- How often the other agents together passed calls on to somebody, as far as they tell.
      CREATE TABLE transfers_by_all (
        person_id TEXT PRIMARY KEY,
        count INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
    `);
  },
};
