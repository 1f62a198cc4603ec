import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { generatePeople } from '../../demo/people/index.ts';
import { ldapSettings, openWorld, type World } from './directory-world.ts';
import { startSlapd, type Slapd } from './servers/slapd.ts';

const people = generatePeople({ count: 2000, seed: 7, today: new Date() });
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

describe('reading a directory server', () => {
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

  test('a certificate instead of a password (SASL EXTERNAL), over LDAPS and after StartTLS; another one is refused', async () => {
    const own = { authentication: 'certificate', ...slapd.clientFiles, caFile: slapd.caFile, bindDn: '' };
    for (const change of [{ url: slapd.ldapsUrl }, { startTls: true }]) {
      const here = await world({ ...own, ...change }, { password: null });
      expect(await here.refresh()).toMatchObject({ people: people.length, state: 'fresh', fault: null });
    }
    const stranger = await world({ ...own, ...slapd.strangerFiles, url: slapd.ldapsUrl }, { password: null });
    expect(await stranger.refresh()).toMatchObject({ people: 0, state: 'empty', fault: expect.stringMatching(/./) as string });
  });

  test('a wrong password, none, or one that is too old is said; the right one, once typed, is used', async () => {
    const here = await world({}, { password: 'wrong' });
    expect(await here.refresh()).toMatchObject({ state: 'empty', fault: expect.stringMatching(/unauthorized/) as string });
    here.type(slapd.password);
    await here.until('fresh');
    const none = await world({}, { password: null });
    expect((await none.refresh()).fault).toMatch(/has not been typed/);

    await slapd.expirePassword(true);
    expect(await here.refresh()).toMatchObject({ people: people.length, state: 'stale' });
    expect((await here.status()).fault).toMatch(/the password has expired \(unauthorized\)/);
    await slapd.expirePassword(false);
    expect(await here.refresh()).toMatchObject({ people: people.length, state: 'fresh', fault: null });
  });
});
