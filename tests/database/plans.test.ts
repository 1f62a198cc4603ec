import type { Database } from 'better-sqlite3';
import { expect, test } from 'vitest';
import { queries, type QueryInput, type QueryName } from '../../main/db/queries/index.ts';
import { fullScans, recorder } from './plans.ts';
import { callNumber } from './support.ts';

const at = '2026-11-22T12:00:00.000Z';
const noteId = '5f0c7a52-5d0e-4a6e-9f5a-000000000002';
const note = {
  id: '5f0c7a52-5d0e-4a6e-9f5a-000000000009',
  callId: 'z',
  target: { kind: 'case' as const, caseId: '17' },
  text: 'x',
  tags: ['a'],
};
const draft = { callId: 'a', target: null, text: 'x', tags: [] };
const contact = { id: '44', name: 'Åse', numbers: ['+4792211334', '22051014'], email: null, address: null };
const item = {
  id: '17',
  contactId: '44',
  subject: 'x',
  status: 'open' as const,
  queue: 'q',
  owner: null,
  tags: [],
  createdAt: at,
  updatedAt: at,
};

type Hot = { readonly [N in QueryName]?: readonly QueryInput<N>[] };

/** Queries that run while somebody waits, with inputs that reach every statement. A feature adds its own. */
const hot: Hot = {
  'callLog.add': [callNumber(1)],
  'callLog.between': [{ from: '2026-11-22', to: '2026-11-23', limit: 50 }],
  'callLog.removeBefore': [{ before: '2026-11-22' }],
  'people.search': [
    { query: 'barnehage', limit: 20, now: at },
    { query: '23 42', limit: 20, now: at },
  ],
  'people.get': [{ id: 'e0c1-01', now: at }],
  'people.transferred': [{ id: 'e0c1-01', at, number: '+4792211334', line: 'Barnehage' }],
  'people.colleagues': [{ id: 'e0c1-01', now: at }],
  'people.byAddress': [{ email: 'kari@example.no', number: '+4723420101', now: at }],
  'use.favourite': [
    { id: 'e0c1-01', on: true, at },
    { id: 'e0c1-01', on: false, at },
  ],
  'use.spokenTo': [{ number: '+4792211334', line: 'Barnehage', after: '2026-01-01', most: 5, now: at }],
  'use.lastTransferred': [{ most: 10, now: at }],
  'use.purge': [{ before: '2026-01-01' }],
  'calendars.owners': [{ ids: ['e0c1-01'], source: 'caldav 1' }],
  'calendars.store': [
    {
      id: 'e0c1-01',
      source: 'caldav 1',
      cursor: null,
      found: true,
      times: [{ startsAt: at, endsAt: '2026-11-22T13:00:00.000Z', closed: true, kind: 'away' }],
      readAt: at,
      readUntil: at,
    },
  ],
  'calendars.turn': [{ since: '2026-11-22T11:59:00.000Z', now: at }],
  'cases.byNumber': [{ number: '+4792211334' }, { number: '22051014' }],
  'cases.contact': [{ id: '44' }],
  'cases.mine': [null],
  'cases.storeCaller': [{ number: '+4792211334', contacts: [contact], cases: [item], at }],
  'cases.storeMine': [{ cases: [item], at }],
  'cases.touch': [{ contactIds: ['44'], at }],
  'cases.purge': [{ before: at, most: 10 }],
  'drafts.save': [{ draft, at }],
  'notes.submit': [{ note, at }],
  'notes.get': [{ id: noteId }],
  'notes.purgeSent': [{ before: at }],
  'outbox.pending': [{ most: 20 }],
  'outbox.attempt': [{ id: noteId, position: 0 }],
  'outbox.failed': [{ id: noteId, position: 0, fault: 'x', arrived: false, park: false }],
  'outbox.stepDone': [{ id: noteId, position: 0, caseId: '99', at }],
  'outbox.unpark': [{ id: noteId }],
  'outbox.figures': [{ most: 200 }],
};

test.each(Object.entries(hot))('%s walks no whole table', (name, inputs) => {
  const { database, during } = recorder();
  const query = queries[name as QueryName] as (database: Database, input: unknown) => unknown;
  // The index in memory is filled once, outside of what is measured.
  if (['people.search', 'people.colleagues', 'people.byAddress'].includes(name)) query(database, inputs[0]);
  const statements = inputs.flatMap((input) => during(() => query(database, input)));
  expect(statements).not.toEqual([]);
  const scans = statements.flatMap((sql) => fullScans(database, sql, ['directory_copy']).map((scan) => `${scan} in ${sql}`));
  expect(scans).toEqual([]);
});

test('the check itself sees a walk through a whole table', () => {
  const { database } = recorder();
  expect(fullScans(database, "SELECT * FROM call_log WHERE name = 'x'")).toEqual(['SCAN call_log']);
  expect(fullScans(database, "SELECT * FROM call_log c WHERE c.name = 'x'")).toEqual(['SCAN c']);
  expect(fullScans(database, 'SELECT id FROM call_log ORDER BY started_at')).toEqual([
    'SCAN call_log USING INDEX call_log_started',
  ]);
});
