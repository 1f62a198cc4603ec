import type { Migration } from './index.ts';

/** What is not about people, cases or notes: small facts by key, the agent's call list, and drafts that survive a crash. */
export const foundation: Migration = {
  id: 1,
  name: 'foundation',
  up(database) {
    database.exec(`
      CREATE TABLE meta (
        key TEXT PRIMARY KEY,
        value TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;

      -- Instants are ISO 8601 in UTC, so that they sort as text.
      CREATE TABLE call_log (
        id TEXT PRIMARY KEY,
        direction TEXT NOT NULL CHECK (direction IN ('incoming', 'outgoing')),
        number TEXT,
        name TEXT,
        line TEXT,
        started_at TEXT NOT NULL,
        answered_at TEXT,
        ended_at TEXT NOT NULL,
        outcome TEXT NOT NULL CHECK (outcome IN ('answered', 'missed', 'rejected', 'transferred', 'failed')),
        transferred_to TEXT,
        wrap_up_seconds REAL
      ) STRICT;
      CREATE INDEX call_log_started ON call_log (started_at);

      -- One a call. target and tags are JSON of the contract's shapes.
      CREATE TABLE drafts (
        call_id TEXT PRIMARY KEY,
        target TEXT,
        text TEXT NOT NULL,
        tags TEXT NOT NULL,
        updated_at TEXT NOT NULL
      ) STRICT;
      CREATE INDEX drafts_updated ON drafts (updated_at);
    `);
  },
};
