/** The thread that owns the database. Everything it does begins with a message from main/db/client.ts. */
import { writeFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { fail, type Result } from '#contract';
import { databaseFiles } from './files.ts';
import type { FromWorker, ToWorker, WorkerStart } from './messages.ts';
import { meansDamage, openInFolder, sqliteCode, type OpenedDatabase } from './open.ts';
import { queries, type Query } from './queries/index.ts';

const port = parentPort;
if (!port) throw new Error('The database worker runs in a worker thread only.');
const start = workerData as WorkerStart;
const tell = (message: FromWorker) => port.postMessage(message);

const text = (error: unknown) => (error instanceof Error ? error.message : String(error));

function open(): Result<OpenedDatabase> {
  try {
    return openInFolder(start.folder, start.key, new Date());
  } catch (error) {
    return fail('internal', `The database in ${start.folder} could not be opened: ${sqliteCode(error)} ${text(error)}`);
  }
}

const opened = open();
tell({ kind: 'opened', result: opened.ok ? { ok: true, value: opened.value.report } : opened });

function answer(database: OpenedDatabase['database'], message: Extract<ToWorker, { kind: 'run' }>): void {
  try {
    // The client's types tie the name to its input; they do not reach across the thread.
    const query = queries[message.name] as Query<unknown, unknown>;
    tell({ kind: 'done', id: message.id, value: query(database, message.input) });
  } catch (error) {
    const damaged = meansDamage(error);
    if (damaged) writeFileSync(databaseFiles(start.folder).suspect, '');
    tell({ kind: 'failed', id: message.id, damaged, code: sqliteCode(error), message: text(error) });
  }
}

if (opened.ok) {
  const { database, outboxExport } = opened.value;
  port.on('message', (message: ToWorker) => {
    if (message.kind === 'run') {
      answer(database, message);
      return;
    }
    outboxExport.close();
    database.close();
    tell({ kind: 'closed' });
    port.close();
  });
} else {
  port.close();
}
