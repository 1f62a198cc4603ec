import { copyFileSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import { databaseFiles } from '../../main/db/files.ts';
import { openInFolder } from '../../main/db/open.ts';
import { queries } from '../../main/db/queries/index.ts';
import { callNumber, key } from './support.ts';

/** Opens in this thread, which is faster than a worker for what is only prepared. */
function openHere(at: string) {
  const result = openInFolder(at, key, new Date());
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

function fill(database: Database, calls: number): void {
  // Several transactions, few enough that the disk does not make the tests slow.
  const some = database.transaction((from: number) => {
    for (let index = from; index < Math.min(from + 20, calls); index += 1) queries['callLog.add'](database, callNumber(index));
  });
  for (let from = 0; from < calls; from += 20) some(from);
}

/** A closed database in `at` with `calls` calls in it, big enough to have pages in the middle. */
export function filled(at: string, calls = 300): string {
  const { database, outboxExport } = openHere(at);
  fill(database, calls);
  outboxExport.close();
  database.close();
  return at;
}

/** What a process killed in `at` leaves, copied to `left`: the pages are in the log, which nobody has folded into the database. */
export function killed(at: string, left: string, calls = 300): string {
  const files = databaseFiles(at);
  const { database, outboxExport } = openHere(at);
  fill(database, calls);
  for (const file of [files.database, files.log, files.keyCheck]) copyFileSync(file, file.replace(at, left));
  outboxExport.close();
  database.close();
  return left;
}
