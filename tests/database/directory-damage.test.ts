/** The directory after damage to the file: the people are back without waiting for the interval, and no answer pretends in between. */
import { randomBytes } from 'node:crypto';
import { closeSync, openSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { databaseFiles } from '../../main/db/files.ts';
import { temporaryFolder } from './folders.ts';
import { start, type Started } from './started.ts';

const folder = temporaryFolder();
const people = 3000;

/** A folder whose settings name a directory of a file, read every hour. */
function prepared(): string {
  const at = folder();
  const file = join(at, 'people.csv');
  const rows = Array.from({ length: people }, (_, index) => `p${index},Kari Nr${index},Kommunalavdelinga for oppvekst`);
  writeFileSync(file, ['id,name,unit', ...rows, ''].join('\n'));
  writeFileSync(join(at, 'settings.json'), JSON.stringify({ directory: { kind: 'csv', file, refreshSeconds: 3600 } }));
  return at;
}

interface Answer {
  readonly hits: readonly unknown[];
  readonly status: { readonly people: number; readonly state: string };
}

async function search({ call }: Started): Promise<Answer | null> {
  const found = await call('directory.search', { query: 'kari', limit: 5, line: null });
  return found.ok ? (found.value as Answer) : null;
}

/** Searches until everybody is there; no answer on the way may be empty and call itself whole. */
async function allBack(samband: Started): Promise<void> {
  await expect
    .poll(
      async () => {
        const found = await search(samband);
        if (found !== null && found.hits.length === 0) expect(found.status).toMatchObject({ people: 0 });
        if (found !== null && found.hits.length === 0) expect(found.status.state).not.toBe('fresh');
        return found === null ? null : [found.hits.length, found.status.people, found.status.state];
      },
      { timeout: 20_000, interval: 20 },
    )
    .toEqual([5, people, 'fresh']);
}

function damage(file: string, part: number): void {
  const descriptor = openSync(file, 'r+');
  writeSync(descriptor, randomBytes(12_000), 0, 12_000, Math.floor(statSync(file).size * part));
  closeSync(descriptor);
}

const parts = [0.1, 0.3, 0.5, 0.7, 0.9];

describe('damage to the file that the directory is in', () => {
  test.each(parts)('while it runs, at %d of the file', async (part) => {
    const at = prepared();
    const samband = await start(at);
    await allBack(samband);
    damage(databaseFiles(join(at, 'data')).database, part);
    // What is read meets it, be it a search or the refresh.
    await Promise.all([samband.call('directory.refresh'), search(samband), search(samband)]);
    await allBack(samband);
  });

  test.each(parts)('between two runs, at %d of the file', async (part) => {
    const at = prepared();
    const first = await start(at);
    await allBack(first);
    await first.services.close();
    damage(databaseFiles(join(at, 'data')).database, part);
    const second = await start(at);
    await allBack(second);
  });

  test('that a refresh under way meets, too', async () => {
    const at = prepared();
    const samband = await start(at);
    await allBack(samband);
    const { database } = databaseFiles(join(at, 'data'));
    // The file has changed: everything is read again, into a database that breaks under it.
    const rows = Array.from({ length: people }, (_, index) => `p${index},Kari Ny${index},Oppvekst`);
    writeFileSync(join(at, 'people.csv'), ['id,name,unit', ...rows, ''].join('\n'));
    const refreshed = samband.call('directory.refresh');
    for (const part of parts) damage(database, part);
    await refreshed;
    await allBack(samband);
  });
});
