/** Opens the one database file, inside the worker, and tells apart what can be wrong with it. */
import { chmodSync, closeSync, existsSync, mkdirSync, openSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import Sqlite, { type Database } from 'better-sqlite3';
import { fail, ok, type Result } from '#contract';
import { databaseFiles, stamp, syncFolder } from './files.ts';
import { checkKey, isDatabaseKey, writeKeyCheck } from './key.ts';
import { latestVersion, migrate, schemaVersion } from './migrations/index.ts';
import { attachOutboxExport, isSealedWith, openOutboxExport, type OutboxExport } from './outbox-export.ts';

export interface OpenReport {
  /** What the damaged file is called now; null: nothing was wrong. */
  readonly movedAside: string | null;
  /** What was wrong with it. */
  readonly damage: string | null;
  /** True when there was no database before, or none that could be used. */
  readonly created: boolean;
  /** Lines of the outbox's export that could not be read. */
  readonly unreadableNotes: number;
}

export interface OpenedDatabase {
  readonly database: Database;
  readonly outboxExport: OutboxExport;
  readonly report: OpenReport;
}

type Files = ReturnType<typeof databaseFiles>;

/** How many damaged files are kept for whoever wants to look into them. */
const keptAside = 3;
const keptAsideDays = 30;

/** How long to wait for a Samband that is just ending. */
const busyPatienceMs = 1000;

/** What quick_check found. */
class Damage extends Error {}

/** SQLite's name of what went wrong; empty for what is not SQLite's. */
export function sqliteCode(error: unknown): string {
  return error instanceof Sqlite.SqliteError ? error.code : '';
}

/** True for errors that mean that the file's content cannot be trusted. */
export function meansDamage(error: unknown): boolean {
  const code = sqliteCode(error);
  return (
    error instanceof Damage ||
    code.startsWith('SQLITE_CORRUPT') ||
    ['SQLITE_NOTADB', 'SQLITE_IOERR_SHORT_READ', 'SQLITE_IOERR_DATA'].includes(code)
  );
}

/** Makes the file the user's alone before SQLite does; its log and shared memory are made with the rights of the file itself. */
function keepPrivate(file: string): void {
  if (process.platform === 'win32') return;
  closeSync(openSync(file, 'a', 0o600));
  // Also where an older Samband or a copy made it.
  for (const one of [file, `${file}-wal`, `${file}-shm`]) {
    if (existsSync(one) && (statSync(one).mode & 0o777) !== 0o600) chmodSync(one, 0o600);
  }
}

/** SQLCipher 4's format under a raw key: nothing is derived slowly, and every page carries its own HMAC. */
function unlock(file: string, key: string): Database {
  keepPrivate(file);
  const database = new Sqlite(file, { timeout: busyPatienceMs });
  try {
    database.pragma("cipher = 'sqlcipher'");
    database.pragma('legacy = 4');
    database.pragma(`key = "x'${key}'"`);
    // One process a file: a second one is told so instead of sharing a file that this one may move aside.
    database.pragma('locking_mode = EXCLUSIVE');
    // The first read; a wrong key shows here.
    schemaVersion(database);
    database.pragma('journal_mode = WAL');
    // What was answered survives a power cut, not just a kill.
    database.pragma('synchronous = FULL');
    // macOS: fsync alone leaves it in the drive's cache.
    database.pragma('fullfsync = ON');
    database.pragma('foreign_keys = ON');
    database.pragma('temp_store = MEMORY');
    database.pragma('trusted_schema = OFF');
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Looks at every page (0.4 s for 100 MB); throws Damage with SQLite's first words. */
function inspect(database: Database): void {
  const first: unknown = database.prepare('PRAGMA quick_check(1)').pluck().get();
  if (first !== 'ok') throw new Damage(String(first));
}

/** Opens what is there, or begins, and brings the schema up to date. Throws what meansDamage knows where the content cannot be trusted. */
function prepare(files: Files, key: string, mustInspect: boolean): Result<Database> {
  const database = unlock(files.database, key);
  try {
    if (mustInspect) inspect(database);
    const version = schemaVersion(database);
    if (version > latestVersion()) {
      database.close();
      return fail(
        'newer-schema',
        `The stored data in ${files.database} were written by a newer Samband (data version ${version}; this program knows up to ` +
          `${latestVersion()}). Install the newer version again. Nothing has been changed.`,
      );
    }
    if (checkKey(files.keyCheck, key) !== 'right') writeKeyCheck(files.keyCheck, key);
    migrate(database);
    return ok(database);
  } catch (error) {
    database.close();
    throw error;
  }
}

function moveAside(folder: string, files: Files, time: Date): string {
  let aside = `${files.database}.damaged-${stamp(time)}`;
  // Twice within a second is possible; overwriting the first is not.
  for (let number = 2; existsSync(aside); number += 1) aside = `${files.database}.damaged-${stamp(time)}-${number}`;
  renameSync(files.database, aside);
  for (const suffix of ['-wal', '-shm']) {
    if (existsSync(files.database + suffix)) renameSync(files.database + suffix, aside + suffix);
  }
  rmSync(files.suspect, { force: true });
  syncFolder(folder);
  return aside;
}

/** Deletes what was put aside long ago, and all but the newest few: it holds people's data like the database does. */
function sweepAside(folder: string, files: Files, time: Date): void {
  const before = stamp(new Date(time.getTime() - keptAsideDays * 24 * 60 * 60 * 1000));
  for (const prefix of [`${basename(files.database)}.damaged-`, `${basename(files.outboxExport)}.unreadable-`]) {
    const names = readdirSync(folder).filter((name) => name.startsWith(prefix) && !/-(wal|shm)$/.test(name));
    names.toSorted().forEach((name, index) => {
      const old = name.slice(prefix.length) < before;
      if (!old && index >= names.length - keptAside) return;
      for (const suffix of ['', '-wal', '-shm']) rmSync(join(folder, name + suffix), { force: true });
    });
  }
}

function wrongKey(folder: string) {
  return fail(
    'wrong-key',
    `The stored data in ${folder} cannot be opened with the key that this computer keeps for them. Restore the key, or move the ` +
      `folder away to begin afresh (notes that were not sent are in it). Nothing has been changed.`,
  );
}

/**
 * Opens the database in `folder`, made on first use, and brings its schema up to date.
 * Damage moves the file aside (report.movedAside) and begins a new one; the outbox's export stays and is attached to the new one.
 * Errors: wrong-key · newer-schema · conflict (another process has it open). None of them changes anything.
 */
export function openInFolder(folder: string, key: string, time: Date): Result<OpenedDatabase> {
  if (!isDatabaseKey(key)) return fail('wrong-key', 'The database key is not 64 hexadecimal digits.');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const files = databaseFiles(folder);
  const existed = existsSync(files.database) && statSync(files.database).size > 0;
  const known = checkKey(files.keyCheck, key);
  const keyIsProven = () => known === 'right' || isSealedWith(files.outboxExport, key);
  // No database to try the key on, but unsent notes under another one: a new database would bury them.
  if (!existed && existsSync(files.outboxExport) && known === 'wrong' && !keyIsProven()) return wrongKey(folder);
  // Before the first page: a power cut while that is written must not look like a wrong key.
  if (!existed && known !== 'right') writeKeyCheck(files.keyCheck, key);

  let movedAside: string | null = null;
  let damage: string | null = null;
  let prepared: Result<Database>;
  try {
    // A clean end removes the log; one that is left over means a kill, a crash or a power cut.
    prepared = prepare(files, key, existed && (existsSync(files.log) || existsSync(files.suspect)));
  } catch (error) {
    if (sqliteCode(error).startsWith('SQLITE_BUSY')) {
      return fail(
        'conflict',
        `Another Samband has the stored data in ${folder} open. Close it, or give this one a folder of its own.`,
      );
    }
    if (!meansDamage(error)) throw error;
    // SQLITE_NOTADB at the first read: without proof of the key this may be a whole database under another one.
    if (!(error instanceof Damage) && !keyIsProven()) return wrongKey(folder);
    damage = error instanceof Error ? error.message : String(error);
    movedAside = moveAside(folder, files, time);
    prepared = prepare(files, key, false);
  }
  if (!prepared.ok) return prepared;
  rmSync(files.suspect, { force: true });

  const database = prepared.value;
  try {
    const outboxExport = openOutboxExport(files.outboxExport, key);
    attachOutboxExport(database, outboxExport);
    sweepAside(folder, files, time);
    const created = !existed || movedAside !== null;
    return ok({ database, outboxExport, report: { movedAside, damage, created, unreadableNotes: outboxExport.unreadable } });
  } catch (error) {
    database.close();
    throw error;
  }
}
