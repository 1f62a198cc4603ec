import {
  appendFileSync,
  copyFileSync,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import Sqlite, { type Database } from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { openDatabase } from '../../main/db/client.ts';
import { databaseFiles } from '../../main/db/files.ts';
import { latestVersion } from '../../main/db/migrations/index.ts';
import { openInFolder } from '../../main/db/open.ts';
import { openOutboxExport } from '../../main/db/outbox-export.ts';
import { queries } from '../../main/db/queries/index.ts';
import { temporaryFolder } from './folders.ts';
import { allCalls, callNumber, fingerprint, key, openOrFail, otherKey, scribble, workerUrl } from './support.ts';

const folder = temporaryFolder();

/** Opens in this thread, which is faster than a worker for what is only prepared. */
function openHere(at: string) {
  const result = openInFolder(at, key, new Date());
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

function fill(database: Database, calls: number): void {
  // Several transactions, few enough that the disk does not make the tests slow.
  const some = database.transaction((from: number) => {
    for (let index = from; index < Math.min(from + 20, calls); index += 1) queries['callLog.add'](database, callNumber(index));
  });
  for (let from = 0; from < calls; from += 20) some(from);
}

/** A closed database with `calls` calls in it, big enough to have pages in the middle. */
function filled(calls = 300): string {
  const at = folder();
  const { database, outboxExport } = openHere(at);
  fill(database, calls);
  outboxExport.close();
  database.close();
  return at;
}

/** What a killed process leaves: the pages are in the log, which nobody has folded into the database. */
function killed(calls = 300): string {
  const at = folder();
  const left = folder();
  const files = databaseFiles(at);
  const { database, outboxExport } = openHere(at);
  fill(database, calls);
  for (const file of [files.database, files.log, files.keyCheck]) copyFileSync(file, file.replace(at, left));
  outboxExport.close();
  database.close();
  return left;
}

describe('opening', () => {
  test('a new folder gets a database that keeps what it is given', async () => {
    const at = folder();
    const first = await openOrFail(at);
    expect(first.report).toEqual({ created: true, movedAside: null, damage: null, unreadableNotes: 0 });
    await first.run('callLog.add', callNumber(1));
    await first.close();
    const second = await openOrFail(at);
    expect(second.report.created).toBe(false);
    expect(await allCalls(second)).toEqual(['call-1']);
    await second.close();
  });

  test('nothing of what is kept stands on the disk in the clear', async () => {
    const at = filled(10);
    const files = databaseFiles(at);
    for (const file of [files.database, files.keyCheck]) {
      const content = readFileSync(file);
      for (const word of ['SQLite format', 'Ødegård', 'Barnehage', 'call_log', key]) expect(content.includes(word)).toBe(false);
    }
  });

  test('what a killed process acknowledged is there again', async () => {
    const database = await openOrFail(killed(50));
    expect(database.report.movedAside).toBe(null);
    expect(await allCalls(database)).toHaveLength(50);
    await database.close();
  });

  test('a second process is told that the data are in use', async () => {
    const at = folder();
    const first = await openOrFail(at);
    expect(await openDatabase({ folder: at, key, worker: workerUrl })).toMatchObject({
      ok: false,
      error: { code: 'conflict' },
    });
    expect(await first.run('callLog.add', callNumber(1))).toBe(null);
    await first.close();
  });
});

describe('a key that does not fit', () => {
  test('is told, and nothing is touched', async () => {
    const at = filled();
    const before = fingerprint(at);
    expect(await openDatabase({ folder: at, key: otherKey, worker: workerUrl })).toMatchObject({
      ok: false,
      error: { code: 'wrong-key' },
    });
    expect(fingerprint(at)).toEqual(before);
  });

  test('leaves what a killed process left as it is', async () => {
    const at = killed(40);
    const before = fingerprint(at);
    expect(await openDatabase({ folder: at, key: otherKey, worker: workerUrl })).toMatchObject({
      ok: false,
      error: { code: 'wrong-key' },
    });
    expect(fingerprint(at)).toEqual(before);
    const database = await openOrFail(at);
    expect(await allCalls(database)).toHaveLength(40);
    await database.close();
  });

  test('is told even when the proof of the key is gone: nothing is moved on a suspicion', async () => {
    const at = filled();
    rmSync(databaseFiles(at).keyCheck);
    const before = fingerprint(at);
    expect(await openDatabase({ folder: at, key: otherKey, worker: workerUrl })).toMatchObject({
      ok: false,
      error: { code: 'wrong-key' },
    });
    expect(fingerprint(at)).toEqual(before);
  });

  test('does not bury unsent notes under a new database', async () => {
    const at = filled(1);
    const files = databaseFiles(at);
    const outbox = openOutboxExport(files.outboxExport, key);
    outbox.put('1', {});
    outbox.close();
    rmSync(files.database);
    const before = fingerprint(at);
    expect(await openDatabase({ folder: at, key: otherKey, worker: workerUrl })).toMatchObject({
      ok: false,
      error: { code: 'wrong-key' },
    });
    expect(fingerprint(at)).toEqual(before);
  });

  test('a key check that was lost is written again by the right key', async () => {
    const at = filled(3);
    rmSync(databaseFiles(at).keyCheck);
    const database = await openOrFail(at);
    expect(await allCalls(database)).toHaveLength(3);
    await database.close();
    expect(existsSync(databaseFiles(at).keyCheck)).toBe(true);
  });

  test.each(['', 'short', 'g'.repeat(64), `${key}00`])('%j is no key at all', async (odd) => {
    expect(await openDatabase({ folder: folder(), key: odd, worker: workerUrl })).toMatchObject({
      ok: false,
      error: { code: 'wrong-key' },
    });
  });
});

describe('a newer schema', () => {
  test('is refused with words for the helpdesk, and nothing is touched', async () => {
    const at = filled();
    const files = databaseFiles(at);
    const raw = new Sqlite(files.database);
    raw.pragma("cipher = 'sqlcipher'");
    raw.pragma('legacy = 4');
    raw.pragma(`key = "x'${key}'"`);
    raw.pragma(`user_version = ${latestVersion() + 1}`);
    raw.close();
    const before = fingerprint(at);
    const opened = await openDatabase({ folder: at, key, worker: workerUrl });
    expect(opened).toMatchObject({
      ok: false,
      error: { code: 'newer-schema', message: expect.stringContaining('newer Samband') },
    });
    expect(fingerprint(at)).toEqual(before);
  });
});

describe('damage', () => {
  const damages: readonly (readonly [string, () => string])[] = [
    [
      'a header overwritten',
      () => {
        const at = filled();
        scribble(databaseFiles(at).database, 0, 100);
        return at;
      },
    ],
    [
      'a file cut in the middle of a page',
      () => {
        const at = filled();
        const { database } = databaseFiles(at);
        truncateSync(database, Math.floor(statSync(database).size / 2) + 100);
        return at;
      },
    ],
    [
      'a file cut to a few bytes',
      () => {
        const at = filled();
        truncateSync(databaseFiles(at).database, 20);
        return at;
      },
    ],
    [
      'a file of something else',
      () => {
        const at = filled();
        writeFileSync(databaseFiles(at).database, 'this was a database once\n'.repeat(1000));
        return at;
      },
    ],
    [
      'a page in the middle overwritten, after a kill',
      () => {
        const at = filled();
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
    const at = killed(100);
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
    const at = killed(20);
    appendFileSync(databaseFiles(at).log, Buffer.alloc(9999, 7));
    const database = await openOrFail(at);
    expect(await allCalls(database)).toHaveLength(20);
    await database.close();
  });

  test('met only while running, it is told, remembered, and looked into at the next opening', async () => {
    const at = filled(2000);
    const files = databaseFiles(at);
    scribble(files.database, Math.floor(statSync(files.database).size / 8192) * 4096 + 50, 64);
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
    const at = filled();
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
    const at = filled();
    rmSync(databaseFiles(at).keyCheck);
    scribble(databaseFiles(at).database, 0, 100);
    expect(await openDatabase({ folder: at, key, worker: workerUrl })).toMatchObject({
      ok: false,
      error: { code: 'wrong-key' },
    });
  });

  test('a database that has vanished is begun again', async () => {
    const at = filled();
    const files = databaseFiles(at);
    renameSync(files.database, `${files.database}.gone`);
    const database = await openOrFail(at);
    expect(database.report).toMatchObject({ created: true, movedAside: null });
    await database.close();
  });
});
