import { appendFileSync, readdirSync, readFileSync, renameSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { openDatabase } from '../../main/db/client.ts';
import { databaseFiles } from '../../main/db/files.ts';
import { openInFolder } from '../../main/db/open.ts';
import { openOutboxExport } from '../../main/db/outbox-export.ts';
import { temporaryFolder } from './folders.ts';
import { filled, killed } from './prepared.ts';
import { allCalls, callNumber, key, openOrFail, scribble, workerUrl } from './support.ts';

const folder = temporaryFolder();

describe('damage', () => {
  const damages: readonly (readonly [string, () => string])[] = [
    [
      'a header overwritten',
      () => {
        const at = filled(folder());
        scribble(databaseFiles(at).database, 0, 100);
        return at;
      },
    ],
    [
      'a file cut in the middle of a page',
      () => {
        const at = filled(folder());
        const { database } = databaseFiles(at);
        truncateSync(database, Math.floor(statSync(database).size / 2) + 100);
        return at;
      },
    ],
    [
      'a file cut to a few bytes',
      () => {
        const at = filled(folder());
        truncateSync(databaseFiles(at).database, 20);
        return at;
      },
    ],
    [
      'a file of something else',
      () => {
        const at = filled(folder());
        writeFileSync(databaseFiles(at).database, 'this was a database once\n'.repeat(1000));
        return at;
      },
    ],
    [
      'a page in the middle overwritten, after a kill',
      () => {
        const at = filled(folder());
        const { database, log } = databaseFiles(at);
        scribble(database, 4096 * 6 + 200, 64);
        writeFileSync(log, '');
        return at;
      },
    ],
  ];

  test.each(damages)('%s: the file is moved aside, a new one begun, and unsent notes stay', async (_, damage) => {
    const at = damage();
    const files = databaseFiles(at);
    const outbox = openOutboxExport(files.outboxExport, key);
    outbox.put('note-1', { text: 'unsent' });
    outbox.close();
    const bytes = readFileSync(files.database);

    const database = await openOrFail(at);
    const { movedAside, damage: words } = database.report;
    expect(words).not.toBe(null);
    expect(readFileSync(movedAside ?? '')).toEqual(bytes);
    expect(database.report.created).toBe(true);
    await database.run('callLog.add', callNumber(7));
    expect(await allCalls(database)).toEqual(['call-7']);
    await database.close();
    expect(openOutboxExport(files.outboxExport, key).entries()).toEqual([{ id: 'note-1', value: { text: 'unsent' } }]);

    const again = await openOrFail(at);
    expect(again.report.movedAside).toBe(null);
    await again.close();
  });

  test('nonsense in the log costs at most what the log held; the database stays', async () => {
    const at = killed(folder(), folder(), 100);
    const { log } = databaseFiles(at);
    scribble(log, Math.floor(statSync(log).size / 2), 5000);
    const database = await openOrFail(at);
    expect(database.report.movedAside).toBe(null);
    const found = await allCalls(database);
    expect(found).toEqual(found.map((_, index) => `call-${index}`));
    await database.run('callLog.add', callNumber(1000));
    await database.close();
  });

  test("nonsense after the log's end is passed over", async () => {
    const at = killed(folder(), folder(), 20);
    appendFileSync(databaseFiles(at).log, Buffer.alloc(9999, 7));
    const database = await openOrFail(at);
    expect(await allCalls(database)).toHaveLength(20);
    await database.close();
  });

  test('met only while running, it is told, remembered, and looked into at the next opening', async () => {
    const at = filled(folder(), 2000);
    const files = databaseFiles(at);
    // Some pages in the middle of the file, where the calls are.
    const middle = Math.floor(statSync(files.database).size / 8192);
    for (let page = middle; page < middle + 8; page += 1) scribble(files.database, page * 4096 + 50, 64);
    const database = await openOrFail(at);
    expect(database.report.movedAside).toBe(null);
    await expect(database.run('callLog.between', { from: '2000', to: '2100', limit: 100_000 })).rejects.toMatchObject({
      kind: 'damaged',
    });
    await database.close();
    const again = await openOrFail(at);
    expect(again.report.movedAside).not.toBe(null);
    await again.close();
  });

  test("the outbox's export proves the key when the key check is gone", async () => {
    const at = filled(folder());
    const files = databaseFiles(at);
    const outbox = openOutboxExport(files.outboxExport, key);
    outbox.put('1', {});
    outbox.close();
    rmSync(files.keyCheck);
    scribble(files.database, 0, 100);
    const database = await openOrFail(at);
    expect(database.report.movedAside).not.toBe(null);
    await database.close();
  });

  test('without any proof of the key a damaged header counts as a wrong key: nothing is moved', async () => {
    const at = filled(folder());
    rmSync(databaseFiles(at).keyCheck);
    scribble(databaseFiles(at).database, 0, 100);
    expect(await openDatabase({ folder: at, key, worker: workerUrl })).toMatchObject({
      ok: false,
      error: { code: 'wrong-key' },
    });
  });

  test('a database that has vanished is begun again', async () => {
    const at = filled(folder());
    const files = databaseFiles(at);
    renameSync(files.database, `${files.database}.gone`);
    const database = await openOrFail(at);
    expect(database.report).toMatchObject({ created: true, movedAside: null });
    await database.close();
  });

  test('what was put aside is kept for a month, and never more than three of it', () => {
    const at = filled(folder(), 10);
    const { database } = databaseFiles(at);
    const asides = () => readdirSync(at).filter((name) => name.includes('.damaged-'));
    for (let day = 1; day <= 5; day += 1) {
      scribble(database, 0, 100);
      const opened = openInFolder(at, key, new Date(Date.UTC(2026, 10, day)));
      if (!opened.ok) throw new Error(opened.error.message);
      opened.value.outboxExport.close();
      opened.value.database.close();
    }
    expect(asides()).toEqual([3, 4, 5].map((day) => `samband.db.damaged-2026110${day}T000000Z`));
    const later = openInFolder(at, key, new Date(Date.UTC(2026, 11, 4, 12)));
    if (!later.ok) throw new Error(later.error.message);
    later.value.outboxExport.close();
    later.value.database.close();
    expect(asides()).toEqual(['samband.db.damaged-20261105T000000Z']);
  });
});
