/** The dry run against a real server, by the program that the helpdesk runs. */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { generatePeople } from '../../demo/people/index.ts';
import { scratch } from './process.ts';
import { startSlapd, type Slapd } from './servers/slapd.ts';

const people = generatePeople({ count: 60, seed: 11, today: new Date() });
let slapd: Slapd;
beforeAll(async () => {
  slapd = await startSlapd({ people });
});
afterAll(() => slapd.stop());

async function dryRun(directory: object, password: string): Promise<{ code: number | null; printed: string; folder: string }> {
  const folder = scratch('dry-run');
  const settings = join(folder, 'settings.json');
  const provision = join(folder, 'provision.json');
  writeFileSync(
    settings,
    JSON.stringify({ directory: { kind: 'ldap', url: slapd.url, bindDn: slapd.bindDn, baseDn: slapd.baseDn, ...directory } }),
  );
  writeFileSync(provision, JSON.stringify({ secrets: { directory: password } }));
  const program = join(import.meta.dirname, '../../host/run.ts');
  const args = [
    '--directory-dry-run',
    '--config',
    settings,
    '--provision',
    provision,
    '--policy',
    join(folder, 'none'),
    '--data',
    join(folder, 'data'),
  ];
  const child = spawn(process.execPath, [program, ...args], { env: { ...process.env, LC_ALL: 'en_GB.UTF-8' } });
  let printed = '';
  child.stdout.on('data', (part: Buffer) => (printed += part.toString('utf8')));
  child.stderr.on('data', (part: Buffer) => (printed += part.toString('utf8')));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, printed, folder };
}

test('everybody is counted, ten are shown, and only the log is written, without them', async () => {
  const { code, printed, folder } = await dryRun({}, slapd.password);
  expect([code, printed]).toEqual([0, expect.stringContaining(`${people.length} people were read.`)]);
  const shown = [...printed.matchAll(/^ {1,2}\d+\. (.*)$/gm)].map(([, name]) => name);
  expect(shown).toHaveLength(10);
  for (const name of shown) expect(people.map((person) => person.name)).toContain(name);
  expect(readdirSync(join(folder, 'data'))).toEqual(['logs']);
  const log = readFileSync(join(folder, 'data/logs/samband.log'), 'utf8');
  expect(log).toContain('directory.dry-run');
  for (const { name, email } of people) for (const text of [name, email]) expect(log).not.toContain(text);
});

test('a filter that finds more than people is seen by what is left out, with its DN', async () => {
  const { code, printed } = await dryRun({ filter: '(objectClass=*)' }, slapd.password);
  expect(code).toBe(3);
  expect(printed).toContain(`${people.length} people were read.`);
  expect(printed).toMatch(/Left out:\n {2}\d without a name: left out\n.*\bou=people,/);
});

test('a wrong password is said', async () => {
  const { code, printed } = await dryRun({}, 'galt');
  expect(code).toBe(4);
  expect(printed).toContain('unauthorized');
  expect(printed).not.toContain('galt');
});
