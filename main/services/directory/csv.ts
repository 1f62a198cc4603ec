/** The directory of a file: CSV with a header, such as a payroll system writes every night. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { CsvError, parse } from 'csv-parse';
import { z } from 'zod';
import { fail, ok, type Result } from '#contract';
import type { SourceColleague, SourcePerson } from '../../db/queries/people.ts';
import type { CsvSettings } from '../settings/index.ts';
import { absenceOf, numberValue, oneLine, phoneNumbers, splitName } from './people.ts';
import type { DirectorySource, Loaded, TakePeople } from './source.ts';

export interface CsvPorts {
  readonly settings: CsvSettings;
  /** What a number without a country code is taken for (ISO 3166). */
  readonly country: string;
}

const REQUIRED = ['id', 'name'] as const;
const OPTIONAL = [
  'givenName',
  'familyName',
  'title',
  'unit',
  'agency',
  'keywords',
  'workplace',
  'email',
  'landline',
  'mobile',
  'shortNumber',
  'nicknames',
  'deputy',
  'alternativeNumber',
  'manager',
  'openingHours',
  'switchboardNote',
  'absence',
] as const;
const known: readonly string[] = [...REQUIRED, ...OPTIONAL];
const BATCH = 500;

const row = z.record(z.string(), z.string());
const parsedRow = z.object({ record: row, info: z.object({ lines: z.number() }) });

/** A file that cannot be used, in the helpdesk's words. */
class Unusable extends Error {}

function checkHeader(file: string, header: readonly string[]): string[] {
  const names = header.map((name) => name.trim());
  const missing = REQUIRED.filter((name) => !names.includes(name));
  const strange = names.filter((name) => !known.includes(name));
  const twice = names.filter((name, i) => names.indexOf(name) !== i);
  const complaints = [
    ...(missing.length > 0 ? [`it has no column ${missing.join(', ')}`] : []),
    ...(strange.length > 0 ? [`the column ${strange.join(', ')} is not known`] : []),
    ...(twice.length > 0 ? [`the column ${twice.join(', ')} comes twice`] : []),
  ];
  if (complaints.length > 0) {
    throw new Unusable(
      `${file}, line 1: ${complaints.join('; ')}. Expected: ${REQUIRED.join(', ')}, and any of ${OPTIONAL.join(', ')}.`,
    );
  }
  return names;
}

function colleagueOf(text: string, country: string): SourceColleague | null {
  if (text === '') return null;
  const number = /^[+\d\s()-]+$/.test(text) ? numberValue(text, country) : null;
  const isName = /\p{L}\s+\p{L}/u.test(text);
  // The id of another row, or else a number or a name in plain writing.
  return { reference: text, name: isName || number !== null ? text : null, number };
}

function personOf(values: Readonly<Record<string, string>>, country: string): SourcePerson | string {
  const text = (column: (typeof REQUIRED)[number] | (typeof OPTIONAL)[number]) => oneLine(values[column] ?? '');
  const list = (column: (typeof OPTIONAL)[number]) => [
    ...new Set(
      text(column)
        .split(';')
        .map(oneLine)
        .filter((part) => part !== ''),
    ),
  ];
  const id = text('id');
  const name = text('name');
  const alternative = text('alternativeNumber');
  if (id === '') return 'the column id is empty';
  if (name === '') return 'the column name is empty';
  const split = splitName(name);
  return {
    id,
    reference: id,
    name,
    givenName: text('givenName') || split.givenName,
    familyName: text('familyName') || split.familyName,
    title: text('title'),
    unit: text('unit'),
    agency: text('agency'),
    keywords: list('keywords'),
    workplace: text('workplace'),
    email: text('email') || null,
    numbers: phoneNumbers(
      [
        { kind: 'landline', text: text('landline') },
        { kind: 'mobile', text: text('mobile') },
        { kind: 'short', text: text('shortNumber') },
      ],
      country,
    ),
    nicknames: list('nicknames'),
    deputy: colleagueOf(text('deputy'), country),
    alternativeNumber: alternative === '' ? null : numberValue(alternative, country),
    manager: colleagueOf(text('manager'), country),
    openingHours: text('openingHours') || null,
    switchboardNote: text('switchboardNote') || null,
    absence: absenceOf(text('absence')),
  };
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

/** Reads people from a CSV file (UTF-8; columns: REQUIRED and OPTIONAL). A changed file is read whole. */
export function csvSource({ settings, country }: CsvPorts): DirectorySource {
  const { file } = settings;

  async function version(): Promise<string> {
    const { mtimeMs, size } = await stat(file);
    return `${mtimeMs} ${size}`;
  }

  async function readAll(take: TakePeople, signal: AbortSignal): Promise<Loaded> {
    const cursor = await version();
    const parser = parse({
      bom: true,
      info: true,
      skip_empty_lines: true,
      columns: (header: string[]) => checkHeader(file, header),
    });
    const input = createReadStream(file, { signal });
    input.on('error', (error) => parser.destroy(error));
    input.pipe(parser);
    try {
      const seen = new Map<string, number>();
      let batch: SourcePerson[] = [];
      for await (const raw of parser) {
        const { record, info } = parsedRow.parse(raw);
        const person = personOf(record, country);
        if (typeof person === 'string') throw new Unusable(`${file}, line ${info.lines}: ${person}.`);
        const before = seen.get(person.id);
        if (before !== undefined) throw new Unusable(`${file}, line ${info.lines}: the id of line ${before} comes again.`);
        seen.set(person.id, info.lines);
        batch.push(person);
        if (batch.length === BATCH) {
          await take(batch);
          batch = [];
        }
      }
      if (batch.length > 0) await take(batch);
    } finally {
      input.destroy();
    }
    // Written while it was read: what we have may be half of either.
    if ((await version()) !== cursor) throw new Unusable(`${file} changed while it was read; it will be read again.`);
    return { cursor };
  }

  return {
    identity: createHash('sha256')
      .update(JSON.stringify(['csv', file, country, known]))
      .digest('hex'),
    async fullLoad(take, signal) {
      try {
        return ok(await readAll(take, signal));
      } catch (error) {
        return faultOf(error, file);
      }
    },
    async delta(cursor) {
      try {
        return ok((await version()) === cursor ? { kind: 'unchanged' } : { kind: 'reload' });
      } catch (error) {
        return faultOf(error, file);
      }
    },
  };
}
