import { describe, expect, test } from 'vitest';
import type { CaseItem, Contact } from '#contract';
import { caseQueries, plans } from '../../main/db/queries/cases.ts';
import { memoryDatabase } from '../unit/outbox-fakes.ts';

const at = '2026-11-22T10:00:00.000Z';
const later = '2026-11-23T10:00:00.000Z';

const person = (id: string, ...numbers: string[]): Contact => ({ id, name: `Navn ${id}`, numbers, email: null, address: null });
const item = (id: string, contactId: string | null, more: Partial<CaseItem> = {}): CaseItem => ({
  id,
  contactId,
  subject: `Sak ${id}`,
  status: 'open',
  queue: 'Kontaktsenter',
  owner: null,
  tags: ['Vei'],
  createdAt: at,
  updatedAt: at,
  ...more,
});

function setUp() {
  const { sqlite } = memoryDatabase();
  const byNumber = (number: string) => caseQueries['cases.byNumber'](sqlite, { number });
  const store = (number: string | null, contacts: Contact[], cases: CaseItem[], when = at) =>
    caseQueries['cases.storeCaller'](sqlite, { number, contacts, cases, at: when });
  return { sqlite, byNumber, store };
}

const ids = (found: { contacts: readonly { contact: Contact }[] }) => found.contacts.map(({ contact }) => contact.id);

describe('the cache of contacts and cases', () => {
  test('gives back what was stored, open first, then waiting, then closed, the newest of each first', () => {
    const { byNumber, store } = setUp();
    const cases = [
      item('1', 'a', { status: 'closed', updatedAt: '2026-11-21T10:00:00.000Z' }),
      item('2', 'a', { updatedAt: '2026-11-01T10:00:00.000Z' }),
      item('3', 'a', { updatedAt: '2026-11-20T10:00:00.000Z', owner: 'Åse', tags: [] }),
      item('4', 'a', { status: 'waiting' }),
    ];
    const contact = { ...person('a', '+4722051014', '02180'), email: 'a@example.no', address: 'Lia 1' };
    store('+4722051014', [contact], cases);
    const found = byNumber('+4722051014');
    expect(found).toEqual({
      contacts: [{ contact, number: '+4722051014' }],
      cases: [cases[2], cases[1], cases[3], cases[0]],
      asOf: at,
    });
    expect(ids(byNumber('02180'))).toEqual(['a']);
  });

  test('cases of several candidates come in the same order', () => {
    const { byNumber, store } = setUp();
    store(
      '+4722051014',
      [person('a', '+4722051014'), person('b', '+4722051014')],
      [item('1', 'a', { status: 'closed' }), item('2', 'b', { updatedAt: '2026-11-01T10:00:00.000Z' }), item('3', 'a')],
    );
    expect(byNumber('+4722051014').cases.map(({ id }) => id)).toEqual(['3', '2', '1']);
  });

  test.each([
    ['+4722051014', '+4722051014', true],
    ['+4722051014', '22051014', true],
    ['22051014', '+4722051014', true],
    ['+4622051014', '+4722051014', false],
    ['+4722051014', '22051015', false],
    ['02180', '02180', true],
    ['02180', '+4722002180', false],
    ['2180', '02180', false],
  ])('asked for %s, stored as %s: %s', (asked, stored, expected) => {
    const { byNumber, store } = setUp();
    store(null, [person('a', stored)], []);
    expect(ids(byNumber(asked))).toEqual(expected ? ['a'] : []);
  });

  test('what the CRM answers replaces what it answered before', () => {
    const { byNumber, store } = setUp();
    store(
      '+4722051014',
      [person('a', '+4722051014'), person('b', '+4722051014')],
      [item('1', 'a'), item('2', 'a'), item('3', 'b')],
    );
    store('+4722051014', [person('a', '+4722051014')], [item('2', 'a', { subject: 'Nytt' })], later);
    const found = byNumber('+4722051014');
    expect(ids(found)).toEqual(['a']);
    expect(found.cases.map(({ id, subject }) => [id, subject])).toEqual([['2', 'Nytt']]);
    expect(found.asOf).toBe(later);
    store('+4722051014', [], [], later);
    expect(byNumber('+4722051014')).toEqual({ contacts: [], cases: [], asOf: later });
  });

  test('a case that moved to another contact is shown with that one', () => {
    const { byNumber, store } = setUp();
    store('+4722051014', [person('a', '+4722051014')], [item('1', 'a')]);
    store('+4722051015', [person('b', '+4722051015')], [item('1', 'b')]);
    expect(byNumber('+4722051014').cases).toEqual([]);
    expect(byNumber('+4722051015').cases).toHaveLength(1);
  });

  test('one’s own cases are what the CRM last said they are, and a contact’s answer does not take them away', () => {
    const { sqlite, store } = setUp();
    const mine = () => caseQueries['cases.mine'](sqlite, null).map(({ id }) => id);
    caseQueries['cases.storeMine'](sqlite, { cases: [item('1', 'a'), item('2', null, { updatedAt: later })], at });
    expect(mine()).toEqual(['2', '1']);
    store('+4722051014', [person('a', '+4722051014')], []);
    expect(mine()).toEqual(['2', '1']);
    caseQueries['cases.storeMine'](sqlite, { cases: [item('2', null)], at });
    expect(mine()).toEqual(['2']);
  });

  test('retention deletes what nobody had on screen, and only that', () => {
    const { sqlite, byNumber, store } = setUp();
    store('+4722051014', [person('a', '+4722051014')], [item('1', 'a'), item('2', 'a')]);
    store('+4722051015', [person('b', '+4722051015')], [item('3', 'b')]);
    caseQueries['cases.touch'](sqlite, { contactIds: ['b'], at: later });
    let rounds = 0;
    while (caseQueries['cases.purge'](sqlite, { before: later, most: 1 }) > 0) rounds += 1;
    expect(rounds).toBe(2);
    expect(byNumber('+4722051014')).toEqual({ contacts: [], cases: [], asOf: null });
    expect(byNumber('+4722051015').cases).toHaveLength(1);
    expect(sqlite.prepare('SELECT count(*) FROM contact_numbers').pluck().get()).toBe(1);
  });

  test.each(Object.entries(plans))('%s reads by index, whatever the size', (_name, sql) => {
    const { sqlite } = setUp();
    const values = Object.fromEntries([...sql.matchAll(/@(\w+)/g)].map(([, name]) => [name, '1']));
    const marks = sql.split('?').length - 1;
    const plan = sqlite
      .prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
      .all(...(marks > 0 ? Array.from({ length: marks }, () => 1) : [values]))
      .map(({ detail }) => detail);
    expect(
      plan.filter((line) => /\bSCAN (contacts|contact_numbers|cases|number_lookups)\b(?!.*USING (COVERING )?INDEX)/.test(line)),
    ).toEqual([]);
    expect(plan.filter((line) => /USE TEMP B-TREE FOR ORDER BY/.test(line) && /FROM cases/.test(sql))).toEqual([]);
  });
});
