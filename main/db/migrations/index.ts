import type { Database } from 'better-sqlite3';
import { foundation } from './001-foundation.ts';
import { directory } from './002-directory.ts';
import { cases } from './003-cases.ts';
import { notesOutbox } from './004-notes-outbox.ts';
import { personFacts } from './005-person-facts.ts';
import { calendars } from './006-calendars.ts';
import { use } from './007-use.ts';

/** One step of the schema. `id` becomes the file's user_version; numbers have no gaps and a released step never changes. */
export interface Migration {
  readonly id: number;
  readonly name: string;
  up(database: Database): void;
}

/** In order. */
export const migrations: readonly Migration[] = [foundation, directory, cases, notesOutbox, personFacts, calendars, use];

/** The schema that this program writes. */
export function latestVersion(steps: readonly Migration[] = migrations): number {
  return steps.at(-1)?.id ?? 0;
}

/** The schema that the file has. */
export function schemaVersion(database: Database): number {
  return Number(database.pragma('user_version', { simple: true }));
}

/** Brings the schema up to `target`, one transaction a step: a kill in between leaves a whole older version. */
export function migrate(database: Database, target: number = latestVersion(), steps: readonly Migration[] = migrations): void {
  for (const step of steps) {
    if (step.id <= schemaVersion(database) || step.id > target) continue;
    database
      .transaction(() => {
        step.up(database);
        database.pragma(`user_version = ${step.id}`);
      })
      .immediate();
  }
}
