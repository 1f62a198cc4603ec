/**
 * How often everybody is turned to, by all agents: each client writes its own counts into a folder that all can write to, and reads the
 * others'. The files hold people's keys of the directory and how often, never a caller; their names are a hash.
 */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Database } from '../../db/client.ts';
import type { Clock, Log, Random } from '../ports.ts';

export interface SharedCountsPorts {
  readonly database: Database;
  /** policy.sharedFolder; null: nothing is shared. */
  readonly folder: string | null;
  /** Tells this agent on this computer from the others; only its hash leaves it. */
  readonly owner: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** People of whom something is told, and of whom it is kept. */
const PEOPLE = 2000;
const FILES = 2000;
const BYTES = 400_000;
/** What one client may say of one person: nobody's file can outweigh all others. */
const COUNT = 10_000;
const KEEP_DAYS = 180;
const INTERVAL_MS = 15 * 60_000;
const dayMs = 24 * 60 * 60 * 1000;

const content = z.strictObject({
  version: z.literal(1),
  writtenAt: z.iso.datetime(),
  transfers: z
    .record(z.string().min(1).max(300), z.int().min(1).max(1_000_000_000))
    .refine((counts) => Object.keys(counts).length <= PEOPLE),
});

const name = /^[0-9a-f]{32}\.transfers\.json$/;

/** The file's text, without following a link or waiting for a pipe; null: it is none of ours. */
async function textOf(file: string): Promise<string | null> {
  const handle = await open(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  try {
    const found = await handle.stat();
    return found.isFile() && found.size <= BYTES ? await handle.readFile('utf8') : null;
  } finally {
    await handle.close();
  }
}

function parse(text: string | null): z.infer<typeof content> | null {
  if (text === null) return null;
  try {
    return content.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

const causeOf = (error: unknown) =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown';

/** Shares and reads at once, and then every quarter of an hour. A folder that is not there, or a bad file, changes nothing else. */
export function createSharedCounts(ports: SharedCountsPorts): { round(): Promise<void>; close(): Promise<void> } {
  const { database, folder, clock, log } = ports;
  const own = `${createHash('sha256').update(`samband transfers\n${ports.owner}`).digest('hex').slice(0, 32)}.transfers.json`;
  let written = '';
  let closed = false;
  let cancel: (() => void) | null = null;
  /** What was said in the log already. */
  let said = new Set<string>();

  async function share(to: string): Promise<void> {
    const counts = await database.run('use.counts', { most: PEOPLE });
    const transfers = Object.fromEntries(counts.map(({ id, count }) => [id, count]));
    const now = JSON.stringify(transfers);
    if (counts.length === 0 || now === written) return;
    // Whole or old; beside it first, under one name, so that a kill leaves no heap of them.
    const file = join(to, own);
    const text = JSON.stringify({ version: 1, writtenAt: clock.now().toISOString(), transfers } satisfies z.infer<
      typeof content
    >);
    await writeFile(`${file}.new`, `${text}\n`, { mode: 0o644 });
    await rename(`${file}.new`, file);
    written = now;
  }

  async function gather(from: string, skipped: (file: string, why: string) => void): Promise<Map<string, number>> {
    const oldest = clock.now().getTime() - KEEP_DAYS * dayMs;
    const total = new Map<string, number>();
    const files = (await readdir(from)).filter((file) => name.test(file) && file !== own).toSorted();
    if (files.length > FILES) skipped('(the folder)', `it has ${files.length} files; ${FILES} are read`);
    for (const file of files.slice(0, FILES)) {
      if (closed) break;
      const read = await textOf(join(from, file)).then(
        (text) => ({ counts: parse(text), why: 'content' }),
        (error: unknown) => ({ counts: null, why: causeOf(error) }),
      );
      if (read.counts === null) skipped(file, read.why);
      else if (Date.parse(read.counts.writtenAt) >= oldest) {
        for (const [id, count] of Object.entries(read.counts.transfers))
          total.set(id, (total.get(id) ?? 0) + Math.min(count, COUNT));
      }
    }
    return total;
  }

  async function once(): Promise<void> {
    const saying = new Set<string>();
    const skipped = (file: string, why: string) => {
      saying.add(`${file} ${why}`);
      if (!said.has(`${file} ${why}`)) log.warn('shared-counts.skipped', { file, why });
    };
    try {
      if (folder !== null) await share(folder).catch((error: unknown) => skipped('(own)', causeOf(error)));
      const total = folder === null ? new Map<string, number>() : await gather(folder, skipped);
      if (closed) return;
      const counts = [...total]
        .map(([id, count]) => ({ id, count }))
        .toSorted((a, b) => b.count - a.count || (a.id < b.id ? -1 : 1));
      await database.run('use.storeByAll', { counts: counts.slice(0, PEOPLE) });
    } catch (error) {
      // What was known stays known.
      if (!closed) skipped('(the folder)', causeOf(error));
    }
    said = saying;
  }

  let running: Promise<void> = Promise.resolve();
  const round = () => (running = running.then(once));
  const again = () => {
    if (closed) return;
    void round().then(() => {
      // Not all clients of a municipality at once.
      if (!closed && folder !== null) cancel = clock.after(INTERVAL_MS * (0.8 + 0.4 * ports.random.fraction()), again);
    });
  };
  again();

  return {
    round,
    async close() {
      closed = true;
      cancel?.();
      // A share that hangs is not waited for.
    },
  };
}
