/** The services' side of the database: typed queries by name, answered by the worker thread. */
import { Worker } from 'node:worker_threads';
import { fail, ok, type Result } from '#contract';
import type { FromWorker, ToWorker, WorkerStart } from './messages.ts';
import type { OpenReport } from './open.ts';
import type { QueryInput, QueryName, QueryOutput } from './queries/index.ts';

export type { OpenReport } from './open.ts';
export type { QueryInput, QueryName, QueryOutput } from './queries/index.ts';

/**
 * Why a query rejected. gone: the worker has died or the database is closed; nothing says whether the query was done ·
 * damaged: the file's content cannot be read; opening again moves it aside · failed: this query only, rolled back.
 */
export type DatabaseFaultKind = 'gone' | 'damaged' | 'failed';

export class DatabaseError extends Error {
  readonly kind: DatabaseFaultKind;
  /** SQLite's name of the error (`SQLITE_CONSTRAINT_UNIQUE`); empty where SQLite had no part in it. */
  readonly code: string;

  constructor(kind: DatabaseFaultKind, code: string, message: string) {
    super(message);
    this.name = 'DatabaseError';
    this.kind = kind;
    this.code = code;
  }
}

/** What the services need of the database; tests may pass their own. */
export interface Database {
  /** Runs one query of main/db/queries. Queries run one after another in the order asked. Rejects with a DatabaseError. */
  run<N extends QueryName>(name: N, input: QueryInput<N>): Promise<QueryOutput<N>>;
}

export interface OpenDatabase extends Database {
  readonly report: OpenReport;
  /** Settles when the worker has ended: with null after close(), with the cause when it died. Never rejects. */
  readonly ended: Promise<DatabaseError | null>;
  /** Finishes what was asked, closes the file and ends the worker. Idempotent and bounded. */
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** Where the files are (main/db/open.ts names them); made when it does not exist. */
  readonly folder: string;
  /** 64 hexadecimal digits: the database's own key. */
  readonly key: string;
  /** main/db/worker.ts, or what it was bundled into. */
  readonly worker: URL;
  /** How long close() waits for the worker before it ends it. Default 5000. */
  readonly closeWithinMs?: number;
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: DatabaseError): void;
}

/**
 * Opens the one database in a thread of its own.
 * Errors: wrong-key, newer-schema, conflict (main/db/open.ts), internal (the worker could not start, or the file not be opened).
 */
export async function openDatabase(options: DatabaseOptions): Promise<Result<OpenDatabase>> {
  const start: WorkerStart = { folder: options.folder, key: options.key };
  const worker = new Worker(options.worker, {
    workerData: start,
    name: 'database',
    // By itself V8 lets the young generation grow to 100 MB and more under a full load of the directory, and keeps it.
    resourceLimits: { maxYoungGenerationSizeMb: 16 },
  });
  const waiting = new Map<number, Waiting>();
  let next = 1;
  let gone: DatabaseError | null = null;
  let closing: Promise<void> | null = null;
  const opening = Promise.withResolvers<Result<OpenReport>>();
  const closed = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<DatabaseError | null>();

  const end = (cause: DatabaseError) => {
    gone ??= cause;
    for (const one of waiting.values()) one.reject(gone);
    waiting.clear();
    opening.resolve(fail('internal', `The database worker could not start: ${cause.message}`));
    closed.resolve();
    ended.resolve(closing ? null : gone);
  };
  worker.on('message', (message: FromWorker) => {
    switch (message.kind) {
      case 'opened':
        opening.resolve(message.result);
        break;
      case 'done':
        waiting.get(message.id)?.resolve(message.value);
        waiting.delete(message.id);
        break;
      case 'failed':
        waiting
          .get(message.id)
          ?.reject(new DatabaseError(message.damaged ? 'damaged' : 'failed', message.code, message.message));
        waiting.delete(message.id);
        break;
      case 'closed':
        closed.resolve();
        break;
    }
  });
  worker.on('error', (error) => end(new DatabaseError('gone', '', `The database worker died: ${error.message}`)));
  worker.on('exit', (code) => end(new DatabaseError('gone', '', `The database worker has ended (exit code ${code}).`)));
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));

  const opened = await opening.promise;
  if (!opened.ok) {
    await exited;
    return opened;
  }

  const post = (message: ToWorker) => worker.postMessage(message);
  const close = async () => {
    if (gone) return;
    const bound = setTimeout(() => void worker.terminate(), options.closeWithinMs ?? 5000);
    post({ kind: 'close' });
    await closed.promise;
    await exited;
    clearTimeout(bound);
  };
  return ok({
    report: opened.value,
    ended: ended.promise,
    run<N extends QueryName>(name: N, input: QueryInput<N>) {
      if (gone || closing) return Promise.reject(gone ?? new DatabaseError('gone', '', 'The database is closed.'));
      const id = next++;
      return new Promise<QueryOutput<N>>((resolve, reject) => {
        waiting.set(id, { resolve: (value) => resolve(value as QueryOutput<N>), reject });
        post({ kind: 'run', id, name, input });
      });
    },
    close: () => (closing ??= close()),
  });
}
