import type { Migration } from './index.ts';

/**
 * When people are taken, as their calendars say. A subject is read and left where it was: what is kept is from when till when,
 * whether calls may still come, and a kind that may be told.
 */
export const calendars: Migration = {
  id: 6,
  name: 'calendars',
  up(database) {
    database.exec(`
      -- Apart from people, so that it outlives a full load of the directory.
      CREATE TABLE calendars (
        person_id TEXT PRIMARY KEY,
        -- Which source it was read from; another one reads everything again.
        source TEXT NOT NULL,
        -- How far it was read, in the source's own terms; NULL: read whole next time.
        cursor TEXT,
        -- 0: the source has no calendar of this person.
        found INTEGER NOT NULL,
        -- The last time that the source answered, and until when events were read.
        read_at TEXT NOT NULL,
        read_until TEXT NOT NULL,
        -- What of it is so just now, for the search index, which does not look at the clock for absences that begin.
        absent INTEGER NOT NULL DEFAULT 0,
        absent_until TEXT
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX calendars_absent ON calendars (absent_until) WHERE absent = 1;

      CREATE TABLE calendar_times (
        person_id TEXT NOT NULL REFERENCES calendars (person_id) ON DELETE CASCADE,
        starts_at TEXT NOT NULL,
        ends_at TEXT NOT NULL,
        -- 1: no calls come through (":"); 0: taken, but calls may come (";").
        closed INTEGER NOT NULL,
        -- Never a cause that can be health data: those are 'away'.
        kind TEXT NOT NULL CHECK (kind IN ('meeting', 'lunch', 'holiday', 'travel', 'away')),
        PRIMARY KEY (person_id, starts_at, ends_at, closed, kind)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX calendar_times_closed ON calendar_times (starts_at) WHERE closed = 1;
    `);
  },
};
