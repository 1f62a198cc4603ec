/** What people say instead of what the directory writes: the shipped list, and the helpdesk's own. */
import { readFile, stat } from 'node:fs/promises';
import { getNodeValue } from 'jsonc-parser';
import { z } from 'zod';
import { fail, ok, type Result } from '#contract';
import shippedList from '../../../resources/synonyms.json' with { type: 'json' };
import type { Database } from '../../db/client.ts';
import type { Clock, Log } from '../ports.ts';
import { explain, parseSource } from '../settings/plain.ts';

/** How often it is seen whether the helpdesk has changed the file. */
const LOOK_MS = 5000;

const text = z.string().trim().min(1).max(80);
/** Texts of a group mean the same, both ways. `shipped`: whether the list that ships counts too. */
const synonymsFile = z.strictObject({
  shipped: z.boolean().default(true),
  groups: z.array(z.array(text).min(2).max(40)).max(2000),
});

type Groups = readonly (readonly string[])[];

const shipped: Groups = shippedList.groups;

/** Reads the helpdesk's list (JSON; comments are allowed). Errors: invalid-input, with the line; unreachable. */
export async function readSynonyms(file: string): Promise<Result<Groups>> {
  let content: string;
  try {
    content = await readFile(file, 'utf8');
  } catch {
    return fail('unreachable', `${file} cannot be read.`);
  }
  const parsed = parseSource(file, content.replace(/^\uFEFF/, ''));
  if ('problem' in parsed) return fail('invalid-input', parsed.problem);
  const { tree } = parsed.source;
  const list = synonymsFile.safeParse(tree && getNodeValue(tree));
  if (!list.success) return fail('invalid-input', explain(list.error.issues, [parsed.source]));
  return ok(list.data.shipped ? [...shipped, ...list.data.groups] : list.data.groups);
}

export interface SynonymsPorts {
  readonly database: Database;
  /** The helpdesk's list; null: the shipped one alone. */
  readonly file: string | null;
  readonly clock: Clock;
  readonly log: Log;
  /** The list, or what is wrong with it, is another than before. */
  readonly onChange: () => void;
}

export interface SynonymLists {
  /** What is wrong with the helpdesk's list, in words and with the line; null: nothing. The last good one stays in use. */
  fault(): string | null;
  /** The database's worker is another: tells it again. */
  reopened(): void;
  close(): Promise<void>;
}

/** Gives the search its synonyms, at once and whenever the file is changed. */
export function createSynonyms({ database, file, clock, log, onChange }: SynonymsPorts): SynonymLists {
  let groups = shipped;
  let fault: string | null = null;
  let seen: string | null = null;
  let cancel: (() => void) | null = null;
  let closed = false;
  let working: Promise<void> = Promise.resolve();

  const tell = async () => {
    try {
      await database.run('people.synonyms', { groups });
    } catch (error) {
      log.error('directory.synonyms-failed', { cause: error instanceof Error ? error.message : String(error) });
    }
  };

  async function look(from: string): Promise<void> {
    const found = await stat(from).catch(() => null);
    const version = found ? `${found.mtimeMs} ${found.size}` : 'not there';
    if (version !== seen) {
      seen = version;
      const read = await readSynonyms(from);
      fault = read.ok ? null : read.error.message;
      if (read.ok) {
        groups = read.value;
        await tell();
      } else log.warn('directory.synonyms-fault', { code: read.error.code });
      if (!closed) onChange();
    }
    if (!closed) cancel = clock.after(LOOK_MS, () => void (working = look(from)));
  }

  const start = async () => {
    await tell();
    if (file !== null) await look(file);
  };
  working = start();

  return {
    fault: () => fault,
    reopened() {
      working = working.then(tell);
    },
    async close() {
      closed = true;
      cancel?.();
      await working;
      cancel?.();
    },
  };
}
