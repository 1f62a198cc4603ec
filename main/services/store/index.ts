import { fail, ok, type Fault, type Notice, type Result } from '#contract';
import {
  DatabaseError,
  type Database,
  type OpenDatabase,
  type QueryInput,
  type QueryName,
  type QueryOutput,
} from '../../db/client.ts';
import type { Clock, Log } from '../ports.ts';

export interface StorePorts {
  /** Opens the database; called again after its worker died or its file turned out damaged. */
  readonly open: () => Promise<Result<OpenDatabase>>;
  readonly clock: Clock;
  readonly log: Log;
  /** Something that the user must be told. */
  readonly onNotice: (notice: Notice) => void;
  /** Done upon every opening before anything else is asked of the database. */
  readonly onOpened?: (database: Database) => Promise<void>;
}

export interface Store extends Database {
  /** Idempotent and bounded. */
  close(): Promise<void>;
}

/** More openings than this within the window of time, and the store stays closed for a while: opening alone mends nothing. */
const openingsAllowed = 5;
const openingsWithinMs = 60_000;

/**
 * The database as the services see it: one that comes back. When the worker dies, what was under way rejects (nobody knows whether
 * it was done) and the next query finds it opened again. When a read meets damage, the file is moved aside and the query is run once
 * more, on the new one.
 */
export async function openStore(ports: StorePorts): Promise<Result<Store>> {
  const { clock, log } = ports;
  const openings: number[] = [];
  let closed = false;

  const mayOpen = (): boolean => {
    const now = clock.now().getTime();
    while ((openings[0] ?? now) < now - openingsWithinMs) openings.shift();
    return openings.length < openingsAllowed;
  };
  const open = async (): Promise<Result<OpenDatabase>> => {
    if (!mayOpen()) return fail('internal', 'The database had to be opened again too often.');
    openings.push(clock.now().getTime());
    const opened = await ports.open();
    if (!opened.ok) return opened;
    const { report } = opened.value;
    if (report.movedAside !== null) {
      log.error('store.moved-aside', { file: report.movedAside, damage: report.damage });
      ports.onNotice({ code: 'database-moved-aside', details: `${report.movedAside}: ${report.damage ?? ''}` });
    }
    if (report.unreadableNotes > 0) log.error('store.outbox-export-unreadable', { lines: report.unreadableNotes });
    try {
      await ports.onOpened?.(opened.value);
    } catch (error) {
      await opened.value.close();
      // The worker has noted it: the next opening looks at every page and moves the file aside.
      if (error instanceof DatabaseError && error.kind === 'damaged') return open();
      throw error;
    }
    return opened;
  };

  const first = await open();
  if (!first.ok) return first;
  let current: Promise<Result<OpenDatabase>> = Promise.resolve(first);

  /** Opens it again instead of `last`, once however many queries ask for it. */
  const replace = (last: Result<OpenDatabase>, why: DatabaseError | Fault): void => {
    if (closed) return;
    const before = current;
    current = (async () => {
      const now = await before;
      if (now !== last) return now;
      log.error('store.reopening', { code: why.code, message: why.message });
      if (last.ok) await last.value.close();
      try {
        return await open();
      } catch (error) {
        return fail('internal', error instanceof Error ? error.message : String(error));
      }
    })();
  };

  const attempt = async <N extends QueryName>(name: N, input: QueryInput<N>, mayRepeat: boolean): Promise<QueryOutput<N>> => {
    if (closed) throw new DatabaseError('gone', '', 'The database is closed.');
    let opened = await current;
    if (!opened.ok && mayOpen()) {
      replace(opened, opened.error);
      opened = await current;
    }
    if (!opened.ok) throw new DatabaseError('gone', '', opened.error.message);
    try {
      return await opened.value.run(name, input);
    } catch (error) {
      if (!(error instanceof DatabaseError) || error.kind === 'failed') throw error;
      replace(opened, error);
      // Damage rolled the query back; death leaves it open whether it was done.
      if (error.kind === 'damaged' && mayRepeat) return attempt(name, input, false);
      throw error;
    }
  };

  return ok({
    run: (name, input) => attempt(name, input, true),
    async close() {
      closed = true;
      const last = await current;
      if (last.ok) await last.value.close();
    },
  });
}
