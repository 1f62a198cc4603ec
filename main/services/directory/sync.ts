/** Brings the local copy up to date with a source: one full load, then deltas. However one dies, the old copy is whole. */
import { fail, ok, type Fault, type Result } from '#contract';
import type { Database } from '../../db/client.ts';
import type { DirectoryCopy, SourcePerson } from '../../db/queries/people.ts';
import type { Clock, Log } from '../ports.ts';
import type { DirectorySource, TakePeople } from './source.ts';
import { plausibleLoad, plausiblyGone } from './timing.ts';

export interface SyncPorts {
  readonly database: Database;
  readonly source: DirectorySource;
  readonly clock: Clock;
  readonly log: Log;
  /** Rows a transaction; for tests. */
  readonly writeRows?: number;
}

/** What the copy holds after a refresh that went well. */
export interface Synced {
  readonly people: number;
  readonly asOf: string;
}

/** Rows a transaction: a search waits for one at most. */
const WRITE_ROWS = 100;
/** While there is nobody to be searched yet, larger ones, which cost less. */
const FIRST_ROWS = 250;
const SWEEP_ROWS = 500;

class SyncFault extends Error {
  readonly fault: Fault;

  constructor(fault: Fault) {
    super(fault.message);
    this.fault = fault;
  }
}

function* slices<T>(all: readonly T[], size: number): Generator<readonly T[]> {
  for (let at = 0; at < all.length; at += size) yield all.slice(at, at + size);
}

/**
 * Gathers people, who come as the network gives them, into batches of one transaction each. One batch is written while the next is read;
 * no more, so that a search waits for one at most. `written` rejects when that could not be done, which a source may take for its own
 * fault; `rest` writes what is left, and resolves when all is stored.
 */
function inBatches(
  rows: number,
  write: (people: readonly SourcePerson[]) => Promise<unknown>,
): {
  take: TakePeople;
  written(): Promise<unknown>;
  rest(): Promise<void>;
} {
  let waiting: SourcePerson[] = [];
  let writing: Promise<unknown> = Promise.resolve();
  async function next(batch: readonly SourcePerson[]): Promise<void> {
    await writing;
    writing = write(batch);
    // Whoever waits for it next is told.
    writing.catch(() => undefined);
  }
  return {
    async take(people) {
      waiting.push(...people);
      while (waiting.length >= rows) {
        const batch = waiting.slice(0, rows);
        waiting = waiting.slice(rows);
        await next(batch);
      }
    },
    written: () => writing,
    async rest() {
      if (waiting.length > 0) await next(waiting);
      await writing;
    },
  };
}

/** Deletes what belongs to no copy, a little at a time. */
export async function sweep(database: Database, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && (await database.run('people.sweep', { rows: SWEEP_ROWS })) > 0);
}

/** Refreshes once. `onLoading` is called when everything has to be read. */
export async function refresh(ports: SyncPorts, signal: AbortSignal, onLoading: () => void): Promise<Result<Synced>> {
  const { database, source } = ports;
  try {
    const copy = await database.run('people.copy', null);
    if (copy?.source !== source.identity || copy.cursor === null) {
      onLoading();
      const before = copy?.source === source.identity ? copy.people : 0;
      return ok(await load({ writeRows: copy === null ? FIRST_ROWS : WRITE_ROWS, ...ports }, before, signal));
    }
    return ok((await follow(ports, copy, signal)) ?? (await load(ports, copy.people, signal)));
  } catch (error) {
    if (error instanceof SyncFault) return { ok: false, error: error.fault };
    const cause = error instanceof Error ? error.message : String(error);
    ports.log.error('directory.refresh-failed', { cause });
    return fail('internal', 'The directory could not be stored; the cause is in the log.');
  }
}

async function load(ports: SyncPorts, before: number, signal: AbortSignal): Promise<Synced> {
  const { database, source, clock, log, writeRows = WRITE_ROWS } = ports;
  await sweep(database, signal);
  const number = await database.run('people.begin', null);
  const asOf = clock.now().toISOString();
  let loaded = 0;
  const batches = inBatches(writeRows, async (batch) => {
    loaded = await database.run('people.stage', { load: number, people: batch, readAt: asOf });
  });
  let people: number;
  try {
    const read = await source.fullLoad(batches.take, signal);
    await batches.written();
    if (!read.ok) throw new SyncFault(read.error);
    await batches.rest();
    if (!plausibleLoad(before, loaded)) {
      const message = `The source shows ${loaded} people, where there were ${before}; the old copy is kept. Has the account lost its rights?`;
      throw new SyncFault({ code: 'rejected', message });
    }
    people = await database.run('people.commit', { load: number, source: source.identity, cursor: read.value.cursor, asOf });
  } catch (error) {
    // The worker may be gone; then its load is, too.
    await database.run('people.abandon', null).catch(() => undefined);
    throw error;
  }
  await sweep(database, signal);
  log.info('directory.loaded', { people });
  return { people, asOf };
}

/** Reads what is new; null: everything has to be read again. */
async function follow(ports: SyncPorts, copy: DirectoryCopy, signal: AbortSignal): Promise<Synced | null> {
  const { database, source, clock, log, writeRows = WRITE_ROWS } = ports;
  const { people: before } = copy;
  const cursor = copy.cursor ?? '';
  const asOf = clock.now().toISOString();
  let changed = 0;
  const apply = async (upserts: readonly SourcePerson[], removals: readonly string[]) => {
    await database.run('people.apply', { upserts, removals, readAt: asOf, done: null });
    changed += upserts.length + removals.length;
  };
  const batches = inBatches(writeRows, (batch) => apply(batch, []));
  const read = await source.delta(cursor, batches.take, signal);
  await batches.written();
  if (!read.ok) throw new SyncFault(read.error);
  if (read.value.kind === 'reload') return null;
  await batches.rest();
  let next = cursor;
  if (read.value.kind === 'changed') {
    const { removed, present } = read.value;
    for (const slice of slices(removed, writeRows)) await apply([], slice);
    if (present) {
      const { missing } = await database.run('people.missing', { ids: present });
      if (!plausiblyGone(before, missing.length)) {
        // About as many as ever, under other keys: a server that was built anew.
        if (plausiblyGone(before, before - present.length)) return null;
        const message = `The source shows only ${present.length} of ${before} people; nobody was deleted. Has the account lost its rights?`;
        throw new SyncFault({ code: 'rejected', message });
      }
      for (const slice of slices(missing, writeRows)) await apply([], slice);
    }
    next = read.value.cursor;
  }
  // Last: a refresh that dies before this is done again from the same cursor.
  await database.run('people.apply', { upserts: [], removals: [], readAt: asOf, done: { cursor: next, asOf } });
  const now = await database.run('people.copy', null);
  // The file turned out damaged meanwhile, and was begun afresh: nobody is in it.
  if (now === null) return null;
  const { people } = now;
  if (changed > 0) log.info('directory.followed', { changed, people });
  return { people, asOf };
}
