/**
 * Representative rows for the tables that each migration made, written as a program of that version wrote them: the migration tests
 * carry them through every later step. A released sample never changes; a step that adds tables adds its own here.
 */
import type { Database } from 'better-sqlite3';

export const samples: Readonly<Record<number, (database: Database) => void>> = {
  1(database) {
    database.exec(`
      INSERT INTO meta VALUES ('directory.asOf', '2026-11-22T10:00:00.000Z'), ('tøm', '');
      INSERT INTO call_log VALUES
        ('a', 'incoming', '+4722051014', 'Åse Ødegård', 'Barnehage', '2026-11-22T10:00:00.000Z', '2026-11-22T10:00:05.000Z',
          '2026-11-22T10:03:00.000Z', 'transferred', '5041', 12.5),
        ('b', 'outgoing', NULL, NULL, NULL, '2026-11-22T11:00:00.000Z', NULL, '2026-11-22T11:00:20.000Z', 'failed', NULL, NULL);
      INSERT INTO drafts VALUES
        ('a', '{"kind":"case","caseId":"17"}', 'Søknad om plass', '["barnehage","frist"]', '2026-11-22T10:03:01.000Z'),
        ('b', NULL, '', '[]', '2026-11-22T11:00:21.000Z');
    `);
  },
};
