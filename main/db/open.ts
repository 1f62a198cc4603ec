/** Opens the one database file, inside the worker, and tells apart what can be wrong with it. */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
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
  /** True when there was no database before. */
  readonly created: boolean;
  /** Lines of the outbox's export that could not be read. */
  readonly unreadableNotes: number;
}

export interface OpenedDatabase {
  readonly database: Database;
  readonly outboxExport: OutboxExport;
  readonly report: OpenReport;
}

/** How many damaged files are kept for whoever wants to look into them. */
const keptAside = 3;

/** SQLite's name of what went wrong; empty for what is not SQLite's. */
export function sqliteCode(error: unknown): string {
  return error instanceof Sqlite.SqliteError ? error.code : '';
}

/** True for errors that mean that the file's content cannot be trusted. */
export function meansDamage(error: unknown): boolean {
  const code = sqliteCode(error);
  return (
    code.startsWith('SQLITE_CORRUPT') ||
    code === 'SQLITE_NOTADB' ||
    code === 'SQLITE_IOERR_SHORT_READ' ||
    code === 'SQLITE_IOERR_DATA'
  );
}

class Damage extends Error {}

function unlock(file: string, key: string): Database {
  const database = new Sqlite(file, { timeout: 0 });
  try {
    database.pragma("cipher = 'sqlcipher'");
    database.pragma('legacy = 4');
    database.pragma(`key = "x'${key}'"`);
    // One process a file: a second one is told so instead of sharing a file that this one may move aside.
    database.pragma('locking_mode = EXCLUSIVE');
    // The first read; a wrong key shows here.
    schemaVersion(database);
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = FULL');
    database.pragma('foreign_keys = ON');
    database.pragma('temp_store = MEMORY');
    database.pragma('trusted_schema = OFF');
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Looks at every page; throws Damage with SQLite's first words. */
function inspect(database: Database): void {
  const answers = database.pragma('quick_check(1)') as { quick_check: string }[];
  const first = answers[0]?.quick_check;
  if (first !== 'ok') throw new Damage(first ?? 'quick_check gave no answer');
}

function moveAside(folder: string, time: Date): string {
  const files = databaseFiles(folder);
  const aside = `${files.database}.damaged-${stamp(time)}`;
  renameSync(files.database, aside);
  for (const suffix of ['-wal', '-shm']) {
    if (existsSync(files.database + suffix)) renameSync(files.database + suffix, aside + suffix);
  }
  rmSync(files.suspect, { force: true });
  syncFolder(folder);
  const prefix = `${basename(files.database)}.damaged-`;
  const older = readdirSync(folder).filter((name) => name.startsWith(prefix) && !/-(wal|shm)$/.test(name));
  for (const name of older.toSorted().slice(0, -keptAside)) {
    for (const suffix of ['', '-wal', '-shm']) rmSync(join(folder, name + suffix), { force: true });
  }
  return aside;
}

/**
 * Opens the database in `folder`, made on first use, and brings its schema up to date.
 * Damage moves the file aside (report.movedAside) and begins a new one; the outbox's export stays and is attached to the new one.
 * Errors: wrong-key · newer-schema · conflict (another process has it open). None of them touches a file.
 */
export function openInFolder(folder: string, key: string, time: Date): Result<OpenedDatabase> {
  if (!isDatabaseKey(key)) return fail('wrong-key', 'The database key is not 64 hexadecimal digits.');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const files = databaseFiles(folder);
  const existed = existsSync(files.database) && statSync(files.database).size > 0;
  const known = checkKey(files.keyCheck, key);
  if (existed || existsSync(files.outboxExport)) {
    if (known === 'wrong' && !(existed && opens(files.database, key)) && !isSealedWith(files.outboxExport, key))
      return wrongKey(folder);
  }

  let movedAside: string | null = null;
  let damage: string | null = null;
  let database: Database;
  try {
    database = openChecked(files, key, existed);
  } catch (error) {
    if (sqliteCode(error).startsWith('SQLITE_BUSY')) {
      return fail(
        'conflict',
        `Another Samband has the stored data in ${folder} open. Close it, or give this one a folder of its own.`,
      );
    }
    if (!(error instanceof Damage) && !meansDamage(error)) throw error;
    // Without proof that the key is right this may be a whole database under another key: leave it alone.
    const proven = known === 'right' || error instanceof Damage || isSealedWith(files.outboxExport, key);
    if (!proven) return wrongKey(folder);
    damage = error instanceof Error ? error.message : String(error);
    movedAside = moveAside(folder, time);
    database = unlock(files.database, key);
  }

  try {
    const version = schemaVersion(database);
    if (version > latestVersion()) {
      database.close();
      return fail(
        'newer-schema',
        `The stored data in ${folder} were written by a newer Samband (data version ${version}; this program knows up to ` +
          `${latestVersion()}). Install the newer version again. Nothing has been changed.`,
      );
    }
    if (known !== 'right') writeKeyCheck(files.keyCheck, key);
    migrate(database);
  } catch (error) {
    database.close();
    throw error;
  }
  rmSync(files.suspect, { force: true });
  const outboxExport = openOutboxExport(files.outboxExport, key);
  attachOutboxExport(database, outboxExport);
  const created = !existed || movedAside !== null;
  return ok({ database, outboxExport, report: { movedAside, damage, created, unreadableNotes: outboxExport.unreadable } });
}

function wrongKey(folder: string) {
  return fail(
    'wrong-key',
    `The stored data in ${folder} cannot be opened with the key that this computer keeps for them. Restore the key, or move the ` +
      `folder away to begin afresh (notes that were not sent are in it). Nothing has been changed.`,
  );
}

function opens(file: string, key: string): boolean {
  try {
    unlock(file, key).close();
    return true;
  } catch {
    return false;
  }
}

function openChecked(files: ReturnType<typeof databaseFiles>, key: string, existed: boolean): Database {
  // A clean end removes the log; one that is left over means a kill, a crash or a power cut.
  const unclean = existed && (existsSync(files.log) || existsSync(files.suspect));
  const database = unlock(files.database, key);
  try {
    if (unclean) inspect(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}
