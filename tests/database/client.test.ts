import { expect, test } from 'vitest';
import { DatabaseError, openDatabase } from '../../main/db/client.ts';
import { temporaryFolder } from './folders.ts';
import { allCalls, callNumber, key, openOrFail, workerUrl } from './support.ts';

const folder = temporaryFolder();
const dying = new URL('fixtures/dying-worker.ts', import.meta.url);

async function openDying(closeWithinMs?: number) {
  const opened = await openDatabase({
    folder: folder(),
    key,
    worker: dying,
    ...(closeWithinMs === undefined ? {} : { closeWithinMs }),
  });
  if (!opened.ok) throw new Error(opened.error.message);
  return opened.value;
}

test('queries are answered in the order asked, each with its own answer', async () => {
  const database = await openOrFail(folder());
  const answers = await Promise.all(Array.from({ length: 50 }, (_, index) => database.run('callLog.add', callNumber(index))));
  expect(answers).toEqual(Array.from({ length: 50 }, () => null));
  expect(await allCalls(database)).toEqual(Array.from({ length: 50 }, (_, index) => `call-${index}`));
  await database.close();
});

test('a query that fails rejects by itself; the next one is served', async () => {
  const database = await openOrFail(folder());
  const wrong = { ...callNumber(1), outcome: 'nonsense' as 'missed' };
  await expect(database.run('callLog.add', wrong)).rejects.toMatchObject({ kind: 'failed', code: 'SQLITE_CONSTRAINT_CHECK' });
  expect(await database.run('callLog.add', callNumber(1))).toBe(null);
  await database.close();
});

test('what was asked before close() is done; what is asked afterwards is refused', async () => {
  const at = folder();
  const database = await openOrFail(at);
  const asked = database.run('callLog.add', callNumber(1));
  const closing = database.close();
  await expect(database.run('callLog.add', callNumber(2))).rejects.toMatchObject({ kind: 'gone' });
  await Promise.all([asked, closing, database.close()]);
  expect(await database.ended).toBe(null);
  const again = await openOrFail(at);
  expect(await allCalls(again)).toEqual(['call-1']);
  await again.close();
});

test.each([
  ['exits', null, 'exit code 3'],
  ['throws', callNumber(1), 'an accident'],
])('a worker that %s rejects everything that waits, and says so once', async (_, input, words) => {
  const database = await openDying();
  const asked = [1, 2, 3].map(() => database.run('callLog.add', input as ReturnType<typeof callNumber>));
  for (const one of await Promise.allSettled(asked)) {
    expect(one).toMatchObject({ status: 'rejected', reason: { kind: 'gone', message: expect.stringContaining(words) } });
  }
  expect(await database.ended).toBeInstanceOf(DatabaseError);
  await expect(database.run('callLog.add', callNumber(1))).rejects.toMatchObject({ kind: 'gone' });
  await database.close();
});

test('a worker that does not listen any more is ended by close()', async () => {
  const database = await openDying(50);
  await database.close();
  expect(await database.ended).toBe(null);
});

test('a worker that cannot start is a fault, not a wait', async () => {
  const worker = new URL('fixtures/unopened-worker.ts', import.meta.url);
  expect(await openDatabase({ folder: folder(), key, worker })).toMatchObject({ ok: false, error: { code: 'internal' } });
  const missing = new URL('fixtures/not-there.ts', import.meta.url);
  expect(await openDatabase({ folder: folder(), key, worker: missing })).toMatchObject({
    ok: false,
    error: { code: 'internal' },
  });
});

test('a folder that cannot be made is a fault', async () => {
  expect(await openDatabase({ folder: '/dev/null/data', key, worker: workerUrl })).toMatchObject({
    ok: false,
    error: { code: 'internal' },
  });
});
