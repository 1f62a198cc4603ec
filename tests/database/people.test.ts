import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { searchHit } from '#contract';
import type { OpenDatabase } from '../../main/db/client.ts';
import type { SourcePerson } from '../../main/db/queries/people.ts';
import { temporaryFolder } from './folders.ts';
import { sourcePeople } from './people-samples.ts';
import { openOrFail } from './support.ts';

const folder = temporaryFolder();
const now = '2026-11-22T12:00:00.000Z';
const people = sourcePeople(1500, 5);

async function load(database: OpenDatabase, all: readonly SourcePerson[], source = 'a'): Promise<void> {
  const number = await database.run('people.begin', null);
  for (let at = 0; at < all.length; at += 250)
    await database.run('people.stage', { load: number, people: all.slice(at, at + 250), readAt: now });
  await database.run('people.commit', { load: number, source, cursor: '1', asOf: now });
  while ((await database.run('people.sweep', { rows: 400 })) > 0);
}

const names = async (database: OpenDatabase, query: string) =>
  (await database.run('people.search', { query, limit: 50, now })).hits.map(({ person }) => person.name);

describe('a full load', () => {
  test('is not seen before it is committed, and then all at once', async () => {
    const database = await openOrFail(folder());
    await load(database, people);
    const number = await database.run('people.begin', null);
    const other = people.map((person) => ({ ...person, keywords: ['kvxqzw'] }));
    await database.run('people.stage', { load: number, people: other, readAt: now });
    expect(await database.run('people.search', { query: 'kvxqzw', limit: 5, now })).toEqual({ hits: [], total: 0 });
    expect((await database.run('people.copy', null))?.people).toBe(people.length);
    await database.run('people.commit', { load: number, source: 'a', cursor: '2', asOf: now });
    expect((await database.run('people.search', { query: 'kvxqzw', limit: 5, now })).total).toBe(people.length);
    // The old rows go a little at a time, and the new ones stay.
    expect(await database.run('people.sweep', { rows: 1000 })).toBe(1000);
    expect(await database.run('people.sweep', { rows: 1000 })).toBe(500);
    expect(await database.run('people.sweep', { rows: 1000 })).toBe(0);
    expect(await database.run('people.copy', null)).toMatchObject({ people: people.length, cursor: '2' });
    await database.close();
  });

  test('of nobody is refused, and so is one that is not under way', async () => {
    const database = await openOrFail(folder());
    await load(database, people.slice(0, 3));
    const number = await database.run('people.begin', null);
    const commit = (one: number) => database.run('people.commit', { load: one, source: 'a', cursor: null, asOf: now });
    await expect(commit(number)).rejects.toThrow(/nobody/);
    await expect(commit(number + 1)).rejects.toThrow(/not the one under way/);
    await database.run('people.abandon', null);
    await expect(database.run('people.stage', { load: number, people, readAt: now })).rejects.toThrow(/not the one under way/);
    expect((await database.run('people.copy', null))?.people).toBe(3);
    await database.close();
  });

  test('that is killed in the middle leaves the old copy whole', async () => {
    const where = folder();
    const before = await openOrFail(where);
    await load(before, people);
    await before.close();
    for (let i = 0; i < 3; i++) {
      const loader = spawn(process.execPath, [fileURLToPath(new URL('fixtures/people-loader.ts', import.meta.url)), where], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      await once(loader.stdout, 'data');
      loader.kill('SIGKILL');
      await once(loader, 'exit');
      const after = await openOrFail(where);
      expect(await after.run('people.copy', null)).toMatchObject({ people: people.length, cursor: '1' });
      for (const person of people.slice(i * 20, i * 20 + 20))
        expect(await names(after, person.email ?? '')).toContain(person.name);
      while ((await after.run('people.sweep', { rows: 500 })) > 0);
      expect((await after.run('people.missing', { ids: people.map(({ id }) => id) })).missing).toEqual([]);
      await after.close();
    }
  });
});

describe('the index', () => {
  test('filled in steps after a start, with changes in between, finds the same as one that was there all along', async () => {
    const where = folder();
    const first = await openOrFail(where);
    await load(first, people);
    const changes = people.slice(0, 300).map((person, i) => (i % 3 === 0 ? { ...person, title: 'skiftet tittel' } : person));
    const gone = people.slice(700, 760).map(({ id }) => id);
    const fresh = sourcePeople(1600, 5).slice(1500);
    const apply = async (database: OpenDatabase) => {
      await database.run('people.apply', {
        upserts: [...changes, ...fresh],
        removals: gone,
        readAt: now,
        done: { cursor: '2', asOf: now },
      });
      await database.run('people.transferred', { id: people[100]!.id, at: now, number: null, line: null });
    };
    await first.close();

    const second = await openOrFail(where);
    expect(await second.run('people.warm', { rows: 700 })).toBe(false);
    await apply(second);
    while (!(await second.run('people.warm', { rows: 300 })));
    const third = await answers(second);
    await second.close();
    const again = await openOrFail(where);
    expect(await answers(again)).toEqual(third);
    expect(await again.run('people.copy', null)).toMatchObject({ people: 1540, cursor: '2' });
    await again.close();

    async function answers(database: OpenDatabase) {
      const found: unknown[] = [];
      for (const query of [
        'a',
        'ka',
        'skiftet',
        'hansen',
        'barnehage',
        '22',
        '4790',
        'opptak sagene',
        'parkerng',
        'kari@oslo',
      ]) {
        found.push(await database.run('people.search', { query, limit: 20, now }));
      }
      return found;
    }
  });

  test('hits are as the contract has them, and say why', async () => {
    const database = await openOrFail(folder());
    await load(database, people);
    const { hits, total } = await database.run('people.search', { query: 'barnehageopptak', limit: 10, now });
    expect(hits).toHaveLength(10);
    expect(total).toBeGreaterThan(10);
    for (const hit of hits) {
      searchHit.parse(hit);
      expect(hit.matches).toContainEqual({ field: 'keyword', text: 'barnehageopptak', ranges: [[0, 15]] });
    }
    await database.close();
  });

  test('who is back is available again without a refresh', async () => {
    const database = await openOrFail(folder());
    const until = '2026-11-25T08:00:00.000Z';
    await load(database, [{ ...people[0]!, absence: { kind: 'away', until } }]);
    const at = async (instant: string) => (await database.run('people.get', { id: people[0]!.id, now: instant }))?.availability;
    expect(await at(now)).toBe('absent');
    expect(await at(until)).toBe('unknown');
    await database.close();
  });
});
