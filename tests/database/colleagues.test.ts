/** Whom to try first, whom instead, and the agent's own entry: the feature on its real database. */
import { afterEach, describe, expect, test } from 'vitest';
import type { CallInput, CallName, CallOutput, Note, Person } from '#contract';
import type { OpenDatabase } from '../../main/db/client.ts';
import type { SourcePerson } from '../../main/db/queries/people.ts';
import { alternativesTo } from '../../main/services/colleagues/alternatives.ts';
import { createColleagues, type ColleaguesPorts } from '../../main/services/colleagues/index.ts';
import { ok } from '#contract';
import { personOf } from '../unit/person.ts';
import { temporaryFolder } from './folders.ts';
import { openOrFail } from './support.ts';

const folder = temporaryFolder();
const start = Date.parse('2026-11-22T12:00:00.000Z');
const dayMs = 24 * 60 * 60 * 1000;

const base = { ...personOf(), reference: null } as const;
function source(id: string, given: Partial<SourcePerson> = {}): SourcePerson {
  const { calendar: _c, hours: _h, favourite: _f, readAt: _r, availability: _a, absence: _b, ...facts } = base;
  return {
    ...facts,
    id,
    reference: id,
    name: `Person ${id.toUpperCase()}`,
    deputy: null,
    manager: null,
    absence: null,
    ...given,
  };
}

const people = [
  source('a', {
    unit: 'Inntak',
    keywords: ['barnehage', 'bytte'],
    email: 'a@example.no',
    deputy: { reference: 'b', name: null, number: null },
  }),
  source('b', { unit: 'Inntak', keywords: ['barnehage', 'bytte'] }),
  source('c', { unit: 'Inntak', absence: { kind: 'holiday', until: null } }),
  source('d', { unit: 'Skole', keywords: ['Barnehage', 'bytte'] }),
  source('e', { unit: 'Inntak' }),
  source('f', { unit: 'Skole', keywords: ['barnehage'] }),
  source('g', {
    unit: 'Vei',
    keywords: ['brøyting'],
    numbers: [{ kind: 'mobile', value: '+4792211334' }],
    email: 'G@Example.no',
  }),
];

async function load(database: OpenDatabase, all: readonly SourcePerson[]): Promise<void> {
  const at = new Date(start).toISOString();
  const number = await database.run('people.begin', null);
  await database.run('people.stage', { load: number, people: all, readAt: at });
  await database.run('people.commit', { load: number, source: 'x', cursor: null, asOf: at });
}

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function desk(ports: Partial<ColleaguesPorts> = {}, at = folder()) {
  const database = await openOrFail(at);
  await load(database, people);
  let now = start;
  let daily: (() => void) | null = null;
  const shown: string[] = [];
  const feature = createColleagues({
    database,
    clock: {
      now: () => new Date(now),
      after(_, action) {
        daily = action;
        return () => (daily = null);
      },
    },
    log: { info() {}, warn() {}, error() {} },
    agent: { id: 'agent1', name: 'Kari' },
    ownNumber: null,
    country: 'NO',
    keepDays: 30,
    calendars: false,
    messages: [],
    reports: null,
    dress: (person) => person,
    shown: (ids) => void shown.push(...ids),
    submit: async (note) =>
      ok({ ...note, createdAt: '', state: 'pending', caseId: null, attempts: 0, fault: null } satisfies Note),
    ...ports,
  });
  const close = async () => {
    await feature.close();
    await database.close();
  };
  closing.push(close);
  const call = async <N extends keyof typeof feature.handlers & CallName>(
    name: N,
    input: CallInput<N>,
  ): Promise<CallOutput<N>> => {
    // The table ties the name to its input; TypeScript cannot follow that through a union.
    const handler = feature.handlers[name] as unknown as (input: unknown) => Promise<{ ok: boolean; value: CallOutput<N> }>;
    const result = await handler(input);
    if (!result.ok) throw new Error(JSON.stringify(result));
    return result.value;
  };
  const suggested = async (number: string | null = null, line: string | null = null) => {
    const { spokenTo, favourites, lastTransferred } = await call('directory.suggested', { number, line });
    const ids = (list: typeof favourites) => list.map(({ person }) => person.id);
    return { spokenTo: ids(spokenTo), favourites: ids(favourites), lastTransferred: ids(lastTransferred) };
  };
  return {
    database,
    call,
    handlers: feature.handlers,
    suggested,
    shown,
    close,
    at,
    pass: (ms: number) => (now += ms),
    transfer: async (personId: string, number: string | null = null, line: string | null = null) => {
      now += 1000;
      await call('directory.transferred', { personId, number, line });
    },
    /** The next day's round. */
    async night() {
      daily?.();
      await database.run('people.copy', null);
    },
  };
}

describe('favourites', () => {
  test('are the agent’s, by name, marked on the person, and last; who has left is not shown, and is there when back', async () => {
    const here = await desk();
    for (const personId of ['g', 'a', 'a']) await here.call('directory.favourite', { personId, on: true });
    expect((await here.suggested()).favourites).toEqual(['a', 'g']);
    const found = await here.call('directory.alternatives', { personId: 'b' });
    expect(found.find(({ person }) => person.id === 'a')?.person.favourite).toBe(true);
    expect(found.find(({ person }) => person.id === 'd')?.person.favourite).toBe(false);
    await load(here.database, people.slice(1));
    expect((await here.suggested()).favourites).toEqual(['g']);
    await load(here.database, people);
    expect((await here.suggested()).favourites).toEqual(['a', 'g']);
    await here.close();
    const again = await desk({}, here.at);
    await again.call('directory.favourite', { personId: 'a', on: false });
    await again.call('directory.favourite', { personId: 'nobody', on: false });
    expect((await again.suggested()).favourites).toEqual(['g']);
  });
});

describe('whom a caller spoke to', () => {
  test.each(['+4792211334', '92 21 13 34', '0047 92211334', 'sip:+4792211334@exchange.test', '004792211334'])(
    'is found when %s calls again',
    async (number) => {
      const here = await desk();
      await here.transfer('a', '92211334', 'Barnehage');
      expect((await here.suggested(number)).spokenTo).toEqual(['a']);
      expect(here.shown).toContain('a');
      expect((await here.suggested('+4792211335')).spokenTo).toEqual([]);
    },
  );

  test('is kept of a short number, and of nobody who withholds it', async () => {
    const here = await desk();
    await here.transfer('a', '5041');
    await here.transfer('b', 'anonymous');
    await here.transfer('c', null);
    expect((await here.suggested('5041')).spokenTo).toEqual(['a']);
    for (const number of ['anonymous', null, '']) expect((await here.suggested(number)).spokenTo).toEqual([]);
    expect((await here.suggested()).lastTransferred).toEqual(['c', 'b', 'a']);
  });

  test('is by the same line first, then last first; each once', async () => {
    const here = await desk();
    const number = '+4792211334';
    for (const [id, line] of [
      ['a', 'Skole'],
      ['b', 'Vei'],
      ['d', null],
      ['e', 'Vei'],
      ['b', 'Vei'],
    ] as const)
      await here.transfer(id, number, line);
    expect((await here.suggested(number, 'Skole')).spokenTo).toEqual(['a', 'b', 'e', 'd']);
    expect((await here.suggested(number, 'Vei')).spokenTo).toEqual(['b', 'e', 'd', 'a']);
    expect((await here.suggested(number, null)).spokenTo).toEqual(['d', 'b', 'e', 'a']);
  });

  test('is not told when it is too old, and forgotten in the night', async () => {
    const here = await desk();
    const number = '+4792211334';
    const kept = () =>
      here.database.run('use.spokenTo', { number, line: null, after: '2000', most: 9, now: '2026-11-22T12:00:00.000Z' });
    await here.transfer('a', number);
    here.pass(20 * dayMs);
    await here.transfer('b', number);
    here.pass(11 * dayMs);
    expect((await here.suggested(number)).spokenTo).toEqual(['b']);
    expect(await kept()).toHaveLength(2);
    await here.night();
    expect((await kept()).map(({ person }) => person.id)).toEqual(['b']);
    // Who was turned to is no matter of the caller's.
    expect((await here.suggested()).lastTransferred).toEqual(['b', 'a']);
  });
});

test('those transferred to last come last first, ten at most, and not who has left', async () => {
  const here = await desk();
  const many = Array.from({ length: 14 }, (_, i) => source(`m${String(i).padStart(2, '0')}`));
  await load(here.database, many);
  for (const { id } of many) await here.transfer(id);
  await here.transfer('nobody');
  await here.transfer('m03');
  const { lastTransferred } = await here.suggested();
  expect(lastTransferred).toEqual(['m03', 'm13', 'm12', 'm11', 'm10', 'm09', 'm08', 'm07', 'm06', 'm05']);
});

describe('alternatives', () => {
  test('share the unit or a keyword, with why: who is there first, then who shares most; never the deputy', async () => {
    const here = await desk();
    const offered = await here.call('directory.alternatives', { personId: 'a' });
    expect(offered.map(({ person, why }) => [person.id, why.unit, why.keywords])).toEqual([
      ['d', false, ['Barnehage', 'bytte']],
      ['f', false, ['barnehage']],
      ['e', true, []],
      ['c', true, []],
    ]);
    expect(await here.call('directory.alternatives', { personId: 'g' })).toEqual([]);
    expect(await here.handlers['directory.alternatives']({ personId: 'nobody' })).toMatchObject({
      ok: false,
      error: { code: 'not-found' },
    });
  });

  test('rank by who can be reached before anything else', () => {
    const at = (id: string, given: Partial<Person>) => personOf({ id, keywords: ['k'], ...given });
    const calendar = { known: true, busy: true, nextBusyAt: null, nextFreeAt: null, readAt: null };
    const absence = { kind: 'away', until: null, source: 'calendar', readAt: '' } as const;
    const others = [
      at('absent', { absence, unit: 'U' }),
      at('closed', { hours: { text: '', open: false, changesAt: null }, unit: 'U' }),
      at('busy', { calendar, unit: 'U' }),
      at('unknown hours', { hours: { text: 'ring', open: null, changesAt: null } }),
      at('there', {}),
      at('there, same unit', { unit: ' u' }),
    ];
    const offered = alternativesTo(at('x', { unit: 'U', keywords: ['K ', 'l'] }), others, 10);
    expect(offered.map(({ person }) => person.id)).toEqual([
      'there, same unit',
      'unknown hours',
      'there',
      'busy',
      'absent',
      'closed',
    ]);
    expect(alternativesTo(at('x', { unit: '', keywords: [] }), [at('y', { unit: '' })], 10)).toEqual([]);
  });
});

describe('the agent’s own entry', () => {
  test('is the one that the settings name, or else the only one with the e-mail address, or the telephone', async () => {
    const own = async (ports: Partial<ColleaguesPorts>) => {
      const here = await desk(ports);
      const result = await here.handlers['directory.profile'](null);
      return result.ok ? result.value : result.error.code;
    };
    const agent = { id: 'agent1', name: 'Kari' };
    expect(await own({ agent: { ...agent, directoryId: 'a' } })).toMatchObject({
      person: { id: 'a' },
      missing: ['mobile', 'hours'],
    });
    expect(await own({ agent: { ...agent, email: 'g@example.NO' }, calendars: true })).toMatchObject({
      person: { id: 'g' },
      missing: ['deputy', 'hours', 'calendar'],
    });
    expect(await own({ ownNumber: '92 21 13 34' })).toMatchObject({ person: { id: 'g' } });
    expect(await own({ agent: { ...agent, directoryId: 'nobody', email: 'a@example.no' } })).toBe('not-found');
    expect(await own({ agent: { ...agent, email: 'x@example.no' }, ownNumber: '99999999' })).toBe('not-found');
    expect(await own({})).toBe('not-found');
  });

  test('is nobody’s when two have the address', async () => {
    const here = await desk({ agent: { id: 'agent1', name: 'Kari', email: 'felles@example.no' } });
    await load(here.database, [source('x', { email: 'felles@example.no' }), source('y', { email: 'felles@example.no' })]);
    expect(await here.handlers['directory.profile'](null)).toMatchObject({ ok: false, error: { code: 'not-found' } });
  });
});

describe('a report', () => {
  const report = { id: '5f0c7a52-5d0e-4a6e-9f5a-000000000001', personId: 'a', kind: 'left', text: '' } as const;

  test('goes as a note into the queue that the settings name, or as a mail', async () => {
    const byCrm = await desk({ reports: { by: 'crm', queue: 'PRK' } });
    expect(await byCrm.call('directory.report', report)).toMatchObject({
      by: 'crm',
      note: { id: report.id, state: 'pending', target: { queue: 'PRK', origin: 'directory' } },
    });
    const byMail = await desk({ reports: { by: 'mail', address: 'prk@example.no' } });
    expect(await byMail.call('directory.report', report)).toMatchObject({
      by: 'mail',
      href: expect.stringMatching(/^mailto:prk@example.no\?/),
    });
  });

  test('of nobody, or to nobody, is refused', async () => {
    const here = await desk();
    expect(await here.handlers['directory.report'](report)).toMatchObject({ ok: false, error: { code: 'not-configured' } });
    const byCrm = await desk({ reports: { by: 'crm' } });
    expect(await byCrm.handlers['directory.report']({ ...report, personId: 'x' })).toMatchObject({
      ok: false,
      error: { code: 'not-found' },
    });
  });
});

test('a message is for a person of the directory, by a template of the settings', async () => {
  const words = { name: { nb: 'a', nn: 'b', en: 'c' }, subject: '{caller}', body: '{agent} til {person}: {number}' };
  const here = await desk({
    messages: [
      { id: 'ring', kind: 'mail', ...words },
      { id: 'sms', kind: 'sms', ...words },
    ],
  });
  expect(await here.call('directory.messages', null)).toEqual([
    { id: 'ring', kind: 'mail', name: words.name },
    { id: 'sms', kind: 'sms', name: words.name },
  ]);
  const ask = { templateId: 'ring', personId: 'a', number: '+4792211334', name: 'Nora' };
  expect(await here.call('directory.message', ask)).toEqual({
    href: 'mailto:a@example.no?subject=Nora&body=Kari%20til%20Person%20A%3A%20%2B4792211334',
  });
  for (const wrong of [{ templateId: 'x' }, { personId: 'x' }, { templateId: 'sms' }]) {
    expect(await here.handlers['directory.message']({ ...ask, ...wrong })).toMatchObject({
      ok: false,
      error: { code: 'not-found' },
    });
  }
});
