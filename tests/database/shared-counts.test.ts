/** Counts that the clients of a municipality share through a folder: real files, real databases. */
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import type { OpenDatabase } from '../../main/db/client.ts';
import { createSharedCounts } from '../../main/services/colleagues/index.ts';
import { temporaryFolder } from './folders.ts';
import { sourcePeople } from './people-samples.ts';
import { openOrFail } from './support.ts';

const folder = temporaryFolder();
const at = '2026-11-22T12:00:00.000Z';
const people = sourcePeople(40, 5).map((person, i) => ({
  ...person,
  id: `p${i}`,
  name: `Kari Lik`,
  givenName: 'Kari',
  familyName: 'Lik',
  absence: null,
  nicknames: [],
}));

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function client(shared: string | null, owner: string, data = folder()) {
  const database = await openOrFail(data);
  const number = await database.run('people.begin', null);
  await database.run('people.stage', { load: number, people, readAt: at });
  await database.run('people.commit', { load: number, source: 'x', cursor: null, asOf: at });
  const logged: object[] = [];
  let timers = 0;
  const counts = createSharedCounts({
    database,
    folder: shared,
    owner,
    clock: { now: () => new Date(at), after: () => ((timers += 1), () => (timers -= 1)) },
    random: { uuid: () => '', fraction: () => 0.5 },
    log: { info() {}, warn: (event, details) => void logged.push({ event, ...details }), error() {} },
  });
  const close = async () => {
    await counts.close();
    await database.close();
  };
  closing.push(close);
  return {
    database,
    data,
    logged,
    counts,
    close,
    timers: () => timers,
    async transfer(id: string, times: number) {
      for (let i = 0; i < times; i += 1)
        await database.run('people.transferred', { id, at, number: '+4792211334', line: 'Barnehage' });
    },
    first: () => firstOf(database),
  };
}

/** Who comes first among people of one name. */
async function firstOf(database: OpenDatabase): Promise<string[]> {
  const { hits } = await database.run('people.search', { query: 'kari lik', limit: 3, now: at });
  return hits.map(({ person }) => person.id);
}

const file = (text: unknown) => JSON.stringify(text);
const valid = (transfers: object, writtenAt = at) => file({ version: 1, writtenAt, transfers });
const nameOf = (n: number) => `${String(n).padStart(32, '0')}.transfers.json`;

describe('two clients and a folder', () => {
  test('each rises whom the other passes calls on to, and the agent’s own habits weigh more', async () => {
    const shared = folder();
    const [one, two] = [await client(shared, 'agent1\npc'), await client(shared, 'agent2\npc')];
    await one.transfer('p7', 30);
    await two.transfer('p9', 8);
    await one.counts.round();
    await two.counts.round();
    await one.counts.round();
    expect(await one.first()).toEqual(['p7', 'p9', expect.anything()]);
    // Thirty of another are worth less than eight of one's own.
    expect(await two.first()).toEqual(['p9', 'p7', expect.anything()]);
    expect(one.timers()).toBe(1);
    expect([one.logged, two.logged]).toEqual([[], []]);
  });

  test('the files hold keys and counts, no caller and no agent; one a client, whole', async () => {
    const shared = folder();
    const one = await client(shared, 'agent-hemmelig\npc');
    await one.transfer('p7', 2);
    await one.counts.round();
    const [name = '', ...more] = readdirSync(shared);
    expect(more).toEqual([]);
    expect(name).toMatch(/^[0-9a-f]{32}\.transfers\.json$/);
    expect(JSON.parse(readFileSync(join(shared, name), 'utf8'))).toEqual({ version: 1, writtenAt: at, transfers: { p7: 2 } });
    // The own file is not read as another's.
    await one.counts.round();
    expect(await one.database.run('use.storeByAll', { counts: [] })).toBe(0);
  });

  test('it is known after the next start, and a person who comes new is ranked at once', async () => {
    const shared = folder();
    writeFileSync(join(shared, nameOf(1)), valid({ p3: 50 }));
    const one = await client(shared, 'a');
    await one.counts.round();
    expect((await one.first())[0]).toBe('p3');
    await one.database.run('people.apply', { upserts: [], removals: ['p3'], readAt: at, done: null });
    expect((await one.first())[0]).not.toBe('p3');
    await one.database.run('people.apply', {
      upserts: people.filter(({ id }) => id === 'p3'),
      removals: [],
      readAt: at,
      done: null,
    });
    expect((await one.first())[0]).toBe('p3');
    await one.close();
    const again = await openOrFail(one.data);
    closing.push(() => again.close());
    expect((await firstOf(again))[0]).toBe('p3');
  });
});

describe('a bad file', () => {
  test('is skipped and named once, and the others count', async () => {
    const shared = folder();
    const bad = [
      '',
      '{"version":1',
      valid({ p1: 0 }),
      valid({ p1: 1.5 }),
      valid({ p1: '7' }),
      valid({ '': 1 }),
      file({ version: 2, writtenAt: at, transfers: { p1: 99 } }),
      file({ version: 1, writtenAt: at, transfers: { p1: 99 }, caller: '+4792211334' }),
      valid(Object.fromEntries(Array.from({ length: 2001 }, (_, i) => [`p${i}`, 1]))),
      ' '.repeat(400_001),
    ];
    bad.forEach((text, n) => writeFileSync(join(shared, nameOf(n)), text));
    mkdirSync(join(shared, nameOf(20)));
    writeFileSync(join(shared, 'elsewhere'), valid({ p1: 500 }));
    symlinkSync(join(shared, 'elsewhere'), join(shared, nameOf(21)));
    symlinkSync('/dev/zero', join(shared, nameOf(22)));
    writeFileSync(join(shared, nameOf(30)), valid({ p5: 40 }));
    writeFileSync(join(shared, nameOf(31)), valid({ p6: 9000 }, '2025-01-01T00:00:00.000Z'));
    const one = await client(shared, 'a');
    await one.counts.round();
    expect((await one.first())[0]).toBe('p5');
    expect(one.logged.map((line) => ('file' in line ? line.file : ''))).toEqual([
      ...bad.map((_, n) => nameOf(n)),
      ...[20, 21, 22].map(nameOf),
    ]);
    await one.counts.round();
    expect(one.logged).toHaveLength(bad.length + 3);
  });

  test('whatever it holds: what is known stays within bounds', async () => {
    const shared = folder();
    const one = await client(shared, 'a');
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.json(),
          fc.string(),
          fc.dictionary(fc.string(), fc.integer()).map((counts) => valid(counts)),
        ),
        async (text) => {
          writeFileSync(join(shared, nameOf(1)), text);
          await one.counts.round();
          expect(await one.first()).toHaveLength(3);
        },
      ),
      { numRuns: 40 },
    );
  });

  test('that claims too much is cut', async () => {
    const shared = folder();
    writeFileSync(join(shared, nameOf(1)), valid({ p5: 1_000_000_000 }));
    for (const n of [2, 3]) writeFileSync(join(shared, nameOf(n)), valid({ p6: 9000 }));
    const one = await client(shared, 'a');
    await one.counts.round();
    expect(
      await one.database.run('use.storeByAll', {
        counts: [
          { id: 'p5', count: 10_000 },
          { id: 'p6', count: 18_000 },
        ],
      }),
    ).toBe(0);
  });
});

test('a folder that is gone is said once, what was known stays, and it goes on when the folder is back', async () => {
  const shared = folder();
  writeFileSync(join(shared, nameOf(1)), valid({ p3: 50 }));
  const one = await client(shared, 'a');
  await one.counts.round();
  await one.transfer('p7', 1);
  rmSync(shared, { recursive: true });
  await one.counts.round();
  await one.counts.round();
  expect(one.logged).toEqual([
    { event: 'shared-counts.skipped', file: '(own)', why: 'ENOENT' },
    { event: 'shared-counts.skipped', file: '(the folder)', why: 'ENOENT' },
  ]);
  expect((await one.first())[0]).toBe('p3');
  mkdirSync(shared);
  await one.counts.round();
  expect((await one.first())[0]).toBe('p7');
  expect(readdirSync(shared)).toHaveLength(1);
});

test('without a folder nothing is shared, and what was known is forgotten', async () => {
  const one = await client(null, 'a');
  await one.database.run('use.storeByAll', { counts: [{ id: 'p3', count: 50 }] });
  await one.counts.round();
  expect(await one.database.run('use.storeByAll', { counts: [] })).toBe(0);
  expect(one.timers()).toBe(0);
});
