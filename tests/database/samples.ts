/**
 * Representative rows for the tables that each migration made, written as a program of that version wrote them: the migration tests
 * carry them through every later step. A released sample never changes; a step that adds tables adds its own here.
 */
import type { Database } from 'better-sqlite3';
import { latestVersion, migrate, migrations } from '../../main/db/migrations/index.ts';

const samples: Readonly<Record<number, (database: Database) => void>> = {
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
  2(database) {
    database.exec(`
      INSERT INTO people VALUES
        (1, 1, 'e0c1-01', 'uid=kari,ou=people', 'Kari Ødegård', 'Kari', 'Ødegård', 'Rådgiver', 'Inntak', 'Bydel Frogner',
          '["barnehage","opptak"]', 'Sommerrogata 1', 'kari@example.no', '[{"kind":"landline","value":"+4723420101"}]',
          'uid=ola,ou=people', 'Ola Nordmann', '+4723420102', 1, '2026-11-30T23:00:00.000Z', '2026-11-22T09:00:00.000Z'),
        (2, 1, 'e0c1-02', NULL, 'Ola Nordmann', '', '', '', '', '', '[]', '', NULL, '[]', NULL, NULL, NULL, 0, NULL,
          '2026-11-22T09:00:00.000Z'),
        (3, 2, 'e0c1-01', NULL, 'Kari Ødegård', '', '', '', '', '', '[]', '', NULL, '[]', NULL, NULL, NULL, 0, NULL,
          '2026-11-22T09:30:00.000Z');
      INSERT INTO directory_copy VALUES (1, 1, 'ldap://localhost', 'rid=000,csn=20261122', '2026-11-22T09:00:00.000Z');
      INSERT INTO transfers VALUES ('e0c1-01', 12, '2026-11-22T09:40:00.000Z'), ('gone', 1, '2026-01-01T00:00:00.000Z');
    `);
  },
  3(database) {
    database.exec(`
      INSERT INTO contacts VALUES
        ('44', 'Åse Ødegård', 'ase@example.no', 'Storgata 1', '2026-11-22T10:00:00.000Z', '2026-11-22T10:00:00.000Z'),
        ('45', 'Per Hansen', NULL, NULL, '2026-11-20T10:00:00.000Z', '2026-11-21T10:00:00.000Z');
      INSERT INTO contact_numbers VALUES
        ('44', '+4792211334', '92211334', 0), ('44', '22051014', '22051014', 1), ('45', '+4792211334', '92211334', 0);
      INSERT INTO cases VALUES
        ('17', '44', 'Søknad om plass', 0, 'Barnehage', 'agent1', '["barnehage"]', '2026-11-01T10:00:00.000Z',
          '2026-11-22T10:00:00.000Z', 1, '2026-11-22T10:00:00.000Z'),
        ('18', NULL, 'Uten innringer', 2, 'General', NULL, '[]', '2025-01-01T10:00:00.000Z', '2025-01-02T10:00:00.000Z', 0,
          '2026-11-22T10:00:00.000Z');
      INSERT INTO number_lookups VALUES ('+4792211334', '2026-11-22T10:00:00.000Z'), ('04', '2026-11-22T10:00:00.000Z');
    `);
  },
  4(database) {
    database.exec(`
      INSERT INTO notes VALUES
        (1, '5f0c7a52-5d0e-4a6e-9f5a-000000000001', 'a', '{"kind":"case","caseId":"17"}', 'Ringer igjen', '["frist"]',
          '2026-11-22T10:03:00.000Z', 'sent', '17', 1, NULL, '2026-11-22T10:03:02.000Z'),
        (2, '5f0c7a52-5d0e-4a6e-9f5a-000000000002', 'b',
          '{"kind":"newCase","subject":"Ny sak","contactId":null,"number":"+4792211334"}', 'Ønsker svar', '[]',
          '2026-11-22T11:03:00.000Z', 'pending', NULL, 3, 'unreachable', NULL),
        (7, '5f0c7a52-5d0e-4a6e-9f5a-000000000003', 'c', '{"kind":"case","caseId":"18"}', '', '["a","b"]',
          '2026-11-22T11:05:00.000Z', 'parked', '18', 1, 'Permission denied', NULL);
      INSERT INTO outbox VALUES
        ('5f0c7a52-5d0e-4a6e-9f5a-000000000001', 0, 'comment', 1, '2026-11-22T10:03:02.000Z'),
        ('5f0c7a52-5d0e-4a6e-9f5a-000000000002', 0, 'create', 1, NULL),
        ('5f0c7a52-5d0e-4a6e-9f5a-000000000002', 1, 'comment', 0, NULL),
        ('5f0c7a52-5d0e-4a6e-9f5a-000000000003', 0, 'tags', 1, NULL);
    `);
  },
  5(database) {
    database.exec(`
      UPDATE people SET nicknames = '["Kaja"]', alternative_number = '+4723420109', manager_reference = 'uid=ola,ou=people',
        opening_hours = 'Mo-Fr 08:00-15:30', switchboard_note = 'Ring sekretæren først', absent_kind = 'meeting' WHERE row_id = 1;
    `);
  },
  6(database) {
    database.exec(`
      INSERT INTO calendars VALUES
        ('e0c1-01', 'caldav 1', '{"at":"/kari/"}', 1, '2026-11-22T09:55:00.000Z', '2026-12-06T09:55:00.000Z', 1, '2026-11-22T12:30:00.000Z'),
        ('e0c1-02', 'caldav 1', NULL, 0, '2026-11-22T09:55:00.000Z', '2026-12-06T09:55:00.000Z', 0, NULL);
      INSERT INTO calendar_times VALUES
        ('e0c1-01', '2026-11-22T09:00:00.000Z', '2026-11-22T12:30:00.000Z', 1, 'meeting'),
        ('e0c1-01', '2026-11-23T08:00:00.000Z', '2026-11-23T09:00:00.000Z', 0, 'away');
    `);
  },
  7(database) {
    database.exec(`
      INSERT INTO favourites VALUES ('e0c1-01', '2026-11-20T10:00:00.000Z'), ('gone', '2025-11-20T10:00:00.000Z');
      INSERT INTO spoken_to VALUES
        ('+4792211334', 'e0c1-01', 'Barnehage', '2026-11-21T10:00:00.000Z'), ('04', 'e0c1-02', NULL, '2026-11-01T10:00:00.000Z');
      INSERT INTO transfers_by_all VALUES ('e0c1-01', 140), ('gone', 2);
    `);
  },
};

/** Takes an empty database through the versions up to `version`, each with the rows that its programs wrote. */
export function grow(database: Database, version: number = latestVersion()): void {
  for (const step of migrations.slice(0, version)) {
    migrate(database, step.id);
    samples[step.id]?.(database);
  }
}
