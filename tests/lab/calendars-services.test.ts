/** Calendars through everything that lasts: whoever is found is read, a wrong password is told, and files hold nothing of a subject. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DirectoryStatus, Person } from '#contract';
import { createFileLog } from '../../main/services/log/index.ts';
import { start, type Started } from '../database/started.ts';
import { scratch, waitFor } from './process.ts';
import { startRadicale, type Radicale } from './servers/radicale.ts';

let radicale: Radicale;
beforeAll(async () => {
  radicale = await startRadicale(['kari']);
  await radicale.calendar('kari', 'kalender');
  const day = (ms: number) => new Date(ms).toISOString().replace(/[-:]|\.\d+/g, '');
  const now = Date.now();
  await radicale.put(
    'kari',
    'kalender',
    'ill',
    `BEGIN:VEVENT\nUID:ill\nDTSTAMP:20261101T000000Z\nDTSTART:${day(now - 3_600_000)}\nDTEND:${day(now + 86_400_000)}\nSUMMARY:SYK: Influensa\nEND:VEVENT`,
  );
});
afterAll(() => radicale.stop());

async function desk(password: string): Promise<Started> {
  const at = scratch('calendars');
  const file = join(at, 'people.csv');
  writeFileSync(file, 'id,name,email\np1,Kari Bø,kari@lab.test\np2,Ola Bø,ola@lab.test\n');
  const calendars = { kind: 'caldav', url: `${radicale.url}/{local}/`, user: radicale.user };
  writeFileSync(join(at, 'settings.json'), JSON.stringify({ directory: { kind: 'csv', file }, calendars }));
  const started = await start(at, { log: createFileLog({ file: join(at, 'logs', 'samband.log'), version: '0' }) });
  await started.call('secrets.set', { name: 'calendar', value: password });
  await started.call('directory.refresh');
  return started;
}

async function valueOf<T>(started: Started, name: string, input: unknown = null): Promise<T> {
  const result = await started.call(name, input);
  if (!result.ok) throw new Error(result.error.message);
  return result.value as T;
}

test('whoever is found is read, the windows are told, and no file has the subject', async () => {
  const started = await desk(radicale.password);
  await valueOf(started, 'directory.search', { query: 'kari', limit: 5, line: null });
  await waitFor(() => started.told('people.changed').length > 0, { timeoutMs: 20_000, what: 'people.changed' });
  expect(started.told('people.changed')[0]).toEqual({ ids: ['p1'] });
  const kari = await valueOf<Person>(started, 'directory.person', { id: 'p1' });
  expect(kari).toMatchObject({
    availability: 'absent',
    absence: { kind: 'away', source: 'calendar' },
    calendar: { known: true },
  });
  expect((await valueOf<Person>(started, 'directory.person', { id: 'p2' })).calendar).toBeNull();
  expect((await valueOf<DirectoryStatus>(started, 'directory.status')).fault).toBeNull();
  await started.services.close();
  for (const file of readdirSync(started.at, { recursive: true, withFileTypes: true })) {
    if (!file.isFile()) continue;
    const content = readFileSync(join(file.parentPath, file.name), 'utf8');
    for (const word of ['Influensa', 'SYK']) expect(content.includes(word), `${file.name} has ${word}`).toBe(false);
    if (file.name.endsWith('.log')) expect(content).not.toContain('kari');
  }
});

test('a wrong password is told with the directory’s status, and the right one ends it', async () => {
  const started = await desk('wrong');
  await valueOf(started, 'directory.search', { query: 'kari', limit: 5, line: null });
  const fault = async () => (await valueOf<DirectoryStatus>(started, 'directory.status')).fault;
  const told = () => started.told('directory.changed').some((one) => (one as DirectoryStatus).fault?.includes('401'));
  await waitFor(told, { timeoutMs: 20_000, what: 'the fault' });
  expect(await fault()).toContain('calendar server');
  await started.call('secrets.set', { name: 'calendar', value: radicale.password });
  await waitFor(() => started.told('people.changed').length > 0, { timeoutMs: 20_000, what: 'people.changed' });
  expect(await fault()).toBeNull();
});
