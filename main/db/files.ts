import { closeSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Makes a rename or a new file in `folder` survive a power cut; Windows has no such call and needs none. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Replaces `file` as a whole: after a crash it is the old one or the new one, on disk when this returns. */
export function writeDurably(file: string, content: string): void {
  const temporary = `${file}.new`;
  const descriptor = openSync(temporary, 'w', 0o600);
  try {
    const bytes = Buffer.from(content, 'utf8');
    for (let written = 0; written < bytes.length;) written += writeSync(descriptor, bytes, written);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(temporary, file);
  syncFolder(dirname(file));
}

/** A time for a file's name: sorts as text, and Windows allows it. */
export function stamp(time: Date): string {
  return time.toISOString().replaceAll(/[-:]|\.\d+/g, '');
}

/** The files of one agent's stored data, all in one folder. */
export function databaseFiles(folder: string) {
  const database = join(folder, 'samband.db');
  return {
    database,
    /** SQLite's own; left behind by an unclean end. */
    log: `${database}-wal`,
    shared: `${database}-shm`,
    keyCheck: `${database}.key-check`,
    /** Says that a read met damage: look at every page at the next start. */
    suspect: `${database}.suspect`,
    outboxExport: join(folder, 'outbox.journal'),
  };
}
