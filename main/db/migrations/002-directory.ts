import type { Migration } from './index.ts';

/**
 * The local copy of the directory. A full load is written beside the old one under the next generation, and becomes the copy by
 * changing one row of directory_copy: however a load dies, the old copy is whole.
 */
export const directory: Migration = {
  id: 2,
  name: 'directory',
  up(database) {
    database.exec(`
      CREATE TABLE people (
        row_id INTEGER PRIMARY KEY,
        generation INTEGER NOT NULL,
        -- The source's own lasting key (entryUUID).
        id TEXT NOT NULL,
        -- What others refer to the person by (a DN in one spelling); NULL where the source has nothing of the kind.
        reference TEXT,
        name TEXT NOT NULL,
        given_name TEXT NOT NULL,
        family_name TEXT NOT NULL,
        title TEXT NOT NULL,
        unit TEXT NOT NULL,
        agency TEXT NOT NULL,
        keywords TEXT NOT NULL,
        workplace TEXT NOT NULL,
        email TEXT,
        numbers TEXT NOT NULL,
        deputy_reference TEXT,
        deputy_name TEXT,
        deputy_number TEXT,
        absent INTEGER NOT NULL,
        -- Never the cause: it can be health data.
        absent_until TEXT,
        read_at TEXT NOT NULL,
        UNIQUE (generation, id)
      ) STRICT;
      CREATE INDEX people_reference ON people (generation, reference);

      CREATE TABLE directory_copy (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        generation INTEGER NOT NULL,
        -- Which source the copy is of; another one needs a full load.
        source TEXT NOT NULL,
        -- Where the next delta begins, in the source's own terms.
        cursor TEXT,
        as_of TEXT
      ) STRICT;

      -- Apart from people, so that it outlives a full load.
      CREATE TABLE transfers (
        person_id TEXT PRIMARY KEY,
        count INTEGER NOT NULL,
        last_at TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;
    `);
  },
};
