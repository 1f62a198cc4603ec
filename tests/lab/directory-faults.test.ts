import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { dice, generatePeople } from '../../demo/people/index.ts';
import { systemClock } from '../../main/services/system.ts';
import { storm } from './directory-storm.ts';
import { copyFacts, differences, serverFacts } from './directory-truth.ts';
import { ldapSettings, openWorld, type World } from './directory-world.ts';
import { startSlapd, type Slapd } from './servers/slapd.ts';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';

describe.each([
  { contentSync: 'log', way: 'sync', count: 3000 },
  { contentSync: 'bare', way: 'sync', count: 1000 },
  { contentSync: 'none', way: 'listing', count: 1000 },
] as const)('a connection that breaks ($contentSync)', ({ contentSync, way, count }) => {
  const people = generatePeople({ count, seed: 19, today: new Date() });
  let slapd: Slapd;
  let proxy: TcpProxy;
  let here: World;
  let aheadMs = 0;
  const clock = { ...systemClock, now: () => new Date(Date.now() + aheadMs) };
  const refresh = () => {
    if (way === 'listing') aheadMs += 11 * 60_000;
    return here.refresh();
  };
  const equal = async () => {
    expect(await refresh()).toMatchObject({ state: 'fresh', fault: null });
    expect(differences(await serverFacts(slapd), await copyFacts(here))).toEqual([]);
  };

  beforeAll(async () => {
    slapd = await startSlapd({ people, contentSync });
    proxy = await startTcpProxy({ host: '127.0.0.1', port: slapd.port });
  });
  afterAll(async () => {
    await proxy.stop();
    await slapd.stop();
  });
  beforeEach(async () => {
    proxy.cutAfter(null);
    await slapd.rebuild(people);
    const settings = ldapSettings(slapd, { url: `ldap://127.0.0.1:${proxy.port}`, pageSize: 100 });
    here = await openWorld({ settings, password: slapd.password, ports: { clock } });
    await equal();
  });
  afterEach(() => here.close());

  test('at whatever byte of a full load: the old copy stays as it was, and the next one mends it', async () => {
    const before = await copyFacts(here);
    const cursor = await here.cursor();
    await here.setCursor({ way: 'none' });
    await equal();
    const whole = proxy.heard;
    await storm(slapd, people, dice(1)).blow(50);
    for (const share of [0, 0.00001, 0.001, 0.2, 0.5, 0.8, 0.999]) {
      await here.setCursor({ way: 'none' });
      proxy.cutAfter(Math.floor(whole * share));
      expect(await refresh()).toMatchObject({ people: people.length, state: 'stale' });
      expect((await here.status()).fault).toMatch(/cannot be reached|connection/);
      expect(differences(before, await copyFacts(here))).toEqual([]);
    }
    proxy.cutAfter(null);
    await equal();
    expect((await here.cursor()).way).toBe(cursor.way);
  });

  test('at whatever byte of a delta: nobody is lost who is there, and the next one mends it', async () => {
    const server = await serverFacts(slapd);
    await storm(slapd, people, dice(2)).blow(60);
    const loads = here.loads();
    for (const bytes of [0, 20, 300, 2000, 8000]) {
      proxy.cutAfter(bytes);
      expect(await refresh()).toMatchObject({ state: 'stale' });
      const now = await serverFacts(slapd);
      const copy = await copyFacts(here);
      for (const id of now.keys()) if (server.has(id)) expect(copy.has(id)).toBe(true);
    }
    proxy.cutAfter(null);
    await equal();
    expect(here.loads()).toBe(loads);
  });

  test('any of it, in seeded order, with restarts of the server: equal in the end', async () => {
    const roll = dice(3);
    const weather = storm(slapd, people, roll);
    for (let round = 0; round < 12; round++) {
      await weather.blow(1 + roll.below(30));
      if (roll.fraction() < 0.2) await slapd.restart();
      proxy.cutAfter(roll.fraction() < 0.5 ? roll.below(30_000) : null);
      await refresh();
      proxy.cutAfter(null);
      if (roll.fraction() < 0.5) await equal();
    }
    await equal();
  });
});
