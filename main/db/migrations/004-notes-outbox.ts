import type { Migration } from './index.ts';

/** Finished notes, and what of each has still to be done at the CRM. */
export const notesOutbox: Migration = {
  id: 4,
  name: 'notes-outbox',
  up(database) {
    database.exec(`
      CREATE TABLE notes (
        -- The order of submission: first in, first out.
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        -- The client's own UUID.
        id TEXT NOT NULL UNIQUE,
        call_id TEXT NOT NULL,
        -- JSON of the contract's noteTarget and of its list of tags.
        target TEXT NOT NULL,
        text TEXT NOT NULL,
        tags TEXT NOT NULL,
        created_at TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('pending', 'sent', 'parked')),
        case_id TEXT,
        attempts INTEGER NOT NULL DEFAULT 0,
        fault TEXT,
        sent_at TEXT
      ) STRICT;
      CREATE INDEX notes_call ON notes (call_id);
      CREATE INDEX notes_unsent ON notes (seq) WHERE state <> 'sent';
      CREATE INDEX notes_sent_at ON notes (sent_at) WHERE state = 'sent';

      -- The steps of a note, in order. tried: an attempt may have arrived although no answer was seen.
      CREATE TABLE outbox (
        note_id TEXT NOT NULL REFERENCES notes (id) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        step TEXT NOT NULL CHECK (step IN ('create', 'comment', 'tags')),
        tried INTEGER NOT NULL DEFAULT 0,
        done_at TEXT,
        PRIMARY KEY (note_id, position)
      ) STRICT, WITHOUT ROWID;
    `);
  },
};
