/** Calendars on a real server (Radicale), by a clock that goes fifty times as fast; then through the whole services. */
import Sqlite from 'better-sqlite3';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Person } from '#contract';
import type { Database } from '../../main/db/client.ts';
import { migrate } from '../../main/db/migrations/index.ts';
import { queries, type Query } from '../../main/db/queries/index.ts';
import type { SourcePerson } from '../../main/db/queries/people.ts';
import { caldavSource, createCalendars, type Calendars } from '../../main/services/calendars/index.ts';
import type { Clock } from '../../main/services/ports.ts';
import { caldav } from '../../main/services/settings/calendar-schema.ts';
import { systemRandom } from '../../main/services/system.ts';
import { personOf } from '../unit/person.ts';
import { waitFor } from './process.ts';
import { startRadicale, type Radicale } from './servers/radicale.ts';

const SPEED = 50;
const begun = Date.parse('2026-11-24T09:00:00Z');
const subjects = ['Hemmelig', 'Influensa', 'Mallorca', 'Budsjettkrise'];

let radicale: Radicale;
beforeAll(async () => {
  radicale = await startRadicale(['kari', 'ola', 'per']);
});
afterAll(() => radicale.stop());

const closers: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of closers.splice(0)) await one.close();
});

const event = (uid: string, lines: string) => `BEGIN:VEVENT\nUID:${uid}\nDTSTAMP:20261101T000000Z\n${lines}\nEND:VEVENT`;

/** Radicale takes no zone that is not told. */
const oslo = `BEGIN:VTIMEZONE
TZID:Europe/Oslo
BEGIN:DAYLIGHT
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
DTSTART:19810329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE`;

/** The clock of one test: from nine o'clock on a Tuesday. */
function quickClock(): Clock & { jump(ms: number): void } {
  const from = performance.now();
  let jumped = 0;
  return {
    now: () => new Date(begun + jumped + Math.floor((performance.now() - from) * SPEED)),
    after(ms, action) {
      const timer = setTimeout(action, ms / SPEED);
      return () => clearTimeout(timer);
    },
    jump: (ms) => void (jumped += ms),
  };
}

function open(people: readonly string[], change: { password?: string; url?: string } = {}) {
  const file = new Sqlite(':memory:');
  migrate(file);
  const run = (name: keyof typeof queries, input: unknown) => (queries[name] as Query<unknown, unknown>)(file, input);
  const database = { run: async (name: keyof typeof queries, input: unknown) => run(name, input) } as unknown as Database;
  const all = people.map((id): SourcePerson => {
    const { calendar: _c, hours: _h, favourite: _f, readAt: _r, availability: _a, absence: _b, ...facts } = personOf();
    return {
      ...facts,
      id,
      reference: id,
      name: `Person ${id}`,
      email: `${id}@lab.test`,
      deputy: null,
      manager: null,
      absence: null,
    };
  });
  const at = new Date(begun).toISOString();
  const load = run('people.begin', null);
  run('people.stage', { load, people: all, readAt: at });
  run('people.commit', { load, source: 'x', cursor: null, asOf: at });

  const clock = quickClock();
  const logged: unknown[] = [];
  const told: string[] = [];
  const asked: string[] = [];
  const settings = caldav.parse({
    kind: 'caldav',
    url: change.url ?? `${radicale.url}/{local}/`,
    user: radicale.user,
    timeoutMs: 100_000,
    refreshSeconds: 15,
  });
  const log = (name: string, details: unknown) => void logged.push([name, details]);
  const calendars: Calendars = createCalendars({
    database,
    settings,
    source: caldavSource({
      settings,
      secrets: { get: async () => change.password ?? radicale.password },
      async fetch(url, init) {
        asked.push(init?.method ?? 'GET');
        return fetch(url, init);
      },
      clock,
      zone: 'Europe/Oslo',
    }),
    clock,
    random: systemRandom,
    log: { info: log, warn: log, error: log },
    emit: (_name, data) => void told.push(...(data as { ids: string[] }).ids),
  });
  closers.push(calendars);
  const person = (id: string) => run('people.get', { id, now: clock.now().toISOString() }) as Person;
  return {
    calendars,
    clock,
    logged,
    told,
    asked,
    person,
    run,
    file,
    /** Waits until a person is as wanted. */
    until: (id: string, wanted: (person: Person) => boolean, what: string) =>
      waitFor(() => (wanted(person(id)) ? person(id) : null), { timeoutMs: 20_000, what }),
    readAt: (id: string) => person(id).calendar?.readAt ?? null,
    times: (id: string) =>
      file
        .prepare('SELECT starts_at, ends_at, closed, kind FROM calendar_times WHERE person_id = ? ORDER BY starts_at')
        .raw()
        .all(id)
        .map((row) => (row as unknown[]).join(' ').replaceAll(':00.000Z', '').replaceAll('2026-', '')),
    /** Everything that is kept, and everything that was logged. */
    kept: () =>
      JSON.stringify([
        logged,
        file
          .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
          .pluck()
          .all()
          .map((table) => file.prepare(`SELECT * FROM "${String(table)}"`).all()),
      ]),
  };
}

test('a week of every kind is read as times, and nothing of what it is about is kept or logged', async () => {
  await radicale.calendar('kari', 'kalender');
  await radicale.calendar('kari', 'privat');
  const put = (name: string, events: string) => radicale.put('kari', 'kalender', name, events);
  await put(
    'lunch',
    [
      oslo,
      event(
        'lunch',
        'DTSTART;TZID=Europe/Oslo:20260105T113000\nDURATION:PT30M\nRRULE:FREQ=WEEKLY;BYDAY=TU,WE\nEXDATE;TZID=Europe/Oslo:20261201T113000\nSUMMARY:LUN: Hemmelig',
      ),
      event(
        'lunch',
        'RECURRENCE-ID;TZID=Europe/Oslo:20261125T113000\nDTSTART;TZID=Europe/Oslo:20261125T130000\nDURATION:PT30M\nSUMMARY:LUN: Hemmelig',
      ),
    ].join('\n'),
  );
  await put(
    'ill',
    event('ill', 'DTSTART;VALUE=DATE:20261127\nDTEND;VALUE=DATE:20261128\nTRANSP:TRANSPARENT\nSUMMARY:SYK: Influensa'),
  );
  await put('holiday', event('holiday', 'DTSTART;VALUE=DATE:20261203\nDTEND;VALUE=DATE:20261205\nSUMMARY:FER: Mallorca'));
  await put('off', event('off', 'DTSTART:20261126T100000Z\nDURATION:PT1H\nSTATUS:CANCELLED\nSUMMARY:MØT: Hemmelig'));
  await radicale.put(
    'kari',
    'privat',
    'open',
    event('open', 'DTSTART:20261126T120000Z\nDURATION:PT1H\nSUMMARY:MØT; Budsjettkrise'),
  );
  const given = open(['kari']);
  given.calendars.shown(['kari']);
  const kari = await given.until('kari', ({ calendar }) => calendar?.known === true, 'the calendar');
  expect(kari.calendar).toMatchObject({ busy: false, nextBusyAt: '2026-11-24T10:30:00.000Z', nextFreeAt: null });
  expect(given.times('kari')).toEqual([
    '11-24T10:30 11-24T11:00 1 lunch',
    '11-25T12:00 11-25T12:30 1 lunch',
    '11-26T12:00 11-26T13:00 0 meeting',
    '11-26T23:00 11-27T23:00 1 away',
    '12-02T10:30 12-02T11:00 1 lunch',
    '12-02T23:00 12-04T23:00 1 holiday',
    '12-08T10:30 12-08T11:00 1 lunch',
  ]);
  expect(given.told).toContain('kari');
  for (const subject of [...subjects, 'SYK', 'LUN']) expect(given.kept()).not.toContain(subject);
});

test('what moves is seen at the next reading, and what did not change is asked for once', async () => {
  await radicale.calendar('ola', 'kalender');
  const meeting = (when: string) =>
    radicale.put('ola', 'kalender', 'm', event('m', `DTSTART:${when}\nDURATION:PT3H\nSUMMARY:MØT: Hemmelig`));
  await meeting('20261124T120000Z');
  const given = open(['ola']);
  given.calendars.shown(['ola']);
  const first = await given.until('ola', ({ calendar }) => calendar?.known === true, 'the calendar');
  expect(first.availability).not.toBe('absent');
  given.asked.splice(0);
  const readAt = given.readAt('ola');
  await given.until('ola', () => given.readAt('ola') !== readAt, 'another reading');
  expect(new Set(given.asked)).toEqual(new Set(['PROPFIND']));
  await meeting('20261124T085500Z');
  const away = await given.until('ola', ({ availability }) => availability === 'absent', 'the meeting that was moved');
  expect(away.absence).toMatchObject({ kind: 'meeting', source: 'calendar', until: '2026-11-24T11:55:00.000Z' });
  await radicale.remove('ola', 'kalender', 'm');
  await given.until('ola', ({ availability }) => availability !== 'absent', 'the meeting to be gone');
  // A state that the server has never given: everything is read again.
  given.file.prepare("UPDATE calendars SET cursor = json_set(cursor, '$.state', 'gone')").run();
  await meeting('20261124T085500Z');
  await given.until('ola', ({ availability }) => availability === 'absent', 'the meeting again');
});

test('a server that is down makes nobody free: an absence stays till its end, then it is unknown; and back', async () => {
  await radicale.calendar('per', 'kalender');
  await radicale.put(
    'per',
    'kalender',
    'm',
    event('m', 'DTSTART:20261124T080000Z\nDTEND:20261124T130000Z\nSUMMARY:MØT: Hemmelig'),
  );
  const given = open(['per']);
  given.calendars.shown(['per']);
  await given.until('per', ({ availability }) => availability === 'absent', 'the meeting');
  await radicale.stop();
  await waitFor(() => given.calendars.fault(), { timeoutMs: 20_000, what: 'the fault' });
  expect(given.calendars.fault()?.code).toBe('unreachable');
  given.clock.jump(60 * 60_000);
  expect(given.person('per')).toMatchObject({ availability: 'absent', calendar: { known: false } });
  given.clock.jump(181 * 60_000);
  expect(given.person('per')).toMatchObject({
    availability: 'unknown',
    absence: null,
    calendar: { known: false, busy: false },
  });
  await radicale.restart();
  given.calendars.shown(['per']);
  await given.until('per', ({ calendar }) => calendar?.known === true, 'the server again');
  expect(given.calendars.fault()).toBeNull();
});

test('a wrong password is told, nobody has a calendar by it, and nobody without one has', async () => {
  const wrong = open(['ola'], { password: 'wrong' });
  wrong.calendars.shown(['ola']);
  await waitFor(() => wrong.calendars.fault(), { timeoutMs: 20_000, what: 'the fault' });
  expect(wrong.calendars.fault()?.code).toBe('unauthorized');
  expect(wrong.person('ola').calendar).toBeNull();
  const given = open(['nobody']);
  given.calendars.shown(['nobody']);
  const row = () => given.file.prepare('SELECT found FROM calendars').pluck().get();
  await waitFor(() => row() === 0, { timeoutMs: 20_000, what: 'the answer' });
  expect(given.person('nobody')).toMatchObject({ calendar: null, absence: null });
  expect(given.calendars.fault()).toBeNull();
});

test('an address that is the calendar itself', async () => {
  const given = open(['ola'], { url: `${radicale.url}/{local}/kalender/` });
  given.calendars.shown(['ola']);
  await given.until('ola', ({ availability }) => availability === 'absent', 'the meeting');
  given.asked.splice(0);
  const readAt = given.readAt('ola');
  await given.until('ola', () => given.readAt('ola') !== readAt, 'another reading');
  expect(new Set(given.asked)).toEqual(new Set(['PROPFIND']));
});
