/** A row of the file as a person, by the columns that the settings name. Pure. */
import type { SourceColleague, SourcePerson } from '../../../db/queries/people.ts';
import type { CsvSettings } from '../../settings/index.ts';
import { absenceOf, namesOf, numberValue, oneLine, phoneNumbers, splitName } from '../people.ts';
import type { Trouble } from '../source.ts';
import { Unusable } from './text.ts';

type Facts = keyof CsvSettings['columns'];

const REQUIRED = ['id', 'name'] as const satisfies readonly Facts[];
/** In the order that the helpdesk is told them. */
export const FACTS = [
  ...REQUIRED,
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
] as const satisfies readonly Facts[];

/** Where each fact stands in a row; the first that has a value counts, of lists all. */
export type Columns = ReadonlyMap<Facts, readonly number[]>;

const folded = (name: string) => name.normalize('NFC').trim().toLowerCase();

/**
 * Finds the columns. Throws Unusable when one is not there that the settings name, or without which nobody can be told apart, or when
 * one that is read comes twice. `unread`: columns that nobody asks for.
 */
export function columnsOf(
  file: string,
  header: readonly string[],
  names: CsvSettings['columns'],
): { readonly columns: Columns; readonly unread: readonly string[] } {
  const present = header.map(folded);
  const columns = new Map<Facts, readonly number[]>();
  const complaints: string[] = [];
  const read = new Set<number>();
  for (const fact of FACTS) {
    const named = names[fact];
    const wanted = named === undefined ? [fact] : [named].flat().filter((name) => name !== '');
    const found: number[] = [];
    for (const name of wanted) {
      const at = present.indexOf(folded(name));
      if (at >= 0) found.push(at);
      // A file that has lost a column must not take what it held from everybody.
      else if (named !== undefined || (REQUIRED as readonly string[]).includes(fact)) {
        complaints.push(`it has no column ${name}${name === fact ? '' : ` (${fact})`}`);
      }
      if (at >= 0 && present.lastIndexOf(folded(name)) !== at) complaints.push(`the column ${name} comes twice`);
    }
    for (const at of found) read.add(at);
    if (found.length > 0) columns.set(fact, found);
  }
  if (complaints.length > 0) {
    throw new Unusable(
      `${file}: ${complaints.join('; ')}. Its header: ${header.join(', ').slice(0, 500)}. Names other than Samband's own are given in directory.columns.`,
    );
  }
  return { columns, unread: header.filter((name, at) => name !== '' && !read.has(at)) };
}

function colleagueOf(text: string, country: string): SourceColleague | null {
  if (text === '') return null;
  const number = /^[+\d\s()-]+$/.test(text) ? numberValue(text, country) : null;
  const isName = /\p{L}\s+\p{L}/u.test(text);
  // The id of another row, or else a number or a name in plain writing.
  return { reference: text, name: isName || number !== null ? text : null, number };
}

export interface RowReader {
  readonly columns: Columns;
  readonly delimiter: string;
  readonly country: string;
  readonly unitNames: Readonly<Record<string, string>>;
}

/** Gives the person of a row, or why there is none; `unreadable` is told of a number in which there is none. */
export function rowReader({ columns, delimiter, country, unitNames }: RowReader) {
  // A list inside a cell: by semicolons, bars and lines, and by commas where those do not divide the columns.
  const between = delimiter === ',' ? /[;|\n\r]/ : /[;|\n\r,]/;
  const named = namesOf(unitNames);
  return (cells: readonly string[], unreadable: () => void): SourcePerson | Extract<Trouble['what'], 'no-key' | 'no-name'> => {
    const raw = (fact: Facts) => (columns.get(fact) ?? []).map((at) => cells[at] ?? '');
    const text = (fact: Facts) =>
      raw(fact)
        .map(oneLine)
        .find((one) => one !== '') ?? '';
    const list = (fact: Facts) => [
      ...new Set(
        raw(fact)
          .flatMap((cell) => cell.split(between))
          .map(oneLine)
          .filter((part) => part !== ''),
      ),
    ];
    const numbers = (kind: 'landline' | 'mobile' | 'short', fact: Facts) => raw(fact).map((one) => ({ kind, text: one }));
    const id = text('id');
    const name = text('name') || [text('givenName'), text('familyName')].filter((part) => part !== '').join(' ');
    if (id === '') return 'no-key';
    if (name === '') return 'no-name';
    const split = splitName(name);
    const alternative = text('alternativeNumber');
    const alternativeNumber = alternative === '' ? null : numberValue(alternative, country);
    if (alternative !== '' && alternativeNumber === null) unreadable();
    return {
      id,
      reference: id,
      name,
      givenName: text('givenName') || split.givenName,
      familyName: text('familyName') || split.familyName,
      title: text('title'),
      unit: named(text('unit')),
      agency: named(text('agency')),
      keywords: list('keywords'),
      workplace: text('workplace'),
      email: text('email') || null,
      numbers: phoneNumbers(
        [...numbers('landline', 'landline'), ...numbers('mobile', 'mobile'), ...numbers('short', 'shortNumber')],
        country,
        unreadable,
      ),
      nicknames: list('nicknames'),
      deputy: colleagueOf(text('deputy'), country),
      alternativeNumber,
      manager: colleagueOf(text('manager'), country),
      openingHours: text('openingHours') || null,
      switchboardNote: text('switchboardNote') || null,
      absence: absenceOf(text('absence')),
    };
  };
}
