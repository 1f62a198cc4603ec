import { fail, ok, type OutboxStatus, type Result } from '#contract';
import type { Database } from '../../db/client.ts';
import type { CrmPort } from '../crm/index.ts';
import { createSender, defaultTimings, type SenderTimings } from '../outbox/index.ts';
import type { Clock, Emit, Log, Random } from '../ports.ts';
import type { Feature } from '../router.ts';

export interface NotesPorts {
  readonly database: Database;
  /** Null: no case system is configured; notes are kept until one is. */
  readonly crm: CrmPort | null;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly emit: Emit;
  /** Days after which a note that the CRM has is deleted here. */
  readonly keepDays: number;
  readonly timings?: Partial<SenderTimings>;
  /** A note has arrived: what is cached about its case is out of date. */
  readonly onSent?: (caseId: string | null) => void;
}

type Calls = 'drafts.list' | 'drafts.save' | 'notes.submit' | 'outbox.status' | 'outbox.retry';

export interface Notes extends Feature<Calls> {
  /** Somebody signed in to the CRM: sending goes on. */
  resume(): void;
  /** The CRM answered elsewhere, so it is back: look now instead of at the next attempt. */
  wake(): void;
}

/** So many unsent notes are shown; the figures count all. */
const shown = 200;
const dayMs = 24 * 60 * 60 * 1000;

/**
 * To be done upon every opening of the database, before anything is submitted: notes that only the sealed journal has are taken up
 * again. Answers how many.
 */
export function recoverOutbox(database: Database, clock: Clock): Promise<number> {
  return database.run('outbox.recover', { at: clock.now().toISOString() });
}

/** Drafts, finished notes and their way to the CRM. Sending begins at once. */
export function createNotes(ports: NotesPorts): Notes {
  const { database, crm, clock, log, emit } = ports;
  let telling = false;
  let tellAgain = false;
  let closed = false;

  const status = async (): Promise<OutboxStatus> => {
    const figures = await database.run('outbox.figures', { most: shown });
    const state = sender?.status() ?? { unreachableSince: null, paused: null };
    return {
      ...state,
      pending: figures.pending,
      parked: figures.parked,
      lastSentAt: figures.lastSentAt,
      unsent: [...figures.unsent],
    };
  };

  /** One event for changes that come together. */
  const tell = () => {
    if (closed) return;
    if (telling) {
      tellAgain = true;
      return;
    }
    telling = true;
    void status()
      .then((value) => {
        if (!closed) emit('outbox.changed', value);
      })
      .catch((error: unknown) => {
        if (!closed) log.warn('outbox.status-failed', { cause: error instanceof Error ? error.message : String(error) });
      })
      .finally(() => {
        telling = false;
        if (!tellAgain) return;
        tellAgain = false;
        tell();
      });
  };

  const sender = crm
    ? createSender({
        database,
        crm,
        clock,
        random: ports.random,
        log,
        timings: { ...defaultTimings, ...ports.timings },
        onChange: tell,
        onSent: (note) => ports.onSent?.(note.caseId),
      })
    : null;
  sender?.wake();

  const purge = () => {
    const before = new Date(clock.now().getTime() - ports.keepDays * dayMs).toISOString();
    database.run('notes.purgeSent', { before }).catch((error: unknown) => {
      if (!closed) log.warn('notes.purge-failed', { cause: error instanceof Error ? error.message : String(error) });
    });
  };

  return {
    handlers: {
      'drafts.list': async () => ok(await database.run('drafts.list', null)),
      async 'drafts.save'(draft) {
        return ok(await database.run('drafts.save', { draft, at: clock.now().toISOString() }));
      },
      async 'notes.submit'(note) {
        const stored = await database.run('notes.submit', { note, at: clock.now().toISOString() });
        sender?.wake();
        tell();
        purge();
        return ok(stored);
      },
      'outbox.status': async () => ok(await status()),
      async 'outbox.retry'({ noteId }): Promise<Result<OutboxStatus>> {
        const known = await database.run('notes.get', { id: noteId });
        if (!known) return fail('not-found', 'There is no such note.');
        await database.run('outbox.unpark', { id: noteId });
        sender?.wake();
        tell();
        return ok(await status());
      },
    },
    secretChanged(name) {
      if (name === 'crm') sender?.resume();
    },
    resume: () => sender?.resume(),
    wake: () => sender?.wake(),
    async close() {
      closed = true;
      sender?.close();
    },
  };
}
