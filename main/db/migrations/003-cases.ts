import type { Migration } from './index.ts';

/** What the CRM last said about contacts and cases. All of it can be read again, so it is also what retention deletes. */
export const cases: Migration = {
  id: 3,
  name: 'cases',
  up(database) {
    database.exec(`
      CREATE TABLE contacts (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        email TEXT,
        address TEXT,
        -- When the CRM last confirmed it, and when an agent last had it on screen.
        as_of TEXT NOT NULL,
        opened_at TEXT NOT NULL
      ) STRICT;
      CREATE INDEX contacts_opened ON contacts (opened_at);

      -- number: E.164, or the bare digits of what has none. tail: the last 8 digits, for when only one side has a country code.
      CREATE TABLE contact_numbers (
        contact_id TEXT NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
        number TEXT NOT NULL,
        tail TEXT NOT NULL,
        position INTEGER NOT NULL,
        PRIMARY KEY (contact_id, number)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX contact_numbers_number ON contact_numbers (number);
      CREATE INDEX contact_numbers_tail ON contact_numbers (tail);

      -- rank: 0 open, 1 waiting, 2 closed, so that the order on screen is the order of the index.
      CREATE TABLE cases (
        id TEXT PRIMARY KEY,
        contact_id TEXT,
        subject TEXT NOT NULL,
        rank INTEGER NOT NULL CHECK (rank IN (0, 1, 2)),
        queue TEXT NOT NULL,
        owner TEXT,
        tags TEXT NOT NULL,
        created_at TEXT NOT NULL,
        updated_at TEXT NOT NULL,
        mine INTEGER NOT NULL DEFAULT 0,
        opened_at TEXT NOT NULL
      ) STRICT;
      CREATE INDEX cases_of_contact ON cases (contact_id, rank, updated_at DESC);
      CREATE INDEX cases_mine ON cases (rank, updated_at DESC) WHERE mine = 1;
      CREATE INDEX cases_opened ON cases (opened_at);

      -- When the CRM last answered who has a number, also when it answered nobody.
      CREATE TABLE number_lookups (
        number TEXT PRIMARY KEY,
        as_of TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX number_lookups_as_of ON number_lookups (as_of);
    `);
  },
};
