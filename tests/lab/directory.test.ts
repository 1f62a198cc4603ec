import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { generatePeople, type DemoPerson } from '../../demo/people/index.ts';
import { ldapSettings, openWorld, type World } from './directory-world.ts';
import { waitFor } from './process.ts';
import { startSlapd, type Slapd } from './servers/slapd.ts';

const people = generatePeople({ count: 2000, seed: 7, today: new Date() });
const newcomer: DemoPerson = {
  ...people[0]!,
  id: 'p900001',
  name: 'Zølve Nykommer-Bråthen',
  givenName: 'Zølve',
  familyName: 'Nykommer-Bråthen',
  keywords: ['kometvakt'],
  email: 'zolve@oslo.example',
  landline: '+47 22 99 88 77',
  mobile: null,
  shortNumber: null,
  deputyId: people[1]!.id,
  absence: null,
};

let slapd: Slapd;
const worlds: World[] = [];

async function world(change: object = {}, options: { password?: string | null; folder?: string } = {}): Promise<World> {
  const made = await openWorld({ settings: ldapSettings(slapd, change), password: slapd.password, ...options });
  worlds.push(made);
  return made;
}

afterEach(async () => {
  for (const one of worlds.splice(0)) await one.close();
});

describe('a directory server and its copy', () => {
  beforeAll(async () => {
    slapd = await startSlapd({ people });
  });
  afterAll(() => slapd.stop());

  test('everybody is read, with deputies, absences without their cause, and numbers in one form', async () => {
    const here = await world();
    const status = await here.until('fresh');
    expect(status).toMatchObject({ people: people.length, fault: null });
    expect(here.told.map(({ state }) => state)).toContain('loading');

    const withDeputy = people.find((person) => person.deputyId !== null && person.landline !== null)!;
    const { hits } = await here.search(withDeputy.email);
    expect(hits[0]?.person).toMatchObject({
      name: withDeputy.name,
      title: withDeputy.title,
      unit: withDeputy.unit,
      agency: withDeputy.agency,
      email: withDeputy.email,
      workplace: withDeputy.workplace,
      deputy: { name: people.find(({ id }) => id === withDeputy.deputyId)!.name },
    });
    expect(new Set(hits[0]?.person.keywords)).toEqual(new Set(withDeputy.keywords));
    expect(hits[0]?.person.numbers[0]).toEqual({ kind: 'landline', value: withDeputy.landline!.replaceAll(' ', '') });
    const deputy = await here.call('directory.person', { id: hits[0]!.person.deputy!.personId! });
    expect(deputy.name).toBe(hits[0]?.person.deputy?.name);

    const sick = people.find((person) => person.absence?.startsWith('SYK: '))!;
    const absent = (await here.search(sick.email)).hits[0]!.person;
    expect(absent).toMatchObject({ availability: 'absent', absence: { source: 'directory' } });
    expect(absent.absence?.until?.slice(0, 7)).toMatch(/^20\d\d-\d\d$/);
    expect(JSON.stringify(absent)).not.toContain('SYK');
  });

  test('what is added, changed, removed and moved away is followed', async () => {
    const here = await world();
    await here.until('fresh');
    await slapd.add(newcomer);
    expect(await here.refresh()).toMatchObject({ people: people.length + 1, state: 'fresh' });
    const found = await here.search('kometvakt');
    expect(found.hits.map(({ person }) => person.name)).toEqual([newcomer.name]);
    expect(found.hits[0]?.person.deputy?.name).toBe(people[1]!.name);

    await slapd.modify(newcomer.id, 'kkKeyword', ['stjernevakt']);
    await slapd.modify(newcomer.id, 'telephoneNumber', []);
    await here.refresh();
    expect((await here.search('kometvakt')).total).toBe(0);
    expect((await here.search('stjernevakt')).hits[0]?.person.numbers).toEqual([]);

    await slapd.remove(newcomer.id);
    expect(await here.refresh()).toMatchObject({ people: people.length, state: 'fresh' });
    expect((await here.search('stjernevakt')).total).toBe(0);

    const moved = people.at(-1)!;
    await slapd.moveAway(moved.id);
    expect(await here.refresh()).toMatchObject({ people: people.length - 1, state: 'fresh' });
    expect((await here.search(moved.email)).hits.map(({ person }) => person.email)).not.toContain(moved.email);
  });

  test('a copy from yesterday is searched at once, and only what is new is read', async () => {
    const before = await world();
    await before.until('fresh');
    const { people: count } = await before.status();
    await before.close();
    worlds.length = 0;
    await slapd.modify(people[5]!.id, 'title', ['nattevakt i arkivet']);
    const after = await world({}, { folder: before.folder });
    expect(await after.status()).toMatchObject({ people: count });
    await after.until('fresh');
    await after.refresh();
    expect((await after.search('nattevakt arkivet')).total).toBe(1);
    expect(after.told.map(({ state }) => state)).not.toContain('loading');
  });

  test('LDAPS and StartTLS with the right CA; another CA is refused before the password is sent', async () => {
    const secure = await world({ url: slapd.ldapsUrl, caFile: slapd.caFile });
    await secure.until('fresh');
    const upgraded = await world({ startTls: true, caFile: slapd.caFile });
    await upgraded.until('fresh');
    for (const change of [
      { url: slapd.ldapsUrl, caFile: slapd.otherCaFile },
      { url: slapd.ldapsUrl },
      { startTls: true, caFile: slapd.otherCaFile },
    ]) {
      const refused = await world(change);
      const status = await refused.refresh();
      expect(status).toMatchObject({ people: 0, state: 'empty' });
      expect(status.fault).toMatch(/certificate that is not trusted/);
    }
  });

  test('a wrong password, or none, is said; the right one, once typed, is used', async () => {
    const here = await world({}, { password: 'wrong' });
    expect(await here.refresh()).toMatchObject({ state: 'empty', fault: expect.stringMatching(/unauthorized/) as string });
    here.type(slapd.password);
    await here.until('fresh');
    const none = await world({}, { password: null });
    expect((await none.refresh()).fault).toMatch(/has not been typed/);
  });
});

describe('a server in trouble', () => {
  beforeAll(async () => {
    slapd = await startSlapd({ people });
  });
  afterAll(() => slapd.stop());

  test('killed in the middle of a load: the old copy stays whole; back again: fresh', async () => {
    const first = await world({ pageSize: 50 });
    await first.until('fresh');
    await first.close();
    worlds.length = 0;

    // Another filter is another source: everything has to be read again.
    const here = await world({ pageSize: 10, filter: '(&(objectClass=inetOrgPerson)(uid=*))' }, { folder: first.folder });
    await waitFor(() => here.told.length >= 2, { timeoutMs: 20_000, what: 'the load to begin' });
    await slapd.stop('SIGKILL');
    const status = await waitFor(
      async () => {
        const now = await here.status();
        return now.fault === null ? null : now;
      },
      {
        timeoutMs: 20_000,
        what: 'the load to fail',
      },
    );
    expect(status).toMatchObject({ people: people.length, state: 'stale' });
    expect(status.fault).toMatch(/cannot be reached|connection/);
    for (const person of people.slice(0, 50)) {
      expect((await here.search(person.email)).hits.map((hit) => hit.person.email)).toContain(person.email);
    }
    await slapd.restart();
    expect(await here.refresh()).toMatchObject({ people: people.length, state: 'fresh', fault: null });
  });

  test('silent: the refresh ends with a fault when it is closed, and does not hang', async () => {
    const here = await world();
    await here.until('fresh');
    slapd.signal('SIGSTOP');
    try {
      const refreshing = here.refresh();
      await here.close();
      worlds.length = 0;
      expect((await refreshing).people).toBe(people.length);
    } finally {
      slapd.signal('SIGCONT');
    }
  });

  test('showing nobody, or only some, deletes nobody', async () => {
    const here = await world();
    await here.until('fresh');
    await slapd.modify(people[9]!.id, 'title', ['noe nytt']);
    await slapd.restart({ reads: 'nobody' });
    const status = await here.refresh();
    expect(status).toMatchObject({ people: people.length, state: 'stale' });
    expect(status.fault).toMatch(/nobody was deleted/);
    expect((await here.search(people[3]!.email)).total).toBeGreaterThan(0);

    const other = await world({ filter: '(&(objectClass=inetOrgPerson)(uid=*))' });
    expect(await other.refresh()).toMatchObject({
      people: 0,
      state: 'empty',
      fault: expect.stringMatching(/0 people/) as string,
    });

    await slapd.restart({ reads: 'all' });
    expect(await here.refresh()).toMatchObject({ people: people.length, state: 'fresh' });
    expect((await here.search('noe nytt')).total).toBeGreaterThan(0);
  });

  test('a size limit is said, and is not taken for the end', async () => {
    await slapd.restart({ sizeLimit: 700 });
    const here = await world();
    const status = await here.refresh();
    expect(status).toMatchObject({ people: 0, state: 'empty' });
    expect(status.fault).toMatch(/size limit/);
    await slapd.restart({});
  });
});
