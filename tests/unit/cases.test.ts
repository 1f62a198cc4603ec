import { describe, expect, test } from 'vitest';
import type { CaseItem, Contact, EventName, Pop } from '#contract';
import { createCases } from '../../main/services/cases/index.ts';
import { crmFail, crmOk, type CallerRecords, type CrmPort, type CrmResult } from '../../main/services/crm/index.ts';
import { fakeCrm, manualClock, memoryDatabase, rest } from './outbox-fakes.ts';

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const at = '2026-11-22T09:00:00.000Z';
const kari: Contact = { id: '1', name: 'Kari', numbers: ['+4792211334'], email: null, address: null };
const sak = (id: string): CaseItem => ({
  id,
  contactId: '1',
  subject: `Sak ${id}`,
  status: 'open',
  queue: 'K',
  owner: null,
  tags: [],
  createdAt: at,
  updatedAt: at,
});

function setUp(find: CrmPort['findByNumber'] | null, more: Partial<CrmPort> = {}) {
  const clock = manualClock();
  const database = memoryDatabase();
  const crm: CrmPort | null = find ? { ...fakeCrm(), findByNumber: find, ...more } : null;
  const pops: Pop[] = [];
  let answers = 0;
  const emit = (name: EventName, data: unknown) => {
    // Only pops are told here.
    if (name === 'pop.updated') pops.push(data as Pop);
  };
  const cases = createCases({ database, crm, clock, log, emit, country: 'NO', keepDays: 30, onAnswer: () => (answers += 1) });
  const open = async (callId: string, number: string | null) => {
    const answer = await cases.handlers['pop.open']({ callId, number });
    if (!answer.ok) throw new Error(answer.error.message);
    return answer.value;
  };
  return { clock, database, cases, pops, open, answers: () => answers };
}

/** Questions that are answered when the test says so. */
function questions() {
  const asked: { number: string; answer(result: CrmResult<CallerRecords>): void }[] = [];
  const find: CrmPort['findByNumber'] = ({ digits }) =>
    new Promise((resolve) => {
      asked.push({ number: digits, answer: resolve });
    });
  return { asked, find };
}

const known = crmOk({ contacts: [kari], cases: [sak('1')] });

describe('the screen pop', () => {
  test('answers before the CRM is even asked, and tells what it says once', async () => {
    const { asked, find } = questions();
    const { clock, pops, open, answers } = setUp(find);
    expect(await open('a', '92211334')).toMatchObject({
      kind: 'unknown',
      number: '+4792211334',
      freshness: { state: 'refreshing', asOf: null },
    });
    expect(asked).toEqual([]);
    await clock.advance(0);
    asked[0]?.answer(known);
    await rest();
    expect(pops).toMatchObject([
      { callId: 'a', kind: 'contact', cases: [{ id: '1' }], freshness: { state: 'fresh', asOf: '2026-11-22T10:00:00.000Z' } },
    ]);
    expect(answers()).toBe(1);
  });

  test('two calls from one number ask once, and each is told of its own', async () => {
    const { asked, find } = questions();
    const { clock, pops, open } = setUp(find);
    await open('a', '92211334');
    await open('b', '+47 922 11 334');
    await clock.advance(0);
    expect(asked).toHaveLength(1);
    asked[0]?.answer(known);
    await rest();
    expect(pops.map(({ callId }) => callId).toSorted()).toEqual(['a', 'b']);
  });

  test('a second pop of one call makes the first one’s answer void, whichever comes first', async () => {
    const { asked, find } = questions();
    const { clock, pops, open } = setUp(find);
    await open('a', '11112222');
    await clock.advance(0);
    await open('a', '92211334');
    await clock.advance(0);
    expect(asked.map(({ number }) => number)).toEqual(['4711112222', '4792211334']);
    asked[1]?.answer(known);
    await rest();
    asked[0]?.answer(crmOk({ contacts: [], cases: [] }));
    await rest();
    expect(pops.map(({ number }) => number)).toEqual(['+4792211334']);
    // And a number that turns out hidden asks nobody.
    await open('a', '92211334');
    await open('a', null);
    await clock.advance(0);
    await rest();
    asked[2]?.answer(known);
    await rest();
    expect(pops).toHaveLength(1);
  });

  test.each([
    ['unreachable', 'unreachable'],
    ['timeout', 'timeout'],
    ['unauthorized', 'unauthorized'],
    ['secret-missing', 'secret-missing'],
    ['rejected', 'rejected'],
    ['conflict', 'internal'],
    ['internal', 'internal'],
  ] as const)('when the CRM fails (%s) the cache stays, with its age', async (code, fault) => {
    let fine = true;
    const { clock, pops, open } = setUp(async () => (fine ? known : crmFail(code, 'x')));
    await open('a', '92211334');
    await clock.advance(0);
    fine = false;
    await clock.advance(60_000);
    expect(await open('b', '92211334')).toMatchObject({
      kind: 'contact',
      freshness: { state: 'refreshing', asOf: '2026-11-22T10:00:00.000Z' },
    });
    await clock.advance(0);
    expect(pops[1]).toMatchObject({
      callId: 'b',
      kind: 'contact',
      cases: [{ id: '1' }],
      freshness: { state: 'failed', fault, asOf: '2026-11-22T10:00:00.000Z' },
    });
  });

  test('without a CRM says so at once, and tells nothing later', async () => {
    const { clock, pops, open } = setUp(null);
    expect(await open('a', '92211334')).toMatchObject({ freshness: { state: 'failed', fault: 'not-configured' } });
    await clock.advance(60_000);
    expect(pops).toEqual([]);
  });

  test('closed, it tells nothing more', async () => {
    const { asked, find } = questions();
    const { clock, cases, pops, open } = setUp(find);
    await open('a', '92211334');
    await clock.advance(0);
    await cases.close();
    asked[0]?.answer(known);
    await rest();
    expect(pops).toEqual([]);
  });
});

describe('the rest of the cache', () => {
  test('one’s own cases: the CRM’s answer, or after 2 s what was known, and the late answer counts the next time', async () => {
    let answer = Promise.withResolvers<CrmResult<readonly CaseItem[]>>();
    const { clock, cases } = setUp(async () => known, { findMine: () => answer.promise });
    const first = cases.handlers['cases.mine'](null);
    answer.resolve(crmOk([sak('1')]));
    expect(await first).toMatchObject({ ok: true, value: [{ id: '1' }] });
    answer = Promise.withResolvers();
    const second = cases.handlers['cases.mine'](null);
    await clock.advance(2000);
    expect(await second).toMatchObject({ ok: true, value: [{ id: '1' }] });
    answer.resolve(crmOk([]));
    await rest();
    expect(await cases.handlers['cases.mine'](null)).toEqual({ ok: true, value: [] });
  });

  test('one’s own cases: no answer is not the answer that there are none', async () => {
    const answers = [crmFail('unreachable', 'x'), crmOk([]), crmFail('unauthorized', 'x')];
    const { cases } = setUp(async () => known, { findMine: async () => answers.shift()! });
    const mine = () => cases.handlers['cases.mine'](null);
    expect(await mine()).toMatchObject({ ok: false, error: { code: 'unreachable' } });
    expect(await mine()).toEqual({ ok: true, value: [] });
    // It has said so once: now the copy counts.
    expect(await mine()).toEqual({ ok: true, value: [] });
    const silent = setUp(async () => known, { findMine: () => new Promise(() => undefined) });
    const late = silent.cases.handlers['cases.mine'](null);
    await silent.clock.advance(2000);
    expect(await late).toMatchObject({ ok: false, error: { code: 'timeout' } });
    expect(await setUp(null).cases.handlers['cases.mine'](null)).toMatchObject({
      ok: false,
      error: { code: 'not-configured' },
    });
  });

  test('a contact that is not cached is asked for', async () => {
    const { cases } = setUp(async () => known, {
      findByContact: async (id) => (id === '1' ? known : crmOk({ contacts: [], cases: [] })),
    });
    expect(await cases.handlers['contact.get']({ id: '1' })).toEqual({ ok: true, value: kari });
    expect(await cases.handlers['contact.get']({ id: '2' })).toMatchObject({ ok: false, error: { code: 'not-found' } });
  });

  test('what nobody had on screen for so many days is deleted, a little at a time', async () => {
    const { clock, database, open } = setUp(async () =>
      crmOk({ contacts: [kari], cases: Array.from({ length: 50 }, (_, i) => sak(String(i))) }),
    );
    await open('a', '92211334');
    await clock.advance(0);
    const left = () => database.sqlite.prepare('SELECT count(*) FROM cases').pluck().get();
    await clock.advance(24 * 60 * 60 * 1000);
    expect(left()).toBe(50);
    await clock.advance(31 * 24 * 60 * 60 * 1000);
    expect(left()).toBe(0);
    expect(database.sqlite.prepare('SELECT count(*) FROM contacts').pluck().get()).toBe(0);
  });
});
