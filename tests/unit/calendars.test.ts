/** Who is read when: the feature on its real queries, with a server that does as it is told. */
import Sqlite from 'better-sqlite3';
import { afterEach, expect, test } from 'vitest';
import { fail, ok, type Person } from '#contract';
import type { Database } from '../../main/db/client.ts';
import type { TakenTime } from '../../main/db/calendar-state.ts';
import { migrate } from '../../main/db/migrations/index.ts';
import { queries, type Query } from '../../main/db/queries/index.ts';
import type { SourcePerson } from '../../main/db/queries/people.ts';
import { createCalendars, type Calendars, type CalendarsPorts } from '../../main/services/calendars/index.ts';
import type { CalendarRead, CalendarSource } from '../../main/services/calendars/source.ts';
import { personOf } from './person.ts';

const start = Date.parse('2026-11-24T09:00:00Z');
const minute = 60_000;

function world(people: readonly string[], settings: Partial<NonNullable<CalendarsPorts['settings']>> = {}) {
  const file = new Sqlite(':memory:');
  migrate(file);
  const run = (name: keyof typeof queries, input: unknown) => (queries[name] as Query<unknown, unknown>)(file, input);
  const database = { run: async (name: keyof typeof queries, input: unknown) => run(name, input) } as unknown as Database;
  const load = run('people.begin', null);
  const all = people.map((id): SourcePerson => {
    const { calendar: _c, hours: _h, favourite: _f, readAt: _r, availability: _a, absence: _b, ...facts } = personOf();
    return {
      ...facts,
      id,
      reference: id,
      name: `Kari ${id}`,
      email: `${id}@lab.test`,
      deputy: null,
      manager: null,
      absence: null,
    };
  });
  const at = new Date(start).toISOString();
  run('people.stage', { load, people: all, readAt: at });
  run('people.commit', { load, source: 'x', cursor: null, asOf: at });

  let now = start;
  let timers: { at: number; action: () => void }[] = [];
  const read: string[] = [];
  const told: string[][] = [];
  const logged: unknown[] = [];
  let faults = 0;
  let answer: (id: string) => ReturnType<CalendarSource['read']> = async () => ok(seen([]));
  const seen = (times: readonly TakenTime[] | null, more: Partial<CalendarRead> = {}): CalendarRead => ({
    found: true,
    cursor: 'c',
    times,
    readUntil: '2026-12-08T00:00:00.000Z',
    ...more,
  });
  const log = (event: string, details: unknown) => void logged.push([event, details]);
  /** All that was begun is done: nothing here waits for more than promises. */
  const settled = () => new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve)));
  const open = (): Calendars =>
    createCalendars({
      database,
      source: { id: 'fake', read: (owner) => (read.push(owner.id), answer(owner.id)) },
      settings: { refreshSeconds: 120, everybody: false, everybodyPerMinute: 60, ...settings },
      clock: {
        now: () => new Date(now),
        after(ms, action) {
          const timer = { at: now + ms, action };
          timers.push(timer);
          return () => void (timers = timers.filter((one) => one !== timer));
        },
      },
      random: { uuid: () => '', fraction: () => 0.5 },
      log: { info: log, warn: log, error: log },
      emit: (_name, data) => void told.push((data as { ids: string[] }).ids),
      onFault: () => faults++,
    });
  return {
    file,
    read,
    told,
    logged,
    seen,
    settled,
    open,
    run,
    answers: (next: typeof answer) => (answer = next),
    person: (id: string) => run('people.get', { id, now: new Date(now).toISOString() }) as Person,
    faults: () => faults,
    /** Sets the clock of the wall; what waits goes by another. */
    jump(ms: number) {
      now += ms;
      timers = timers.map((one) => Object.assign(one, { at: one.at + ms }));
    },
    /** Moves the clock on, timer by timer. */
    async pass(ms: number) {
      const end = now + ms;
      for (;;) {
        await settled();
        const next = timers.toSorted((a, b) => a.at - b.at)[0];
        if (!next || next.at > end) break;
        now = Math.max(now, next.at);
        timers = timers.filter((one) => one !== next);
        next.action();
      }
      now = end;
      await settled();
    },
  };
}

const closers: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of closers.splice(0)) await one.close();
});
function begin(given: ReturnType<typeof world>): Calendars {
  const calendars = given.open();
  closers.push(calendars);
  return calendars;
}

const closed = (startsAt: string, endsAt: string): TakenTime => ({ startsAt, endsAt, closed: true, kind: 'meeting' });

test('who is shown is read before who was chosen, and everybody else last; nobody twice within the interval', async () => {
  const given = world(['a', 'b', 'c', 'd', 'e'], { everybody: true });
  given.run('use.favourite', { personId: 'd', id: 'd', on: true, at: new Date(start).toISOString() });
  const free: (() => void)[] = [];
  given.answers((_id) => new Promise((resolve) => void free.push(() => resolve(ok(given.seen([]))))));
  const calendars = begin(given);
  await given.settled();
  // The first round has begun with three at once; the rest wait.
  expect(given.read).toEqual(['d', 'a', 'b']);
  calendars.shown(['e']);
  await given.settled();
  const go = async () => {
    for (const one of free.splice(0)) one();
    await given.settled();
  };
  await go();
  await go();
  expect(given.read).toEqual(['d', 'a', 'b', 'e', 'c']);
  calendars.shown(['e', 'a']);
  await given.pass(100_000);
  expect(given.read).toHaveLength(5);
  await given.pass(30_000);
  expect(given.read.slice(5).toSorted()).toEqual(['a', 'd', 'e']);
  await go();
});

test('a server that is down is asked ever more seldom, and what was known becomes unknown, never free', async () => {
  const given = world(['a']);
  given.answers(async () => ok(given.seen([closed('2026-11-24T08:00:00.000Z', '2026-11-24T09:10:00.000Z')])));
  const calendars = begin(given);
  calendars.shown(['a']);
  await given.pass(1000);
  expect(given.person('a')).toMatchObject({ availability: 'absent', absence: { kind: 'meeting', source: 'calendar' } });
  given.answers(async () => fail('unreachable', 'gone'));
  given.told.splice(0);
  for (let minutes = 0; minutes < 40; minutes++) {
    calendars.shown(['a']);
    await given.pass(minute);
  }
  // 38 minutes without it: 2, 4, 8 … seconds, then every five minutes, less jitter.
  expect(given.read.length).toBeGreaterThan(8);
  expect(given.read.length).toBeLessThan(22);
  expect(given.person('a')).toMatchObject({ availability: 'unknown', absence: null, calendar: { known: false, busy: false } });
  expect(calendars.fault()?.code).toBe('unreachable');
  expect(given.faults()).toBe(1);
  // When the meeting was over, and when nothing could be said any more.
  expect(given.told.length).toBeGreaterThanOrEqual(2);
  given.answers(async () => ok(given.seen(null)));
  await given.pass(5 * minute);
  expect(given.person('a').calendar).toMatchObject({ known: true, busy: false });
  expect([calendars.fault(), given.faults()]).toEqual([null, 2]);
});

test('a wrong password is not tried again for a quarter of an hour, but at once when another is typed', async () => {
  const given = world(['a', 'b']);
  given.answers(async () => fail('unauthorized', 'no'));
  const calendars = begin(given);
  calendars.shown(['a', 'b']);
  await given.pass(13 * minute);
  // Both were under way when the server said no.
  expect(given.read).toHaveLength(2);
  given.answers(async () => ok(given.seen([])));
  calendars.secretChanged?.('calendar');
  await given.settled();
  expect(given.read.slice(2)).toContain('a');
  expect(calendars.fault()).toBeNull();
});

test('one person who cannot be read stops nobody else', async () => {
  const given = world(['a', 'b']);
  given.answers(async (id) => (id === 'a' ? fail('rejected', 'no') : ok(given.seen([]))));
  const calendars = begin(given);
  for (let minutes = 0; minutes < 10; minutes++) {
    calendars.shown(['a', 'b']);
    await given.pass(minute);
  }
  expect(given.read.filter((id) => id === 'b').length).toBeGreaterThanOrEqual(4);
  expect(given.read.filter((id) => id === 'a').length).toBeLessThan(5);
  expect(calendars.fault()).toBeNull();
  expect(given.person('a').calendar).toBeNull();
});

test('absences begin and end by the clock, without the server, and go back when the clock is put back', async () => {
  const given = world(['a']);
  given.answers(async () => ok(given.seen([closed('2026-11-24T09:01:00.000Z', '2026-11-24T09:05:00.000Z')])));
  const calendars = begin(given);
  calendars.shown(['a']);
  await given.pass(1000);
  given.told.splice(0);
  const row = () => given.file.prepare('SELECT absent, absent_until FROM calendars').get();
  given.answers(async () => fail('unreachable', 'gone'));
  await given.pass(70_000);
  expect(given.told).toEqual([['a']]);
  expect(row()).toEqual({ absent: 1, absent_until: '2026-11-24T09:05:00.000Z' });
  given.jump(-minute);
  await given.pass(20_000);
  expect(given.told).toEqual([['a'], ['a']]);
  expect(row()).toEqual({ absent: 0, absent_until: null });
  await given.pass(6 * minute);
  expect(row()).toEqual({ absent: 0, absent_until: null });
  expect(given.told).toHaveLength(4);
});

test('after a restart nothing is read again that is fresh, and what began meanwhile is told', async () => {
  const given = world(['a']);
  given.answers(async () => ok(given.seen([closed('2026-11-24T09:01:00.000Z', '2026-11-24T09:05:00.000Z')])));
  const before = given.open();
  before.shown(['a']);
  await given.pass(1000);
  await before.close();
  given.jump(80_000);
  given.told.splice(0);
  const calendars = begin(given);
  calendars.shown(['a']);
  await given.settled();
  expect(given.read).toEqual(['a']);
  expect(given.told).toEqual([['a']]);
  expect(given.person('a').availability).toBe('absent');
});

test('what another server told is deleted', async () => {
  const given = world(['a']);
  const before = given.open();
  before.shown(['a']);
  await given.pass(1000);
  await before.close();
  const rows = () => given.file.prepare('SELECT count(*) FROM calendars').pluck().get();
  expect(rows()).toBe(1);
  given.file.prepare("UPDATE calendars SET source = 'another'").run();
  begin(given);
  await given.settled();
  expect(rows()).toBe(0);
});
