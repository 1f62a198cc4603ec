import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { generatePeople } from '../../demo/people/index.ts';
import { ldapSource } from '../../main/services/directory/ldap/index.ts';
import { systemClock } from '../../main/services/system.ts';
import { ldapSettings, openWorld, type World } from './directory-world.ts';
import { waitFor } from './process.ts';
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

  test('silent: that is noticed in time, while it connects and while it answers', async () => {
    // In pages, which the server has to be asked for.
    await slapd.restart({ contentSync: 'none' });
    const settings = ldapSettings(slapd, { pageSize: 10 });
    if (settings.kind !== 'ldap') throw new Error('not LDAP');
    const source = ldapSource({
      settings,
      secrets: { get: async () => slapd.password, async set() {}, async remove() {} },
      clock: systemClock,
      log: { info() {}, warn() {}, error() {} },
      country: 'NO',
      limits: { connectMs: 300, answerMs: 300 },
    });
    const never = new AbortController().signal;
    slapd.signal('SIGSTOP');
    try {
      expect(await source.fullLoad(async () => undefined, never)).toMatchObject({ ok: false, error: { code: 'timeout' } });
    } finally {
      slapd.signal('SIGCONT');
    }
    const frozen = await source.fullLoad(async () => slapd.signal('SIGSTOP'), never);
    slapd.signal('SIGCONT');
    expect(frozen).toMatchObject({ ok: false, error: { code: 'timeout' } });
    await slapd.restart({});
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
