/** Wiping what is kept on this machine, so that it is done to its end whenever it was begun. */
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { databaseFiles, syncFolder, writeDurably } from '../../db/files.ts';
import type { Secrets, StoredSecret } from '../ports.ts';

/** Without the database's key, what a kill leaves of its files cannot be read: so it goes first. */
const kept: readonly StoredSecret[] = ['database', 'sip', 'crm', 'directory', 'calendar'];

const markerOf = (folder: string) => join(folder, 'wiping');

/** Forgets what somebody typed. */
export async function forgetPasswords(secrets: Secrets): Promise<void> {
  for (const name of kept) if (name !== 'database') await secrets.remove(name);
}

async function erase(folder: string, secrets: Secrets): Promise<void> {
  for (const name of kept) await secrets.remove(name);
  const { database, outboxExport } = databaseFiles(folder);
  // With their logs, what was moved aside as damaged, and what was being written.
  const ours = [basename(database), basename(outboxExport)];
  for (const name of readdirSync(folder)) {
    if (ours.some((one) => name.startsWith(one))) rmSync(join(folder, name), { force: true });
  }
  syncFolder(folder);
  rmSync(markerOf(folder), { force: true });
  syncFolder(folder);
}

/**
 * Wipes the secrets, the database and the outbox's export. The database must be closed. Throws where the key store or the disk refuses;
 * from the first moment on `finishWipe` does the rest.
 */
export async function wipe(folder: string, secrets: Secrets): Promise<void> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeDurably(markerOf(folder), '');
  await erase(folder, secrets);
}

/** To be called before anything is opened: does what a wipe before left undone. True: there was something to do. */
export async function finishWipe(folder: string, secrets: Secrets): Promise<boolean> {
  if (!existsSync(markerOf(folder))) return false;
  await erase(folder, secrets);
  return true;
}
