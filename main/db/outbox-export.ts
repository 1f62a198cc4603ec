/**
 * The outbox's export: every unsent note once more, in a file of its own beside the database, so that the loss of the database
 * loses no note. It is a journal of sealed lines. Each line is base64 of nonce + AES-256-GCM ciphertext + tag, so a damaged line
 * costs that line only and a torn last line (a kill while writing) nothing that was acknowledged.
 *
 * How notes use it (main/db/queries/notes.ts), always in the worker:
 *  - submit: commit the transaction, then `outboxExportOf(database).put(note.id, submission)`, then answer. What was answered is
 *    in both places.
 *  - sent: commit the new state, then `remove(id)`.
 *  - `outbox.recover`, run after every opening: insert what `entries()` has and the database does not know by id (as pending),
 *    then `replace()` with exactly what the database holds unsent. A kill between the two files is healed here.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { closeSync, copyFileSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Database } from 'better-sqlite3';
import { stamp, syncFolder, writeDurably } from './files.ts';
import { deriveKey } from './key.ts';

/** What one line says once opened. */
type Line = { readonly put: string; readonly value: unknown } | { readonly remove: string };

export interface OutboxExport {
  /** What is kept, oldest first. The value is whatever was put: check its shape before use. */
  entries(): readonly { readonly id: string; readonly value: unknown }[];
  /** Keeps `value` under `id`; on disk when this returns. */
  put(id: string, value: unknown): void;
  /** Forgets `id`; on disk when this returns. Unknown ids are fine. */
  remove(id: string): void;
  /** Makes the file hold exactly these. */
  replace(entries: readonly { readonly id: string; readonly value: unknown }[]): void;
  /** Whole lines that could not be opened: damaged, or of another key. A copy of the file was kept beside it. */
  readonly unreadable: number;
  close(): void;
}

const associated = Buffer.from('samband outbox export, version 1');
/** Lines that say nothing any more before the file is rewritten. */
const slack = 200;

function seal(key: Buffer, line: Line): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(associated);
  const sealed = Buffer.concat([nonce, cipher.update(JSON.stringify(line), 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return `${sealed.toString('base64')}\n`;
}

function unseal(key: Buffer, text: string): Line | null {
  const sealed = Buffer.from(text, 'base64');
  if (sealed.length < 28) return null;
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12)).setAAD(associated);
    decipher.setAuthTag(sealed.subarray(-16));
    return JSON.parse(decipher.update(sealed.subarray(12, -16), undefined, 'utf8') + decipher.final('utf8')) as Line;
  } catch {
    return null;
  }
}

interface Content {
  readonly kept: Map<string, unknown>;
  readonly lines: number;
  readonly unreadable: number;
  /** The file ends in the middle of a line. */
  readonly torn: boolean;
}

function read(file: string, key: Buffer): Content {
  const kept = new Map<string, unknown>();
  if (!existsSync(file)) return { kept, lines: 0, unreadable: 0, torn: false };
  const text = readFileSync(file, 'latin1');
  const lines = text.split('\n').filter((line) => line !== '');
  let unreadable = 0;
  for (const sealed of lines) {
    const line = unseal(key, sealed);
    if (!line) unreadable += 1;
    else if ('put' in line) kept.set(line.put, line.value);
    else kept.delete(line.remove);
  }
  const torn = text !== '' && !text.endsWith('\n');
  // A torn last line was never acknowledged; it is no loss.
  if (torn && lines.length > 0 && unseal(key, lines.at(-1) ?? '') === null) unreadable -= 1;
  return { kept, lines: lines.length, unreadable, torn };
}

/** True when `file` holds at least one line sealed under `key`: proof that the key is the right one. */
export function isSealedWith(file: string, databaseKey: string): boolean {
  const content = read(file, deriveKey(databaseKey, 'samband outbox export'));
  return content.lines > content.unreadable;
}

/** Opens or begins the export at `file`, sealed under a key of its own derived from the database's. */
export function openOutboxExport(file: string, databaseKey: string): OutboxExport {
  const key = deriveKey(databaseKey, 'samband outbox export');
  const content = read(file, key);
  let kept = content.kept;
  let lines = content.lines;
  let torn = content.torn;
  let descriptor: number | null = null;
  if (content.unreadable > 0) copyFileSync(file, `${file}.unreadable-${stamp(new Date())}`);

  const rewrite = () => {
    if (descriptor !== null) closeSync(descriptor);
    descriptor = null;
    writeDurably(file, [...kept].map(([put, value]) => seal(key, { put, value })).join(''));
    lines = kept.size;
    torn = false;
  };
  const append = (line: Line) => {
    // What follows a torn line would become part of it.
    if (torn) rewrite();
    if (descriptor === null) {
      const isNew = !existsSync(file);
      descriptor = openSync(file, 'a', 0o600);
      if (isNew) syncFolder(dirname(file));
    }
    // One write call a line, so that a kill leaves a prefix and never a mixture.
    const sealed = seal(key, line);
    torn = true;
    if (writeSync(descriptor, sealed) !== sealed.length)
      throw new Error('The outbox export could not be written: the disk may be full.');
    torn = false;
    fsyncSync(descriptor);
    lines += 1;
  };

  return {
    unreadable: content.unreadable,
    entries: () => [...kept].map(([id, value]) => ({ id, value })),
    put(id, value) {
      append({ put: id, value });
      kept.set(id, value);
    },
    remove(id) {
      if (!kept.has(id)) return;
      append({ remove: id });
      kept.delete(id);
      if (lines > kept.size + slack) rewrite();
    },
    replace(entries) {
      const wanted = new Map(entries.map(({ id, value }) => [id, value]));
      const same = wanted.size === kept.size && [...wanted.keys()].every((id) => kept.has(id));
      kept = wanted;
      if (!same || lines !== kept.size) rewrite();
    },
    close() {
      if (descriptor !== null) closeSync(descriptor);
      descriptor = null;
    },
  };
}

const attached = new WeakMap<Database, OutboxExport>();

/** Ties the export to the database that it mirrors. */
export function attachOutboxExport(database: Database, outboxExport: OutboxExport): void {
  attached.set(database, outboxExport);
}

/** The export that belongs to an open database. Throws for one that was opened without. */
export function outboxExportOf(database: Database): OutboxExport {
  const found = attached.get(database);
  if (!found) throw new Error('This database was opened without an outbox export.');
  return found;
}
