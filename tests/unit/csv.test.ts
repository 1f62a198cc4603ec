/** A helpdesk's files: whatever program wrote them, and whatever befell them. */
import { mkdtempSync, rmSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { generatePeople, peopleCsv } from '../../demo/people/index.ts';
import type { SourcePerson } from '../../main/db/queries/people.ts';
import { csvSource } from '../../main/services/directory/csv/index.ts';
import type { Trouble } from '../../main/services/directory/source.ts';
import { csv } from '../../main/services/settings/directory-schema.ts';

let folder: string;
let file: string;
const never = new AbortController().signal;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'samband-'));
  file = join(folder, 'people.csv');
});
afterAll(() => rmSync(folder, { recursive: true }));

const log = { info() {}, warn() {}, error() {} };
const source = (settings: object = {}) =>
  csvSource({ settings: csv.parse({ kind: 'csv', file, ...settings }), country: 'NO', log });

async function load(content: string | Buffer, settings: object = {}) {
  writeFileSync(file, content);
  const people: SourcePerson[] = [];
  const troubles: Trouble[] = [];
  const result = await source(settings).fullLoad(
    async (batch) => void people.push(...batch),
    never,
    (trouble) => void troubles.push(trouble),
  );
  return { result, people, troubles, fault: result.ok ? '' : `${result.error.code}: ${result.error.message}` };
}

/** What Windows' own 1252 makes of a text. */
function windows1252(text: string): Buffer {
  const special: Readonly<Record<string, number>> = { '€': 0x80, '–': 0x96, '’': 0x92 };
  return Buffer.from(Array.from(text, (sign) => special[sign] ?? sign.charCodeAt(0)));
}

describe('what is read', () => {
  test('what the demo writes is read as it was', async () => {
    const made = generatePeople({ count: 1200, seed: 3, today: new Date() });
    const { result, people, troubles } = await load(peopleCsv(made));
    expect(result.ok).toBe(true);
    expect(troubles).toEqual([]);
    expect(people).toHaveLength(1200);
    people.forEach((person, i) => {
      const { id, name, givenName, familyName, title, unit, agency, keywords, workplace, email } = made[i]!;
      expect(person).toMatchObject({ id, name, givenName, familyName, title, unit, agency, keywords, workplace, email });
      expect(person.deputy?.reference ?? null).toBe(made[i]!.deputyId);
    });
  });

  const rows = ['id;name;keywords;workplace', '7;Bø – Åse;"søppel, avfall";"Rådhuset\n2. etg. «øst»"', ''];
  const bø = { id: '7', name: 'Bø – Åse', keywords: ['søppel', 'avfall'], workplace: 'Rådhuset 2. etg. «øst»' };
  const semicolons = rows.join('\r\n');
  test.each([
    ['UTF-8', semicolons],
    ['UTF-8 with a byte order mark', `\uFEFF${semicolons}`],
    ['Windows-1252', windows1252(semicolons)],
    ['UTF-16, as Excel’s “Unicode text”', Buffer.from(`\uFEFF${semicolons}`, 'utf16le')],
    ['old Macs’ line ends', semicolons.replaceAll('\r\n', '\r')],
    ['Unix’ line ends, and none at the end', semicolons.replaceAll('\r\n', '\n').trimEnd()],
    ['tabs', semicolons.replaceAll(';', '\t')],
    ['commas', semicolons.replaceAll(',', '|').replaceAll(';', ',')],
    ['Excel’s sep= line', `sep=;\r\n${semicolons}`],
    ['empty lines', `${rows[0]}\n\n${rows[1]}\n\n\n`],
  ])('%s', async (_, content) => {
    const { people, troubles, fault } = await load(content);
    expect([fault, troubles]).toEqual(['', []]);
    expect(people).toMatchObject([bø]);
  });

  test('columns by the names that the settings give, in any order and case; what nobody asks for is told', async () => {
    const { people, troubles } = await load(
      'Ressursnr;Fornavn;Etternavn;Enhet;Lønn;Tlf;MOBIL;Vakt\n9;Åse;Bø;BYM;500000;22 05 10 14;92211334;5041\n',
      {
        columns: {
          id: 'ressursNR',
          name: '',
          givenName: 'fornavn',
          familyName: 'Etternavn',
          unit: 'Enhet',
          landline: 'Tlf',
          mobile: ['Vakt', 'Mobil'],
        },
        unitNames: { bym: 'Bymiljøetaten' },
      },
    );
    expect(people).toMatchObject([
      {
        id: '9',
        name: 'Åse Bø',
        unit: 'Bymiljøetaten',
        numbers: [
          { kind: 'landline', value: '+4722051014' },
          { kind: 'mobile', value: '5041' },
          { kind: 'mobile', value: '+4792211334' },
        ],
      },
    ]);
    expect(troubles).toEqual([{ what: 'column', where: 'Lønn' }]);
  });

  test('quotation marks where they do not belong are letters', async () => {
    const { people } = await load('id,name,keywords,deputy\r\n1,"Bø, Kari","a; ""b"";a",Ola Moe\r\n2,Per "Kaja" Li,,\r\n');
    expect(people).toMatchObject([
      { name: 'Bø, Kari', keywords: ['a', '"b"'], deputy: { reference: 'Ola Moe', name: 'Ola Moe' } },
      { name: 'Per "Kaja" Li' },
    ]);
  });
});

describe('what is refused', () => {
  test.each([
    ['nothing', '', {}, /it has no column id; it has no column name/],
    ['no name', 'id,title\n1,x\n', {}, /it has no column name\. Its header: id, title/],
    ['a column of the settings', 'id,name\n1,x\n', { columns: { title: 'Stilling' } }, /it has no column Stilling \(title\)/],
    ['a column twice', 'id,name,Name\n1,x,y\n', {}, /the column name comes twice/],
    ['another delimiter', 'id,name\n1,x\n', { delimiter: ';' }, /it has no column id/],
    ['an open quote', 'id,name\n1,"x\n2,y\n', {}, /not whole CSV/],
    ['a file cut in a letter', Buffer.from('id,name\n1,æøå\n2,ø').subarray(0, -1), {}, /not whole UTF-8/],
    ['UTF-16 cut in a letter', Buffer.from('\uFEFFid,name\n1,ø', 'utf16le').subarray(0, -1), {}, /not whole UTF-16LE/],
    ['another encoding', windows1252('id,name\n1,Bø\n'), { encoding: 'utf-8' }, /not whole UTF-8/],
  ])('%s', async (_, content, settings, expected) => {
    const { fault } = await load(content, settings);
    expect(fault).toMatch(/^rejected: /);
    expect(fault).toMatch(expected);
  });

  test('a file whose rows cannot be read, for the most part; its words stay in it', async () => {
    const good = Array.from({ length: 500 }, (_, i) => `${i},Person ${i}`);
    const bad = Array.from({ length: 27 }, () => 'Hemmelig,x,y');
    const { fault } = await load(['id,name', ...good, ...bad, ''].join('\n'));
    expect(fault).toMatch(/27 of 527 rows cannot be read \(the first: line 502\); the old copy is kept/);
    expect(fault).not.toContain('Hemmelig');
    expect((await load(['id,name', ...good, ...bad.slice(0, 20), ''].join('\n'))).people).toHaveLength(500);
  });
});

test('a bad row is left out and told by its line; the others are read', async () => {
  const { people, troubles } = await load(
    [
      'id,name,landline,workplace',
      '1,Kari,22051014,"Rådhuset',
      '2. etg."',
      ',Ola,,',
      '3,,,',
      '4,Per',
      '5,Per,,,,',
      '1,Kari Igjen,,',
      '6,Gro,sentralbordet,',
    ].join('\n'),
  );
  expect(people.map(({ id, name }) => `${id} ${name}`)).toEqual(['1 Kari', '6 Gro']);
  expect(troubles).toEqual([
    { what: 'no-key', where: 'line 4' },
    { what: 'no-name', where: 'line 5' },
    { what: 'row', where: 'line 6' },
    { what: 'row', where: 'line 7' },
    { what: 'twice', where: 'line 8' },
    { what: 'number', where: 'line 9' },
  ]);
});

describe('a file that is written again', () => {
  const rows = (count: number) => `id,name\n${Array.from({ length: count }, (_, i) => `${i},Person ${i}\n`).join('')}`;
  const later = () => utimesSync(file, new Date(), new Date(Date.now() + 5000));

  async function cursorOfLoad(content: string): Promise<string> {
    const { result } = await load(content);
    if (!result.ok) throw new Error(result.error.message);
    return result.value.cursor;
  }
  const delta = (cursor: string) => source().delta(cursor, async () => {}, never);

  test('is unchanged until then; not there is said', async () => {
    const cursor = await cursorOfLoad('id,name\n1,x\n');
    expect(await delta(cursor)).toEqual({ ok: true, value: { kind: 'unchanged' } });
    later();
    expect(await delta(cursor)).toEqual({ ok: true, value: { kind: 'reload' } });
    expect(await delta('1700000000000 17')).toEqual({ ok: true, value: { kind: 'reload' } });
    rmSync(file);
    expect(await delta(cursor)).toMatchObject({ ok: false, error: { code: 'unreachable' } });
  });

  test.each([
    ['all of it', 200, 200, 'reload'],
    ['more', 200, 2000, 'reload'],
    ['a fifth less', 200, 160, 'reload'],
    ['cut after a line', 200, 159, 'rejected'],
    ['its header only', 200, 0, 'rejected'],
    ['a small one of which twenty left', 30, 10, 'reload'],
    ['a small one of which nobody is left', 15, 0, 'rejected'],
  ])('%s: %i people, then %i: %s', async (_, before, after, expected) => {
    const cursor = await cursorOfLoad(rows(before));
    writeFileSync(file, rows(after));
    later();
    const result = await delta(cursor);
    expect(result.ok ? result.value.kind : result.error.code).toBe(expected);
  });
});

describe('any file', () => {
  const cell = fc
    .string({ unit: fc.constantFrom('a', 'ø', 'Å', '"', ';', ',', '\t', '|', ' ', '-', '\r\n', '\n', '1', '–', '’') })
    .map((text) => text.replace(/^sep=/, ''));
  const person = fc.record({ name: cell, workplace: cell, switchboardNote: cell, title: cell });
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const plain = (text: string) => text.replace(/\s+/g, ' ').trim();
  const written = fc.record({
    people: fc.array(person, { minLength: 1, maxLength: 12 }),
    delimiter: fc.constantFrom(';', ',', '\t'),
    end: fc.constantFrom('\r\n', '\n'),
    encoding: fc.constantFrom('utf-8', 'bom', 'windows-1252', 'utf-16'),
  });
  type Written = typeof written extends fc.Arbitrary<infer T> ? T : never;

  function bytesOf({ people, delimiter, end, encoding }: Written): Buffer {
    const lines = people.map((one, i) =>
      [String(i), `N${one.name}`, one.workplace, one.switchboardNote, one.title].map(quoted).join(delimiter),
    );
    const text =
      ['id', 'name', 'workplace', 'switchboardNote', 'title'].join(delimiter) + end + lines.map((line) => line + end).join('');
    if (encoding === 'windows-1252') return windows1252(text);
    return encoding === 'utf-16'
      ? Buffer.from(`\uFEFF${text}`, 'utf16le')
      : Buffer.from(encoding === 'bom' ? `\uFEFF${text}` : text);
  }
  const asRead = ({ people }: Written) =>
    people.map((one, i) => ({
      id: String(i),
      name: plain(`N${one.name}`),
      workplace: plain(one.workplace),
      switchboardNote: plain(one.switchboardNote) || null,
      title: plain(one.title),
    }));

  test('that is well written is read as it was, whatever is in its cells', async () => {
    await fc.assert(
      fc.asyncProperty(written, async (one) => {
        const { people, troubles, fault } = await load(bytesOf(one));
        expect([fault, troubles]).toEqual(['', []]);
        expect(people).toMatchObject(asRead(one));
      }),
      { numRuns: 150 },
    );
  });

  test('that was cut anywhere gives the people before the cut as they were, or nothing', async () => {
    await fc.assert(
      fc.asyncProperty(written, fc.double({ min: 0, max: 1, noNaN: true }), async (one, where) => {
        writeFileSync(file, bytesOf(one));
        truncateSync(file, Math.floor(statSync(file).size * where));
        const people: SourcePerson[] = [];
        const result = await source({ delimiter: one.delimiter === '\t' ? 'tab' : one.delimiter }).fullLoad(
          async (batch) => void people.push(...batch),
          never,
        );
        if (result.ok) expect(people).toMatchObject(asRead(one).slice(0, people.length));
      }),
      { numRuns: 150 },
    );
  });

  test('of noise is answered with a value', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 400 }),
        fc.constantFrom('', 'id,name\n', 'id;name;title\r\n'),
        async (noise, header) => {
          const { result } = await load(Buffer.concat([Buffer.from(header), noise]));
          expect(result.ok || ['rejected', 'unreachable'].includes(result.error.code)).toBe(true);
        },
      ),
      { numRuns: 150 },
    );
  });
});
