import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { generatePeople } from '../../demo/people/index.ts';
import { systemClock } from '../../main/services/system.ts';
import { directorySettings, openWorld, type World } from './directory-world.ts';
import { startSamba, type Samba } from './servers/samba/index.ts';

const people = generatePeople({ count: 300, seed: 11, today: new Date() });
const id = (i: number) => people[i]!.id;
let samba: Samba;
let here: World;
let aheadMs = 0;
const clock = { ...systemClock, now: () => new Date(Date.now() + aheadMs) };
const worlds: World[] = [];

async function world(account: 'ordinary' | 'privileged', change: object = {}, folder?: string): Promise<World> {
  const { bindDn, password } = samba[account];
  const settings = { kind: 'active-directory', url: samba.ldapsUrl, caFile: samba.caFile, bindDn, baseDn: samba.baseDn };
  const made = await openWorld({
    settings: directorySettings({ ...settings, refreshSeconds: 86_400, ...change }),
    password,
    ports: { clock },
    ...(folder === undefined ? {} : { folder }),
  });
  worlds.push(made);
  return made;
}

/** What copy and server do not have in common. */
async function differences(): Promise<unknown[]> {
  const copy = new Map((await here.everybody()).map((person) => [person.id, person]));
  const unlike: unknown[] = [];
  for (const [key, facts] of await samba.everybody()) {
    const person = copy.get(key);
    const server = {
      name: facts['displayName'],
      title: facts['title'] ?? '',
      unit: facts['department'] ?? '',
      email: facts['mail'] ?? null,
      landline: facts['telephoneNumber']?.replaceAll(' ', ''),
    };
    const copied = person && {
      name: person.name,
      title: person.title,
      unit: person.unit,
      email: person.email,
      landline: person.numbers.find(({ kind }) => kind === 'landline')?.value,
    };
    if (JSON.stringify(server) !== JSON.stringify(copied)) unlike.push({ server, copied });
    copy.delete(key);
  }
  return [...unlike, ...[...copy.values()].map(({ name }) => ({ copied: name }))].slice(0, 5);
}

/** Refreshes and compares. An ordinary account misses who was deleted for ten minutes at most. */
async function equal(): Promise<void> {
  aheadMs += 11 * 60_000;
  expect(await here.refresh()).toMatchObject({ state: 'fresh', fault: null });
  expect(await differences()).toEqual([]);
}

beforeAll(async () => {
  samba = await startSamba({ people });
});
afterAll(() => samba.stop());
afterEach(async () => {
  for (const one of worlds.splice(0)) await one.close();
});

describe.each([
  { account: 'privileged', way: 'dirsync', at: 20 },
  { account: 'ordinary', way: 'updates', at: 40 },
] as const)('Active Directory, by an account that is $account ($way)', ({ account, way, at }) => {
  test('everything, one change of each kind after another, and nothing new', async () => {
    here = await world(account);
    await equal();
    expect((await here.cursor()).way).toBe(way);
    expect((await here.everybody()).length).toBe((await samba.everybody()).size);
    const deputy = people.find((person) => person.deputyId !== null)!;
    const found = (await here.search(deputy.email)).hits[0]!.person;
    expect(found.deputy?.name).toBe(people.find((person) => person.id === deputy.deputyId)!.name);

    const steps: (() => Promise<void>)[] = [
      () => samba.add({ ...people[0]!, id: `nykommer-${way}`, name: 'Zølve Nykommer', email: 'zolve@oslo.example' }),
      () => samba.modify(id(at), 'title', ['flyttesjef']),
      () => samba.modify(id(at + 1), 'telephoneNumber', []),
      () => samba.rename(id(at + 2), `omdøpt-${way}`),
      () => samba.moveAway(id(at + 3)),
      () => samba.moveBack(id(at + 3)),
      // Disabled.
      () => samba.modify(id(at + 4), 'userAccountControl', ['546']),
      () => samba.modify(id(at + 4), 'userAccountControl', ['544']),
      () => samba.remove(id(at + 5)),
    ];
    for (const step of steps) {
      await step();
      await equal();
    }
    expect(here.loads()).toBe(1);
    const before = await here.cursor();
    aheadMs -= 11 * 60_000;
    await equal();
    expect(await here.cursor()).toMatchObject(way === 'dirsync' ? { way } : { usn: before['usn'] });
  });

  test('all of it at once, over a restart of the server', async () => {
    here = await world(account);
    await equal();
    const { folder } = here;
    await here.close();
    worlds.length = 0;
    await samba.modify(id(at + 6), 'title', ['nattevakt']);
    await samba.moveAway(id(at + 7));
    await samba.remove(id(at + 8));
    await samba.restart();
    await samba.rename(id(at + 9), `omdøpt-igjen-${way}`);
    await samba.remove(id(at + 10));
    here = await world(account, {}, folder);
    await equal();
    expect(here.loads()).toBe(0);
  });
});

test('a database that is another: everybody is read again', async () => {
  here = await world('ordinary');
  await equal();
  await samba.becomeAnother();
  await samba.modify(id(60), 'title', ['på ny kontroller']);
  await equal();
  expect(here.loads()).toBe(2);
});

test('to an account that is told of no deletion, who was deleted is missed later, also when nothing else happens', async () => {
  here = await world('ordinary');
  await equal();
  const count = (await here.status()).people;
  await samba.remove(id(62));
  expect(await here.refresh()).toMatchObject({ people: count, state: 'fresh' });
  expect(await here.refresh()).toMatchObject({ people: count, state: 'fresh' });
  await equal();
  expect(here.loads()).toBe(1);
});

test('a right to DirSync that was taken away: everybody is read again, the ordinary way', async () => {
  here = await world('privileged');
  await equal();
  const { folder } = here;
  await here.close();
  worlds.length = 0;
  here = await world('ordinary', {}, folder);
  await samba.remove(id(61));
  await equal();
  expect((await here.cursor()).way).toBe('updates');
});

test('a wrong password, one that has to be changed, no TLS and another CA are said, and nobody is deleted', async () => {
  here = await world('ordinary');
  await equal();
  const count = (await here.status()).people;
  await samba.expirePassword(true);
  expect(await here.refresh()).toMatchObject({ people: count, state: 'stale' });
  expect((await here.status()).fault).toMatch(/the password (has expired|must be changed first) \(unauthorized/);
  await samba.expirePassword(false);
  expect(await here.refresh()).toMatchObject({ people: count, state: 'fresh' });
  here.type('wrong');
  expect((await here.refresh()).fault).toMatch(/the user name or the password is wrong/);
  const other = await world('ordinary', { caFile: samba.otherCaFile });
  expect((await other.refresh()).fault).toMatch(/certificate that is not trusted/);
  const plain = await world('ordinary', { url: samba.url });
  expect(await plain.refresh()).toMatchObject({ people: 0, state: 'empty', fault: expect.stringMatching(/./) as string });
});
