/** The dry run of the directory: what the helpdesk sees, the exit code, and what the log does not hear. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { directoryDryRun } from '../../main/services/launch/dry-run.ts';
import { systemClock } from '../../main/services/system.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'samband-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function run(settings: unknown, options: { locale?: string; provision?: object } = {}) {
  const settingsFile = join(folder, 'settings.json');
  writeFileSync(settingsFile, JSON.stringify(settings));
  const provisionFile = join(folder, 'provision.json');
  if (options.provision) writeFileSync(provisionFile, JSON.stringify(options.provision));
  const before = readdirSync(folder);
  let printed = '';
  const logged: unknown[] = [];
  const write = (event: string, details: object = {}) => void logged.push({ event, ...details });
  const code = await directoryDryRun({
    settingsFile,
    policyFile: null,
    provisionFile,
    secrets: {
      get: async () => null,
      set: () => Promise.reject(new Error('stored')),
      remove: () => Promise.reject(new Error('stored')),
    },
    clock: systemClock,
    random: { uuid: () => '', fraction: () => 0.99 },
    log: { info: write, warn: write, error: write },
    locale: options.locale ?? 'nb-NO',
    logFolder: folder,
    print: (text) => (printed += text),
    signal: new AbortController().signal,
  });
  expect(readdirSync(folder)).toEqual(before);
  return { code, printed, logged };
}

function csv(text: string): object {
  const file = join(folder, 'people.csv');
  writeFileSync(file, text);
  return { directory: { kind: 'csv', file } };
}

test('ten people as they are mapped, how many have what, and nothing left out', async () => {
  const rows = Array.from(
    { length: 40 },
    (_, i) => `${i};Person ${i};søppel, avfall;22 05 10 14;${i % 4 === 0 ? 'FER: 2026-12-01' : ''}`,
  );
  const { code, printed, logged } = await run(csv(['id;name;keywords;landline;absence', ...rows].join('\n')));
  expect(code).toBe(0);
  expect(printed).toContain('40 personer ble lest.');
  expect(printed).toContain(
    '  1. Person 0\n     nøkkel: 0\n     stikkord: søppel, avfall\n     fasttelefon: +4722051014\n     fravær: holiday 2026-1',
  );
  expect(printed.match(/^ {1,2}\d+\. Person/gm)).toHaveLength(10);
  expect(printed).toMatch(/^ {2}stikkord +40 {2}100 %$/m);
  expect(printed).toMatch(/^ {2}fravær +10 {2}25 %$/m);
  expect(printed).toMatch(/^ {2}mobil +0 {2}0 %$/m);
  expect(printed).toContain('Ingenting er utelatt.\n\nIngenting er lagret.');
  expect(logged).toEqual([{ event: 'directory.dry-run', people: 40, dropped: {}, code: null }]);
});

test('what is left out and why, by its line; of many the first; the log has the counts alone', async () => {
  const rows = [
    '1;Kari Hemmelig;x',
    ';Ola Hemmelig;',
    '3;;',
    '1;Per Hemmelig;',
    '5;Gro',
    ...Array.from({ length: 12 }, (_, i) => `n${i};Navn;ingen`),
  ];
  const { code, printed, logged } = await run(csv(['id;name;mobile', ...rows].join('\n')), { locale: 'en-GB' });
  expect(code).toBe(3);
  expect(printed).toContain('13 people were read.');
  expect(printed).toContain(
    'Left out:\n  13 numbers that cannot be read: the people are there, without the number\n    among them line 2 · line 7',
  );
  expect(printed).toContain('  1 without a key: left out\n    line 3\n');
  expect(printed).toContain('  1 without a name: left out\n    line 4\n');
  expect(printed).toContain('  1 with a key that somebody else has: left out\n    line 5\n');
  expect(printed).toContain('  1 lines that cannot be read: left out\n    line 6\n');
  expect(logged).toContainEqual({
    event: 'directory.dry-run',
    people: 13,
    dropped: { number: 13, 'no-key': 1, 'no-name': 1, twice: 1, row: 1 },
    code: null,
  });
  expect(JSON.stringify(logged)).not.toMatch(/Hemmelig|Kari|line/);
});

test('a column that nobody asks for is told, and is no fault', async () => {
  const { code, printed } = await run(csv('id,name,lønn\n1,Kari,500000\n'), { locale: 'nn-NO' });
  expect(code).toBe(0);
  expect(printed).toContain('1 kolonnar som ikkje blir brukte\n    lønn');
});

test('a terminal is not at the mercy of what a directory holds', async () => {
  const { printed } = await run(csv('id,name\n1,"Kari\u001b[2J\u0007"\n'));
  for (const sign of ['\u001b', '\u0007']) expect(printed).not.toContain(sign);
});

describe('it is told by the exit code, and in words, that', () => {
  test.each([
    [
      'the file is not there',
      { directory: { kind: 'csv', file: '/nowhere/people.csv' } },
      4,
      /Ingen ble lest\.\nKatalogen kunne ikke leses til ende: unreachable: .*is not there/,
    ],
    ['nobody is in it', null, 4, /Ingen ble lest/],
    ['the settings name no directory', {}, 10, /name no directory/],
    ['the settings are wrong', { directory: { kind: 'csv' } }, 10, /directory\.file/],
    [
      'the password is not known',
      { directory: { kind: 'ldap', url: 'ldap://127.0.0.1:1', bindDn: 'cn=a', baseDn: 'dc=b' } },
      4,
      /secret-missing/,
    ],
  ])('%s', async (_, settings, expected, words) => {
    const { code, printed } = await run(settings ?? csv('id,name\n'));
    expect(code).toBe(expected);
    expect(printed).toMatch(words);
  });

  test('the server cannot be reached, with the password from a provision file that stays', async () => {
    const settings = { directory: { kind: 'ldap', url: 'ldap://127.0.0.1:1', bindDn: 'cn=a', baseDn: 'dc=b' } };
    const { code, printed } = await run(settings, { provision: { secrets: { directory: 'hemmelig' } } });
    expect(code).toBe(4);
    expect(printed).toMatch(/unreachable/);
    expect(printed).not.toContain('hemmelig');
    expect(readdirSync(folder)).toContain('provision.json');
  });
});
