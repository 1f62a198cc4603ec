import { afterEach, describe, expect, test } from 'vitest';
import Sqlite from 'better-sqlite3';
import { fail, ok, type DirectoryStatus } from '#contract';
import type { Database } from '../../main/db/client.ts';
import { migrate } from '../../main/db/migrations/index.ts';
import { queries, type Query } from '../../main/db/queries/index.ts';
import type { SourcePerson } from '../../main/db/queries/people.ts';
import { createDirectory, type Delta, type DirectorySource } from '../../main/services/directory/index.ts';
import type { Clock } from '../../main/services/ports.ts';
import { csv } from '../../main/services/settings/directory-schema.ts';

function person(id: string, name = `Kari ${id}`): SourcePerson {
  const [givenName = '', familyName = ''] = name.split(' ');
  return {
    id,
    reference: id,
    name,
    givenName,
    familyName,
    title: '',
    unit: '',
    agency: '',
    keywords: [],
    workplace: '',
    email: null,
    numbers: [],
    nicknames: [],
    deputy: null,
    alternativeNumber: null,
    manager: null,
    openingHours: null,
    switchboardNote: null,
    absence: null,
  };
}

/** A clock that stands until it is moved, and remembers what waits. */
function clockAt(start: string): Clock & { move(ms: number): void; readonly waiting: number[] } {
  let now = Date.parse(start);
  let timers: { at: number; action: () => void }[] = [];
  return {
    now: () => new Date(now),
    after(ms, action) {
      const timer = { at: now + ms, action };
      timers.push(timer);
      return () => void (timers = timers.filter((one) => one !== timer));
    },
    move(ms) {
      now += ms;
      const due = timers.filter(({ at }) => at <= now);
      timers = timers.filter(({ at }) => at > now);
      for (const { action } of due) action();
    },
    get waiting() {
      return timers.map(({ at }) => at - now);
    },
  };
}

const sqlite: Sqlite.Database[] = [];
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
  for (const one of sqlite.splice(0)) one.close();
});

/** The real queries on a database in this process; `failOn` makes one of them reject. */
function databaseInProcess(): Database & { failOn: string | null; file: Sqlite.Database } {
  const file = new Sqlite(':memory:');
  migrate(file);
  sqlite.push(file);
  return {
    failOn: null,
    file,
    async run(name, input) {
      if (name === this.failOn) throw new Error('the disk is full');
      return (queries[name] as Query<unknown, never>)(file, input);
    },
  };
}

interface Script {
  people: SourcePerson[];
  /** How the next full load ends after its people were delivered. */
  load: Awaited<ReturnType<DirectorySource['fullLoad']>>;
  delta: { people: SourcePerson[]; outcome: Awaited<ReturnType<DirectorySource['delta']>> };
  asked: string[];
  /** Whatever is thrown on the way looks to it like a lost connection. */
  catches: boolean;
}

function scripted(): { source: DirectorySource; script: Script } {
  const script: Script = {
    people: [],
    load: ok({ cursor: '1' }),
    delta: { people: [], outcome: ok({ kind: 'unchanged' }) },
    asked: [],
    catches: false,
  };
  return {
    script,
    source: {
      identity: 'scripted',
      async fullLoad(take) {
        script.asked.push('load');
        try {
          await take(script.people);
        } catch (error) {
          if (script.catches) return fail('unreachable', 'gone');
          throw error;
        }
        return script.load;
      },
      async delta(cursor, take) {
        script.asked.push(`delta ${cursor}`);
        await take(script.delta.people);
        return script.delta.outcome;
      },
    },
  };
}

function open(database = databaseInProcess(), policy: { keepDirectoryDays?: number } = {}, at = '2026-11-22T10:00:00.000Z') {
  const { source, script } = scripted();
  const clock = clockAt(at);
  const told: DirectoryStatus[] = [];
  const expired: string[] = [];
  const feature = createDirectory({
    database,
    settings: { directory: csv.parse({ kind: 'csv', file: 'x', refreshSeconds: 60 }), policy: { country: 'NO', ...policy } },
    expired: (details) => void expired.push(details),
    secrets: { get: async () => 'x', async set() {}, async remove() {} },
    clock,
    random: { uuid: () => '', fraction: () => 0.5 },
    log: { info() {}, warn() {}, error() {} },
    emit: (_, data) => void told.push(data as DirectoryStatus),
    source,
  });
  closers.push(() => feature.close());
  const refresh = async () => {
    const result = await feature.handlers['directory.refresh'](null);
    if (!result.ok) throw new Error(result.error.message);
    return result.value;
  };
  const names = async (query: string) => {
    const result = await feature.handlers['directory.search']({ query, limit: 20, line: null });
    if (!result.ok) throw new Error(result.error.message);
    return result.value.hits.map((hit) => hit.person.name);
  };
  return { script, clock, told, expired, feature, refresh, names, database };
}

const changed = (value: Partial<Extract<Delta, { kind: 'changed' }>>): Script['delta']['outcome'] =>
  ok({ kind: 'changed', cursor: '2', removed: [], present: null, ...value });

describe('the copy', () => {
  test('loads, follows, and deletes only who is really gone', async () => {
    const here = open();
    here.script.people = Array.from({ length: 30 }, (_, i) => person(`n${i}`));
    expect(await here.refresh()).toEqual({ people: 30, asOf: '2026-11-22T10:00:00.000Z', state: 'fresh', fault: null });

    here.script.delta = { people: [person('n1', 'Nina Ny'), person('n30')], outcome: changed({}) };
    expect(await here.refresh()).toMatchObject({ people: 31, state: 'fresh' });
    expect(await here.names('nina')).toEqual(['Nina Ny']);
    expect(await here.names('n1 kari')).not.toContain('Kari n1');

    const present = Array.from({ length: 31 }, (_, i) => `n${i}`).filter((id) => id !== 'n5');
    here.script.delta = { people: [], outcome: changed({ cursor: '3', present }) };
    expect(await here.refresh()).toMatchObject({ people: 30, fault: null });
    expect(await here.names('n5')).toEqual([]);
    expect(here.script.asked).toEqual(['load', 'delta 1', 'delta 2']);
  });

  test('a load that fails after it delivered people leaves the old copy whole', async () => {
    const here = open();
    here.script.people = [person('1', 'Gro Gammel')];
    await here.refresh();
    here.script.people = [person('2', 'Nils Ny')];
    here.script.delta.outcome = ok({ kind: 'reload' });
    here.script.load = fail('unreachable', 'gone');
    expect(await here.refresh()).toMatchObject({ people: 1, state: 'stale', fault: 'gone' });
    expect(await here.names('gro')).toEqual(['Gro Gammel']);
    expect(await here.names('nils')).toEqual([]);
    here.script.load = ok({ cursor: '2' });
    expect(await here.refresh()).toMatchObject({ people: 1, state: 'fresh', fault: null });
    expect(await here.names('gro')).toEqual([]);
    expect(await here.names('nils')).toEqual(['Nils Ny']);
    expect(here.database.file.prepare('SELECT count(*) AS n FROM people').get()).toEqual({ n: 1 });
  });

  test.each(['people.stage', 'people.commit', 'people.apply'])(
    'when %s fails, the old copy is whole and the next refresh mends it',
    async (query) => {
      const here = open();
      here.script.people = [person('1', 'Gro Gammel')];
      await here.refresh();
      here.script.people = [person('1', 'Gro Ny')];
      here.script.delta =
        query === 'people.apply'
          ? { people: here.script.people, outcome: changed({}) }
          : { people: [], outcome: ok({ kind: 'reload' }) };
      here.database.failOn = query;
      expect(await here.refresh()).toMatchObject({ people: 1, state: 'stale' });
      expect(await here.names('gro')).toEqual(['Gro Gammel']);
      here.database.failOn = null;
      expect(await here.refresh()).toMatchObject({ people: 1, state: 'fresh', fault: null });
      expect(await here.names('gro')).toEqual(['Gro Ny']);
    },
  );

  test('a disk that is full is not the fault of a source that was being read', async () => {
    const here = open();
    here.script.people = Array.from({ length: 1200 }, (_, i) => person(`n${i}`));
    here.script.catches = true;
    here.database.failOn = 'people.stage';
    expect((await here.refresh()).fault).toMatch(/could not be stored/);
    here.database.failOn = null;
    expect(await here.refresh()).toMatchObject({ people: 1200, state: 'fresh' });
  });

  test('nobody, or hardly anybody, is not believed', async () => {
    const here = open();
    here.script.people = Array.from({ length: 100 }, (_, i) => person(`n${i}`));
    await here.refresh();
    for (const present of [[], ['n1'], ['somebody else']]) {
      here.script.delta.outcome = changed({ present });
      expect(await here.refresh()).toMatchObject({
        people: 100,
        state: 'stale',
        fault: expect.stringMatching(/nobody was deleted/) as string,
      });
    }
    here.script.delta.outcome = ok({ kind: 'reload' });
    here.script.people = [person('n1')];
    expect(await here.refresh()).toMatchObject({
      people: 100,
      state: 'stale',
      fault: expect.stringMatching(/old copy is kept/) as string,
    });
    // The cursor has not moved: nothing is missed once the server shows everybody again.
    expect(here.script.asked.slice(1)).toEqual(['delta 1', 'delta 1', 'delta 1', 'delta 1', 'load']);
  });
});

describe('a copy that is older than policy allows', () => {
  const day = 24 * 60 * 60 * 1000;
  const rows = (database: { file: Sqlite.Database }) => database.file.prepare('SELECT count(*) AS n FROM people').get();

  test('is emptied when it cannot be brought up to date, told, and filled again when the source is back', async () => {
    const here = open(undefined, { keepDirectoryDays: 7 });
    here.script.people = [person('1', 'Gro Gammel')];
    await here.refresh();
    await here.database.run('use.favourite', { id: '1', on: true, at: '2026-11-22T10:00:00.000Z' });
    here.script.delta.outcome = fail('unreachable', 'gone');
    here.clock.move(7 * day);
    expect(await here.refresh()).toMatchObject({ people: 1, state: 'stale' });
    here.clock.move(1);
    expect(await here.refresh()).toEqual({ people: 0, asOf: null, state: 'empty', fault: 'gone' });
    expect(here.told.at(-1)).toMatchObject({ people: 0, state: 'empty' });
    expect(here.expired).toEqual(['1 people, as of 2026-11-22T10:00:00.000Z; policy.keepDirectoryDays is 7']);
    expect(await here.names('gro')).toEqual([]);
    expect(rows(here.database)).toEqual({ n: 0 });
    here.script.load = fail('unreachable', 'gone');
    await here.refresh();
    expect(here.expired).toHaveLength(1);

    here.script.load = ok({ cursor: '2' });
    expect(await here.refresh()).toMatchObject({ people: 1, state: 'fresh' });
    expect(await here.names('gro')).toEqual(['Gro Gammel']);
    const [favourite] = await here.database.run('use.favourites', { most: 5, now: '2026-12-01T10:00:00.000Z' });
    expect(favourite?.person.name).toBe('Gro Gammel');
  });

  test('is not shown at the next start either, also when a kill came in the middle; one that is kept stays', async () => {
    const database = databaseInProcess();
    const before = open(database);
    before.script.people = [person('1', 'Gro Gammel')];
    await before.refresh();
    await before.feature.close();

    const kept = open(database, { keepDirectoryDays: 30 }, '2026-12-20T10:00:00.000Z');
    kept.script.delta.outcome = fail('unreachable', 'gone');
    expect(await kept.refresh()).toMatchObject({ people: 1, state: 'stale' });
    await kept.feature.close();

    database.failOn = 'people.sweep';
    const killed = open(database, { keepDirectoryDays: 20 }, '2026-12-20T10:00:00.000Z');
    killed.script.load = fail('unreachable', 'gone');
    expect(await killed.refresh()).toMatchObject({ people: 0, state: 'empty' });
    expect(rows(database)).toEqual({ n: 1 });
    await killed.feature.close();

    database.failOn = null;
    const after = open(database, { keepDirectoryDays: 20 }, '2026-12-20T10:00:00.000Z');
    after.script.load = fail('unreachable', 'gone');
    expect(await after.refresh()).toMatchObject({ people: 0, state: 'empty' });
    expect(rows(database)).toEqual({ n: 0 });
    await after.feature.close();
  });
});

describe('by itself', () => {
  test('reads again after the interval, sooner after a fault, late after a refusal, at once with a new password', async () => {
    const here = open();
    here.script.people = [person('1')];
    await here.refresh();
    expect(here.clock.waiting).toEqual([60_000]);
    here.script.delta.outcome = fail('unreachable', 'gone');
    here.clock.move(60_000);
    await here.refresh();
    expect(here.clock.waiting[0]).toBeLessThanOrEqual(4000);
    here.script.delta.outcome = fail('unauthorized', 'no');
    await here.refresh();
    expect(here.clock.waiting).toEqual([900_000]);
    here.script.delta.outcome = ok({ kind: 'unchanged' });
    const asked = here.script.asked.length;
    here.feature.secretChanged?.('directory');
    await here.refresh();
    expect(here.script.asked.length).toBeGreaterThan(asked);
    expect(here.told.at(-1)).toMatchObject({ state: 'fresh', fault: null });
  });

  test('is old when nothing came for three intervals; ends when it is closed', async () => {
    const here = open();
    here.script.people = [person('1')];
    await here.refresh();
    await here.feature.close();
    here.clock.move(181_000);
    expect(await here.feature.handlers['directory.status'](null)).toMatchObject({ value: { state: 'stale', fault: null } });
    expect(here.clock.waiting).toEqual([]);
  });

  test('people whom calls are passed on to rise, also after the next load', async () => {
    const here = open();
    here.script.people = [person('1', 'Kari Aas'), person('2', 'Kari Bø')];
    await here.refresh();
    expect(await here.names('kari')).toEqual(['Kari Aas', 'Kari Bø']);
    await here.database.run('people.transferred', { id: '2', at: '2026-11-22T10:00:00.000Z', number: null, line: null });
    expect(await here.names('kari')).toEqual(['Kari Bø', 'Kari Aas']);
    here.script.delta.outcome = ok({ kind: 'reload' });
    await here.refresh();
    expect(await here.names('kari')).toEqual(['Kari Bø', 'Kari Aas']);
  });

  test('without a directory in the settings', async () => {
    const feature = createDirectory({
      database: databaseInProcess(),
      settings: { directory: null, policy: { country: 'NO' } },
      secrets: { get: async () => null, async set() {}, async remove() {} },
      clock: clockAt('2026-11-22T10:00:00.000Z'),
      random: { uuid: () => '', fraction: () => 0 },
      log: { info() {}, warn() {}, error() {} },
      emit() {},
    });
    expect(await feature.handlers['directory.refresh'](null)).toMatchObject({ ok: false, error: { code: 'not-configured' } });
    expect(await feature.handlers['directory.search']({ query: 'kari', limit: 5, line: null })).toMatchObject({
      ok: true,
      value: { hits: [], total: 0, status: { state: 'empty' } },
    });
    await feature.close();
  });
});
