/** Signing out: what it refuses, what it forgets, and what is left of a person on the disk. */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { createFileLog } from '../../main/services/log/index.ts';
import { createFileSecrets } from '../../main/services/secrets/index.ts';
import { temporaryFolder } from './folders.ts';
import { note, start, type Started } from './started.ts';

const folder = temporaryFolder();
const person = { id: 'p-47110815', name: 'Åse Hemmeligåsen', number: '22051099', keyword: 'kometvakt' };
const caller = { name: 'Borger Ukjentvik', number: '+4792211777' };
const draft = { callId: 'd', target: null, text: 'Påbegynt om kometer', tags: [] };
const whom = [person.id, person.name, person.number, person.keyword, caller.name, caller.number.slice(3), draft.text];

function settings(at: string, policy: object, directory?: object): void {
  writeFileSync(join(at, 'policy.json'), JSON.stringify({ policy }));
  writeFileSync(join(at, 'settings.json'), JSON.stringify({ agent: { id: 'agent1', name: 'Kari' }, directory }));
}

/** Works for a while: somebody is found, transferred to and chosen, and a call is in the list. */
async function work(at: string, policy: object = { wipeOnSignOut: true }): Promise<Started> {
  // The file is the helpdesk's, elsewhere; only the copy is this machine's.
  const file = join(folder(), 'people.csv');
  writeFileSync(file, `id,name,keywords,landline\n${person.id},${person.name},${person.keyword},${person.number}\n`);
  settings(at, policy, { kind: 'csv', file });
  const desk = await start(at, { log: createFileLog({ file: join(at, 'logs', 'samband.log'), version: '0' }) });
  await desk.call('directory.refresh');
  const ask = async (name: string, input: unknown) => expect(await desk.call(name, input)).toMatchObject({ ok: true });
  await ask('secrets.set', { name: 'crm', value: 'et-passord' });
  await ask('directory.transferred', { personId: person.id, number: caller.number, line: 'Barnehage' });
  await ask('directory.favourite', { personId: person.id, on: true });
  await ask('pop.open', { callId: 'a', number: caller.number });
  await ask('callLog.add', {
    id: 'a',
    direction: 'incoming',
    number: caller.number,
    name: caller.name,
    line: null,
    startedAt: '2026-11-22T10:00:00.000Z',
    answeredAt: null,
    endedAt: '2026-11-22T10:00:05.000Z',
    outcome: 'missed',
    transferredTo: person.name,
    wrapUpSeconds: null,
  });
  expect(await desk.call('directory.suggested', { number: caller.number, line: null })).toMatchObject({
    ok: true,
    value: { spokenTo: [{ person: { name: person.name } }], favourites: [{}], lastTransferred: [{}] },
  });
  return desk;
}

/** Every file below a folder, as it lies there. */
function filesOf(at: string): string[] {
  return readdirSync(at, { recursive: true, encoding: 'utf8' })
    .map((name) => join(at, name))
    .filter((name) => statSync(name).isFile());
}

function left(at: string): string[] {
  return filesOf(at).flatMap((file) => {
    const bytes = readFileSync(file);
    return whom.filter((text) => bytes.includes(text)).map((text) => `${file}: ${text}`);
  });
}

/** Nothing that a key would open, no key, and no name of anybody in what is left. */
async function expectWiped(at: string): Promise<void> {
  expect(readdirSync(join(at, 'data'))).toEqual([]);
  const secrets = createFileSecrets({ folder: join(at, 'secrets') });
  for (const name of ['database', 'sip', 'crm', 'directory', 'calendar'] as const) expect(await secrets.get(name)).toBeNull();
  expect(left(at)).toEqual([]);
}

describe('where policy wipes', () => {
  test('nothing of a person is left, and the next session begins with an empty desk', async () => {
    const at = folder();
    const { call, services } = await work(at);
    expect(existsSync(join(at, 'data', 'samband.db'))).toBe(true);
    expect(await call('session.signOut', { discardDrafts: false })).toEqual({
      ok: true,
      value: { outcome: 'done', wiped: true },
    });
    await expectWiped(at);
    for (const name of ['directory.status', 'outbox.status'])
      expect(await call(name)).toMatchObject({ ok: false, error: { code: 'refused' } });
    expect(await call('session.signOut', { discardDrafts: false })).toMatchObject({ ok: false, error: { code: 'refused' } });
    // Nothing comes back by itself, either.
    await expectWiped(at);

    expect(await call('session.start')).toMatchObject({ ok: true, value: { policy: { wipeOnSignOut: true } } });
    expect(await call('callLog.today')).toMatchObject({ ok: true, value: { calls: 0, recent: [] } });
    expect(await call('directory.suggested', { number: caller.number, line: null })).toEqual({
      ok: true,
      value: { spokenTo: [], favourites: [], lastTransferred: [] },
    });
    await services.close();
    await services.close();
  });

  test('a note that the CRM does not have keeps everything, and says so; it may go on', async () => {
    const at = folder();
    const { call, services } = await work(at);
    await call('notes.submit', note);
    for (const discardDrafts of [false, true]) {
      expect(await call('session.signOut', { discardDrafts })).toEqual({
        ok: true,
        value: { outcome: 'unsent', notes: 1, drafts: 0 },
      });
    }
    expect(await call('outbox.status')).toMatchObject({ ok: true, value: { pending: 1 } });
    expect(await call('directory.search', { query: person.keyword, limit: 5, line: null })).toMatchObject({
      ok: true,
      value: { total: 1 },
    });
    await services.close();
    const again = await start(at);
    expect(await again.call('outbox.status')).toMatchObject({ ok: true, value: { pending: 1 } });
  });

  test('a note that comes in the moment of signing out is either refused or kept', async () => {
    const at = folder();
    const { call, services } = await work(at);
    const [out, submitted] = await Promise.all([call('session.signOut', { discardDrafts: true }), call('notes.submit', note)]);
    if (submitted.ok) expect(out).toMatchObject({ ok: true, value: { outcome: 'unsent', notes: 1 } });
    else expect(out).toMatchObject({ ok: true, value: { outcome: 'done' } });
    await services.close();
    const again = await start(at);
    expect(await again.call('outbox.status')).toMatchObject({ ok: true, value: { pending: submitted.ok ? 1 : 0 } });
  });

  test('a note that was begun goes only when whoever signs out says so', async () => {
    const at = folder();
    const { call } = await work(at);
    await call('drafts.save', draft);
    await call('drafts.save', { callId: 'e', target: { kind: 'case', caseId: '1' }, text: ' ', tags: [] });
    expect(await call('session.signOut', { discardDrafts: false })).toEqual({
      ok: true,
      value: { outcome: 'unsent', notes: 0, drafts: 1 },
    });
    expect(await call('drafts.list')).toMatchObject({ ok: true, value: [draft, {}] });
    expect(await call('session.signOut', { discardDrafts: true })).toMatchObject({ ok: true, value: { outcome: 'done' } });
    await expectWiped(at);
  });

  test.each([1, 2, 5])('killed at the removal of secret %i, it is finished at the next start', async (removal) => {
    const at = folder();
    const { services } = await work(at);
    await services.close();
    const child = fileURLToPath(new URL('./fixtures/leaver.ts', import.meta.url));
    const signal = await new Promise((resolve) => {
      execFile(process.execPath, [child, at, String(removal)], (error) => resolve(error?.signal));
    });
    expect(signal).toBe('SIGKILL');
    expect(existsSync(join(at, 'data', 'samband.db'))).toBe(true);
    writeFileSync(join(at, 'settings.json'), '{}');
    const again = await start(at);
    expect(await again.call('callLog.today')).toMatchObject({ ok: true, value: { recent: [] } });
    expect(await again.call('directory.status')).toMatchObject({ ok: true, value: { people: 0, state: 'empty' } });
    expect(await createFileSecrets({ folder: join(at, 'secrets') }).get('crm')).toBeNull();
    expect(readdirSync(join(at, 'data'))).not.toContain('wiping');
    expect(left(at)).toEqual([]);
  });

  test('a key store that refuses is told, and the rest is done at the next session', async () => {
    const at = folder();
    settings(at, { wipeOnSignOut: true });
    const secrets = createFileSecrets({ folder: join(at, 'secrets') });
    let locked = true;
    const { call } = await start(at, {
      secrets: {
        ...secrets,
        remove: (name) => (locked ? Promise.reject(new Error('locked')) : secrets.remove(name)),
      },
    });
    const before = await secrets.get('database');
    expect(await call('session.signOut', { discardDrafts: false })).toMatchObject({ ok: false, error: { code: 'internal' } });
    expect(await call('session.start')).toMatchObject({ ok: false });
    locked = false;
    expect(await call('session.start')).toMatchObject({ ok: true });
    expect(await secrets.get('database')).not.toBe(before);
  });
});

test('where policy does not wipe, the passwords are forgotten and the rest is there for the next session', async () => {
  const at = folder();
  const { call } = await work(at, {});
  await call('notes.submit', note);
  expect(await call('session.signOut', { discardDrafts: false })).toEqual({
    ok: true,
    value: { outcome: 'done', wiped: false },
  });
  expect(await createFileSecrets({ folder: join(at, 'secrets') }).get('crm')).toBeNull();
  expect(await call('session.start')).toMatchObject({ ok: true });
  expect(await call('outbox.status')).toMatchObject({ ok: true, value: { pending: 1 } });
  expect(await call('directory.suggested', { number: caller.number, line: null })).toMatchObject({
    ok: true,
    value: { favourites: [{ person: { name: person.name } }] },
  });
});
