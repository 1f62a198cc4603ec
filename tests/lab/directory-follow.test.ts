import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { generatePeople, type DemoPerson } from '../../demo/people/index.ts';
import { copyFacts, differences, serverFacts } from './directory-truth.ts';
import { ldapSettings, openWorld, type World } from './directory-world.ts';
import { systemClock } from '../../main/services/system.ts';
import { startSlapd, type Slapd } from './servers/slapd.ts';

const people = generatePeople({ count: 1000, seed: 7, today: new Date() });
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
const id = (i: number) => people[i]!.id;

describe.each([
  { contentSync: 'log', way: 'sync', what: 'RFC 4533 with a log of changes' },
  { contentSync: 'bare', way: 'sync', what: 'RFC 4533 without one' },
  {
    contentSync: 'log',
    unpagedLimit: 300,
    way: 'listing',
    what: 'too much for RFC 4533; CSNs, modifyTimestamp and lists of keys',
  },
  { contentSync: 'none', way: 'listing', what: 'RFC 4533 unknown; modifyTimestamp and lists of keys' },
] as const)('following a server ($what)', ({ way, ...rights }) => {
  let slapd: Slapd;
  let here: World;
  let aheadMs = 0;
  const clock = { ...systemClock, now: () => new Date(Date.now() + aheadMs) };
  const worlds: World[] = [];

  async function world(folder?: string): Promise<World> {
    const made = await openWorld({
      settings: ldapSettings(slapd),
      password: slapd.password,
      ports: { clock },
      ...(folder === undefined ? {} : { folder }),
    });
    worlds.push(made);
    return made;
  }
  /** Refreshes, and compares everybody with what the server holds. Without RFC 4533, who is gone is missed for ten minutes at most. */
  async function equal(): Promise<void> {
    if (way === 'listing') aheadMs += 11 * 60_000;
    expect(await here.refresh()).toMatchObject({ state: 'fresh', fault: null });
    expect(differences(await serverFacts(slapd), await copyFacts(here))).toEqual([]);
  }
  beforeAll(async () => {
    slapd = await startSlapd({ people, ...rights });
  });
  afterAll(() => slapd.stop());
  afterEach(async () => {
    for (const one of worlds.splice(0)) await one.close();
  });

  test('everything, and then one change of each kind after another', async () => {
    here = await world();
    await equal();
    expect((await here.cursor()).way).toBe(way);
    expect((await here.everybody()).length).toBe(people.length);
    const steps: (() => Promise<void>)[] = [
      () => slapd.add(newcomer),
      () => slapd.modify(newcomer.id, 'kkKeyword', ['stjernevakt', 'nattevakt']),
      () => slapd.modify(newcomer.id, 'telephoneNumber', []),
      () => slapd.move({ id: newcomer.id, ou: 'people' }, { id: 'p900002', ou: 'people' }),
      () => slapd.move({ id: 'p900002', ou: 'people' }, { id: newcomer.id, ou: 'north' }),
      () => slapd.move({ id: newcomer.id, ou: 'north' }, { id: newcomer.id, ou: 'gone' }),
      () => slapd.move({ id: newcomer.id, ou: 'gone' }, { id: newcomer.id, ou: 'people' }),
      () => slapd.remove(newcomer.id),
    ];
    for (const step of steps) {
      await step();
      await equal();
    }
    expect(here.loads()).toBe(1);
  });

  test('all of it at once, somebody deleted and made again among it', async () => {
    here = await world();
    await equal();
    await slapd.add(newcomer);
    await slapd.modify(id(2), 'title', ['flyttesjef']);
    await slapd.modify(id(2), 'title', ['flyttesjef i nord']);
    await slapd.move({ id: id(3), ou: 'people' }, { id: 'p900003', ou: 'north' });
    await slapd.move({ id: id(4), ou: 'people' }, { id: id(4), ou: 'gone' });
    await slapd.move({ id: id(5), ou: 'people' }, { id: id(5), ou: 'gone' });
    await slapd.move({ id: id(5), ou: 'gone' }, { id: id(5), ou: 'people' });
    for (const i of [6, 7, 8]) await slapd.remove(id(i));
    await slapd.add(people[8]!);
    await equal();
    expect(here.loads()).toBe(1);
    if (way === 'sync') {
      const cursor = await here.cursor();
      await equal();
      expect(await here.cursor()).toEqual(cursor);
    }
  });

  test('somebody who is gone is missed at once, where the server tells that something has changed', async () => {
    here = await world();
    await equal();
    await slapd.modify(id(40), 'title', ['telles med']);
    await here.refresh();
    await slapd.remove(id(41));
    if (rights.contentSync === 'none') aheadMs += 11 * 60_000;
    expect(await here.refresh()).toMatchObject({ state: 'fresh', fault: null });
    expect(differences(await serverFacts(slapd), await copyFacts(here))).toEqual([]);
    expect(here.loads()).toBe(1);
  });

  test('a restart of the server in between loses nothing', async () => {
    here = await world();
    await equal();
    await slapd.modify(id(10), 'title', ['før omstarten']);
    await slapd.remove(id(11));
    await slapd.restart();
    await slapd.move({ id: id(12), ou: 'people' }, { id: id(12), ou: 'north' });
    await slapd.remove(id(13));
    await equal();
    await slapd.restart();
    await equal();
    expect(here.loads()).toBe(1);
  });

  test('an agent who was away finds what changed, without a new load', async () => {
    here = await world();
    await equal();
    const { folder } = here;
    await here.close();
    worlds.length = 0;
    await slapd.modify(id(20), 'title', ['nattevakt i arkivet']);
    await slapd.remove(id(21));
    here = await world(folder);
    await equal();
    expect(here.loads()).toBe(0);
  });

  test('rights that were taken away delete nobody, and that is said; given back, all is as it was', async () => {
    here = await world();
    await equal();
    const before = await copyFacts(here);
    await slapd.modify(id(60), 'title', ['endret imens']);
    await slapd.restart({ ...rights, reads: 'nobody' });
    for (let i = 0; i < 2; i++) {
      if (way === 'listing') aheadMs += 11 * 60_000;
      expect(await here.refresh()).toMatchObject({ people: before.size, state: 'stale' });
    }
    expect((await here.status()).fault).toMatch(/lost its rights/);
    expect(differences(before, await copyFacts(here))).toEqual([]);
    await slapd.restart(rights);
    await equal();
  });

  test('a cursor that the server knows nothing of any more: everything is read again', async () => {
    here = await world();
    await equal();
    const cursor = await here.cursor();
    const csn = `20000101000000.000000Z#000000#${way === 'sync' ? '000' : '099'}#000000`;
    // To content synchronisation the server says e-syncRefreshRequired (RFC 4533 section 2.6).
    const cookie = Buffer.from(`rid=000,csn=${csn}`).toString('base64');
    await here.setCursor(way === 'sync' ? { ...cursor, cookie } : { ...cursor, csns: [csn], kept: true });
    await slapd.modify(id(50), 'title', ['lest på nytt']);
    await equal();
    expect(here.loads()).toBe(2);
  });

  test('a backup that was played in', async () => {
    await slapd.keep();
    here = await world();
    await equal();
    await slapd.modify(id(30), 'title', ['går tapt']);
    await slapd.remove(id(31));
    await equal();
    await slapd.playBack();
    // A server that tells nothing of its past gives it away at the next daily reading only.
    if (rights.contentSync === 'none') aheadMs += 25 * 3_600_000;
    await equal();
  });

  test('a server that was built anew: everybody has another key', async () => {
    here = await world();
    await equal();
    const before = new Set((await here.everybody()).map((person) => person.id));
    await slapd.rebuild(people);
    await equal();
    const after = await here.everybody();
    expect(after.length).toBe(people.length);
    expect(after.some((person) => before.has(person.id))).toBe(false);
  });
});
