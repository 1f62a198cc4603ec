import type { Migration } from './index.ts';

/**
 * What else an operator decides by: names of use, the manager, a number to try instead, opening hours, a word to the switchboard.
 * A copy from before lacks them until it is loaded again, which the sources' identities see to: what they read is part of those.
 */
export const personFacts: Migration = {
  id: 5,
  name: 'person-facts',
  up(database) {
    database.exec(`
      ALTER TABLE people ADD COLUMN nicknames TEXT NOT NULL DEFAULT '[]';
      ALTER TABLE people ADD COLUMN alternative_number TEXT;
      ALTER TABLE people ADD COLUMN manager_reference TEXT;
      ALTER TABLE people ADD COLUMN manager_name TEXT;
      ALTER TABLE people ADD COLUMN manager_number TEXT;
      ALTER TABLE people ADD COLUMN opening_hours TEXT;
      ALTER TABLE people ADD COLUMN switchboard_note TEXT;
      -- Never more than a kind: the cause can be health data.
      ALTER TABLE people ADD COLUMN absent_kind TEXT NOT NULL DEFAULT 'away';
    `);
  },
};
