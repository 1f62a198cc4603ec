import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { openInFolder } from '../../main/db/open.ts';
import { openDatabase } from '../../main/db/client.ts';
import { databaseFiles } from '../../main/db/files.ts';
import { latestVersion } from '../../main/db/migrations/index.ts';
import { openOutboxExport } from '../../main/db/outbox-export.ts';
import { temporaryFolder } from './folders.ts';
import { filled, killed } from './prepared.ts';
import { allCalls, callNumber, fingerprint, key, openOrFail, otherKey, workerUrl } from './support.ts';

const folder = temporaryFolder();

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
    const at = filled(folder(), 10);
    const files = databaseFiles(at);
    for (const file of [files.database, files.keyCheck]) {
      const content = readFileSync(file);
      for (const word of ['SQLite format', 'Ødegård', 'Barnehage', 'call_log', key]) expect(content.includes(word)).toBe(false);
    }
  });

  test('what was answered is on the disk, not in its cache', () => {
    const opened = openInFolder(folder(), key, new Date());
    if (!opened.ok) throw new Error(opened.error.message);
    const { database, outboxExport } = opened.value;
    const pragma = (name: string): unknown => database.pragma(name, { simple: true });
    // FULL: the log is flushed at every commit.
    expect(pragma('synchronous')).toBe(2);
    expect(pragma('fullfsync')).toBe(1);
    expect(pragma('journal_mode')).toBe('wal');
    outboxExport.close();
    database.close();
  });

  test.skipIf(process.platform === 'win32')('every file is the user’s alone, also one that was not', () => {
    const at = folder();
    const before = process.umask(0);
    try {
      for (let time = 0; time < 2; time += 1) {
        const opened = openInFolder(at, key, new Date());
        if (!opened.ok) throw new Error(opened.error.message);
        const { database, outboxExport } = opened.value;
        database.exec('CREATE TABLE IF NOT EXISTS written (x)');
        outboxExport.put('1', {});
        const files = readdirSync(at);
        expect(files).toEqual(
          expect.arrayContaining(['samband.db', 'samband.db-wal', 'samband.db.key-check', 'outbox.journal']),
        );
        for (const file of files) expect(statSync(join(at, file)).mode & 0o777, file).toBe(0o600);
        outboxExport.close();
        database.close();
        chmodSync(join(at, 'samband.db'), 0o644);
      }
    } finally {
      process.umask(before);
    }
  });

  test('what a killed process acknowledged is there again', async () => {
    const database = await openOrFail(killed(folder(), folder(), 50));
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
    const at = filled(folder());
    const before = fingerprint(at);
    expect(await openDatabase({ folder: at, key: otherKey, worker: workerUrl })).toMatchObject({
      ok: false,
      error: { code: 'wrong-key' },
    });
    expect(fingerprint(at)).toEqual(before);
  });

  test('leaves what a killed process left as it is', async () => {
    const at = killed(folder(), folder(), 40);
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
    const at = filled(folder());
    rmSync(databaseFiles(at).keyCheck);
    const before = fingerprint(at);
    expect(await openDatabase({ folder: at, key: otherKey, worker: workerUrl })).toMatchObject({
      ok: false,
      error: { code: 'wrong-key' },
    });
    expect(fingerprint(at)).toEqual(before);
  });

  test('does not bury unsent notes under a new database', async () => {
    const at = filled(folder(), 1);
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
    const at = filled(folder(), 3);
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
    const at = filled(folder());
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
