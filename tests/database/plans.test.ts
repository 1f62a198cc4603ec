import type { Database } from 'better-sqlite3';
import { expect, test } from 'vitest';
import { queries } from '../../main/db/queries/index.ts';
import { fullScans, recorder } from './plans.ts';
import { callNumber } from './support.ts';

/** Queries that run while somebody waits. A feature adds its own: what to run, with an input that reaches every statement. */
const hot: Readonly<Record<string, (database: Database) => unknown>> = {
  'callLog.add': (database) => queries['callLog.add'](database, callNumber(1)),
  'callLog.between': (database) => queries['callLog.between'](database, { from: '2026-11-22', to: '2026-11-23', limit: 50 }),
  'callLog.removeBefore': (database) => queries['callLog.removeBefore'](database, { before: '2026-11-22' }),
};

test.each(Object.entries(hot))('%s walks no whole table', (_, run) => {
  const { database, during } = recorder();
  const statements = during(run);
  expect(statements).not.toEqual([]);
  expect(statements.flatMap((statement) => fullScans(database, statement).map((scan) => `${scan} in ${statement}`))).toEqual(
    [],
  );
});

test('the check itself sees a walk through a whole table', () => {
  const { database } = recorder();
  expect(fullScans(database, "SELECT * FROM call_log WHERE name = 'x'")).toEqual(['SCAN call_log']);
});
