/** The directory of a file: CSV with a header, as a payroll system or a spreadsheet writes it. */
import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { z } from 'zod';
import { fail, ok, type Result } from '#contract';
import type { SourcePerson } from '../../../db/queries/people.ts';
import type { Log } from '../../ports.ts';
import type { CsvSettings } from '../../settings/index.ts';
import { countTroubles } from '../ldap/server.ts';
import type { DirectorySource, Loaded, TakePeople, TellTrouble } from '../source.ts';
import { plausiblyGone } from '../timing.ts';
import { columnsOf, FACTS, rowReader } from './rows.ts';
import { decoded, divisionOf, encodingOf, quoting, Unusable } from './text.ts';

export interface CsvPorts {
  readonly settings: CsvSettings;
  /** What a number without a country code is taken for (ISO 3166). */
  readonly country: string;
  readonly log: Log;
}

const BATCH = 500;
/** Enough for any header. */
const BEGINNING = 100_000;

const parsedRow = z.object({ record: z.array(z.string()), info: z.object({ lines: z.number() }) });

/** Which writing of the file, and how many people were in it. */
const cursorOf = (version: string, people: number) => JSON.stringify({ version, people });
const readCursor = z.object({ version: z.string(), people: z.int() });

function parseCursor(cursor: string): z.infer<typeof readCursor> | null {
  try {
    return readCursor.safeParse(JSON.parse(cursor)).data ?? null;
  } catch {
    return null;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function faultOf(error: unknown, file: string): Result<never> {
  if (error instanceof Unusable) return fail('rejected', error.message);
  // csv-parse's own messages can quote the file's text, which is personal data.
  if (error instanceof CsvError) {
    const line = typeof error['lines'] === 'number' ? `, line ${error['lines']}` : '';
    return fail('rejected', `${file}${line}: the file is not whole CSV (${error.code}).`);
  }
  if (codeOf(error) === 'ENOENT') return fail('unreachable', `${file} is not there.`);
  return fail('unreachable', `${file} cannot be read (${codeOf(error) || 'unknown cause'}).`);
}

/** So many rows that cannot be used are left out; with more, the file is not what it was, and the copy is kept. */
const mayDrop = (rows: number) => Math.max(20, rows * 0.05);

/**
 * Reads people from a CSV file, whatever of the usual ways it is written in. A row that cannot be used is told and left out; a file that has
 * lost many rows or people is refused (`rejected`), for it may have been cut.
 */
export function csvSource({ settings, country, log }: CsvPorts): DirectorySource {
  const { file } = settings;

  async function version(): Promise<string> {
    const { mtimeMs, size } = await stat(file);
    return `${mtimeMs} ${size}`;
  }

  async function beginningOf(encoding: Parameters<typeof decoded>[1], signal: AbortSignal): Promise<string> {
    let text = '';
    for await (const piece of decoded(file, encoding, signal)) {
      text += piece;
      if (text.length >= BEGINNING) break;
    }
    return text;
  }

  /** Reads the file once, people as they come; answers how many. */
  async function readAll(take: TakePeople, signal: AbortSignal, tell: TellTrouble = () => {}): Promise<number> {
    const encoding = await encodingOf(file, settings.encoding, signal);
    const { delimiter, before, header } = divisionOf(await beginningOf(encoding, signal), settings.delimiter);
    const { columns, unread } = columnsOf(file, header, settings.columns);
    for (const name of unread) tell({ what: 'column', where: name });
    const read = rowReader({ columns, delimiter, country, unitNames: settings.unitNames });

    const parser = parse({ ...quoting, info: true, delimiter, relax_column_count: true, from_line: before + 1 });
    const input = Readable.from(decoded(file, encoding, signal), { objectMode: false });
    input.on('error', (error) => parser.destroy(error));
    input.pipe(parser);
    try {
      const seen = new Set<string>();
      let batch: SourcePerson[] = [];
      let rows = -1;
      let dropped = 0;
      let firstDropped = '';
      for await (const raw of parser) {
        const { record, info } = parsedRow.parse(raw);
        rows += 1;
        if (rows === 0) continue;
        // Where the row begins: the parser counts to where it ends.
        const where = `line ${info.lines - record.reduce((lines, cell) => lines + (cell.match(/\r\n|\r|\n/g)?.length ?? 0), 0)}`;
        const person = record.length === header.length ? read(record, () => tell({ what: 'number', where })) : 'row';
        if (typeof person === 'string') {
          dropped += 1;
          firstDropped ||= where;
          tell({ what: person, where });
        } else if (seen.has(person.id)) tell({ what: 'twice', where });
        else {
          seen.add(person.id);
          batch.push(person);
        }
        if (batch.length === BATCH) {
          await take(batch);
          batch = [];
        }
      }
      if (dropped > mayDrop(rows)) {
        throw new Unusable(
          `${file}: ${dropped} of ${rows} rows cannot be read (the first: ${firstDropped}); the old copy is kept. Is the file whole, and divided as the settings say?`,
        );
      }
      if (batch.length > 0) await take(batch);
      return seen.size;
    } finally {
      input.destroy();
    }
  }

  async function readWhole(take: TakePeople, signal: AbortSignal, tell?: TellTrouble): Promise<Loaded> {
    const now = await version();
    const people = await readAll(take, signal, tell);
    // Written while it was read: what we have may be half of either.
    if ((await version()) !== now) throw new Unusable(`${file} changed while it was read; it will be read again.`);
    return { cursor: cursorOf(now, people) };
  }

  return {
    identity: createHash('sha256')
      .update(
        JSON.stringify([
          'csv',
          file,
          country,
          settings.columns,
          settings.delimiter,
          settings.encoding,
          settings.unitNames,
          FACTS,
        ]),
      )
      .digest('hex'),
    async fullLoad(take, signal, tell) {
      const troubles = countTroubles(log, tell);
      try {
        return ok(await readWhole(take, signal, troubles.tell));
      } catch (error) {
        return faultOf(error, file);
      } finally {
        troubles.write();
      }
    },
    async delta(cursor, _take, signal, tell) {
      try {
        const before = parseCursor(cursor);
        if (before !== null && (await version()) === before.version) return ok({ kind: 'unchanged' });
        if (before === null) return ok({ kind: 'reload' });
        // Counted before anything is replaced: a file that was cut between two lines looks like any other.
        const people = await readAll(async () => {}, signal, tell);
        if (people < before.people && !plausiblyGone(before.people, before.people - people)) {
          throw new Unusable(
            `${file} has ${people} people, where there were ${before.people}; the old copy is kept. Was it cut? If it is right, give it another name, also in the settings.`,
          );
        }
        return ok({ kind: 'reload' });
      } catch (error) {
        return faultOf(error, file);
      }
    },
  };
}
