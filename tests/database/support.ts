import { createHash } from 'node:crypto';
import { closeSync, openSync, readdirSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { CallRecord, NoteSubmission } from '#contract';
import { openDatabase, type OpenDatabase } from '../../main/db/client.ts';

/** The worker as it runs under plain Node. */
export const workerUrl = new URL('../../main/db/worker.ts', import.meta.url);

/** A database key for tests, and another. */
export const key = '0123456789abcdef'.repeat(4);
export const otherKey = 'fedcba9876543210'.repeat(4);

/** Opens the database of `folder`; what goes wrong fails the test. */
export async function openOrFail(folder: string, withKey = key): Promise<OpenDatabase> {
  const opened = await openDatabase({ folder, key: withKey, worker: workerUrl });
  if (!opened.ok) throw new Error(`${opened.error.code}: ${opened.error.message}`);
  return opened.value;
}

/** One line of the call list; the id makes its time too. */
export function callNumber(index: number): CallRecord {
  return {
    id: `call-${index}`,
    direction: 'incoming',
    number: '+4722051014',
    name: 'Kari Ødegård',
    line: 'Barnehage',
    startedAt: new Date(Date.UTC(2026, 0, 1) + index * 1000).toISOString(),
    answeredAt: null,
    endedAt: new Date(Date.UTC(2026, 0, 1) + index * 1000 + 500).toISOString(),
    outcome: 'missed',
    transferredTo: null,
    wrapUpSeconds: null,
  };
}

/** Everything in the call list, oldest first. */
export async function allCalls(database: OpenDatabase): Promise<string[]> {
  const day = await database.run('callLog.between', { from: '2000', to: '2100', limit: 1_000_000 });
  return day.recent.map(({ id }) => id).toReversed();
}

/** Name and content hash of every file: to show that nothing was touched. */
export function fingerprint(folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder)
      .toSorted()
      .map((name) => [
        name,
        createHash('sha256')
          .update(readFileSync(join(folder, name)))
          .digest('hex'),
      ]),
  );
}

/** Writes nonsense over `length` bytes of a file. */
export function scribble(file: string, offset: number, length: number): void {
  const descriptor = openSync(file, 'r+');
  writeSync(descriptor, Buffer.alloc(length, 0xa5), 0, length, offset);
  closeSync(descriptor);
}

/** A note of one step: a comment on a case. */
export function noteNumber(index: number): NoteSubmission {
  return {
    id: `5f0c7a52-5d0e-4a6e-9f5a-${String(index).padStart(12, '0')}`,
    callId: `call-${index}`,
    target: { kind: 'case', caseId: String(index % 7) },
    text: `Ringer igjen om søknaden. ${'x'.repeat(index % 500)}`,
    tags: [],
  };
}
