import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { colleagues, dialled } from '../../demo/colleagues.ts';
import { startControl } from '../../demo/control.ts';
import { callers } from '../../demo/crm/index.ts';
import { openFolder, openPeople, resetDemo } from '../../demo/folder.ts';
import { startDemo } from '../../demo/index.ts';
import { citizens, lines, unknownNumber } from '../../demo/world.ts';
import { settingsFile } from '../../main/services/settings/schema.ts';
import { scratch } from '../lab/process.ts';

const today = new Date('2026-11-22T09:00:00Z');
let folder: string;
beforeEach(() => {
  folder = scratch('demo');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('the demo gives the app settings that it accepts, and secrets in a file of their own that goes with the demo', async () => {
  const demo = await startDemo({ folder, people: 50, today });
  const text = readFileSync(demo.settingsFile, 'utf8');
  const settings = settingsFile.parse(JSON.parse(text));
  const { secrets } = JSON.parse(readFileSync(demo.provisionFile, 'utf8')) as { secrets: Record<string, string> };
  for (const secret of Object.values(secrets)) expect(text).not.toContain(secret);
  expect(Object.keys(secrets).toSorted()).toEqual(['calendar', 'crm', 'sip']);
  expect(Object.keys(settings.telephone?.greetings ?? {})).toEqual(Object.values(lines).map(({ name }) => name));
  await demo.stop();
  expect(() => readFileSync(demo.provisionFile)).toThrow('ENOENT');
  await expect(fetch(`${settings.demo?.control}/call`, { method: 'POST' })).rejects.toThrow();
});

test('people and their absences are those of the day, made once', async () => {
  await openFolder(folder);
  const { csvFile, people } = await openPeople(folder, 1000, today);
  writeFileSync(csvFile, 'as it was');
  await openPeople(folder, 1000, today);
  expect(readFileSync(csvFile, 'utf8')).toBe('as it was');
  await openPeople(folder, 1000, new Date('2026-11-23T09:00:00Z'));
  const written = readFileSync(csvFile, 'utf8');
  expect(written.split('\n')).toHaveLength(1002);
  const returns = people.flatMap(({ absence }) => /\d{4}-\d\d-\d\d/.exec(absence ?? '')?.[0] ?? []);
  expect(returns.length).toBeGreaterThan(10);
  expect(returns.toSorted()[0]! >= '2026-11-22').toBe(true);
});

test('who has a case can be found and reached; some are busy, and who is absent does not answer', async () => {
  await openFolder(folder);
  const { people } = await openPeople(folder, 10_000, today);
  const colleague = colleagues(people);
  for (const name of ['Marit Østby', 'Roar Myhre']) {
    const found = people.filter((person) => person.name === name);
    expect(found).toHaveLength(1);
    expect(colleague(found[0]?.landline ?? '')?.temper).toBe('answers');
    expect(colleague(found[0]?.shortNumber ?? '')?.temper).toBe('answers');
  }
  expect(colleague('22 05 10 20')).toEqual({ temper: 'answers', greeting: 'kollega-barnehage' });
  const absent = people.find(({ absence, landline }) => /^\p{L}+:/u.test(absence ?? '') && landline !== null);
  expect(colleague(absent?.landline ?? '')?.temper).toBe('doesNotAnswer');
  const tempers = people.map(({ mobile }) => (mobile === null ? null : colleague(mobile)?.temper));
  expect(tempers.filter((temper) => temper === 'busy').length).toBeGreaterThan(100);
  expect(tempers.filter((temper) => temper === 'answers').length).toBeGreaterThan(7000);
});

test.each([
  ['22 05 10 20', '+4722051020'],
  ['004722051020', '+4722051020'],
  ['+4722051020', '+4722051020'],
  ['51020', '51020'],
])('%s is dialled as %s', (written, number) => expect(dialled(written)).toBe(number));

test('those whom the CRM knows call, somebody unknown, and somebody who withholds the number', async () => {
  const all = citizens(callers);
  expect(all.map(({ number }) => number).slice(0, 4)).toEqual(['+4792211334', '+4722051014', unknownNumber, '+4741305226']);
  expect(all.filter(({ number }) => number === null)).toHaveLength(1);
  const numbers = new Set(Object.values(lines).map(({ number }) => number));
  for (const { line } of all) expect(numbers).toContain(line);
  // Unknown means unknown: to the directory too. And a service line is nobody's own number.
  await openFolder(folder);
  const colleague = colleagues((await openPeople(folder, 10_000, today)).people);
  expect(colleague(unknownNumber)).toBeNull();
  for (const number of numbers) expect(colleague(number)).toBeNull();
});

test('a folder that is not the demo’s is neither used nor wiped', async () => {
  const foreign = join(folder, 'foreign');
  mkdirSync(foreign);
  writeFileSync(join(foreign, 'thesis.txt'), 'years of work');
  await expect(openFolder(foreign)).rejects.toThrow('not empty');
  await expect(resetDemo(foreign)).rejects.toThrow('left alone');
  expect(readFileSync(join(foreign, 'thesis.txt'), 'utf8')).toBe('years of work');
  await resetDemo(join(folder, 'nothing-there'));
  await openFolder(join(folder, 'own'));
  await resetDemo(join(folder, 'own'));
  expect(() => readFileSync(join(folder, 'own', '.samband-demo'))).toThrow('ENOENT');
});

test('a second demo in one folder is refused, and so is wiping it, while the first one runs', async () => {
  const first = await startDemo({ folder, people: 20, today });
  const settings = readFileSync(first.settingsFile, 'utf8');
  await expect(startDemo({ folder, people: 20, today })).rejects.toThrow('running already');
  await expect(resetDemo(folder)).rejects.toThrow('running already');
  expect(readFileSync(first.settingsFile, 'utf8')).toBe(settings);
  await first.stop();
  const next = await startDemo({ folder, people: 20, today });
  await next.stop();
  await resetDemo(folder);
});

test('the control listens to whoever knows its token, and to no page', async () => {
  let free = true;
  const control = await startControl(() => free);
  const post = async (path: string, init: RequestInit = {}) =>
    (await fetch(`${control.url}${path}`, { method: 'POST', ...init })).status;
  expect(await post('/call')).toBe(204);
  free = false;
  expect(await post('/call')).toBe(409);
  expect(await post('/call', { headers: { Origin: 'http://127.0.0.1' } })).toBe(403);
  expect(await post('/call', { method: 'GET' })).toBe(405);
  expect(await post('/other')).toBe(404);
  const { origin } = new URL(control.url);
  expect((await fetch(`${origin}/call`, { method: 'POST' })).status).toBe(403);
  await control.stop();
});
