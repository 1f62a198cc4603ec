import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startDesk, type Desk } from './desk.ts';
import { startFaultProxy, type FaultProxy } from './fault-proxy.ts';
import { waitFor } from './process.ts';
import { startRequestTracker, type RequestTracker } from './servers/request-tracker.ts';

let rt: RequestTracker;
let proxy: FaultProxy;
let desk: Desk;

beforeAll(async () => {
  rt = await startRequestTracker();
});
afterAll(() => rt.stop());
beforeEach(async () => {
  proxy = await startFaultProxy(rt.url);
  desk = await startDesk({ url: proxy.url, token: rt.token }, { timeoutMs: 3000 });
});
afterEach(async () => {
  await desk.close();
  await proxy.stop();
});

describe('the screen pop', () => {
  test('is empty at first, filled by Request Tracker, and from the cache the next time', async () => {
    const kari = await rt.seedContact({ name: 'Kari Først', mobile: '922 11 334', email: 'kari@example.no' });
    const closed = await rt.seedTicket({ subject: 'Ferdig', requestor: kari.name, status: 'resolved' });
    const open = await rt.seedTicket({ subject: 'Åpen', requestor: kari.name, tags: ['Vei'] });

    const update = desk.updated('a');
    const first = await desk.open('a', 'sip:+4792211334@lab.test');
    expect(first).toMatchObject({
      number: '+4792211334',
      kind: 'unknown',
      candidates: [],
      cases: [],
      freshness: { state: 'refreshing', asOf: null },
    });
    const filled = await update;
    expect(filled).toMatchObject({ kind: 'contact', number: '+4792211334', freshness: { state: 'fresh', fault: null } });
    expect(filled.candidates).toMatchObject([
      {
        contact: { id: kari.id, name: 'Kari Først', email: 'kari@example.no', numbers: ['+4792211334'] },
        reason: { kind: 'number', number: '+4792211334' },
      },
    ]);
    // Open first, however new the closed one is.
    expect(filled.cases.map(({ id }) => id)).toEqual([open, closed]);

    // Request Tracker counts in whole seconds: what is changed now must be newer by its own clock too.
    const newest = Math.max(...filled.cases.map(({ updatedAt }) => Date.parse(updatedAt)));
    await waitFor(() => Date.now() >= newest + 1000, { timeoutMs: 2000, what: 'the next second' });
    await rt.rootApi.request('PUT', `ticket/${open}`, { Status: 'resolved', Subject: 'Nå ferdig' });
    const merged = desk.updated('b');
    const second = await desk.open('b', '92211334');
    expect(second).toMatchObject({ kind: 'contact', freshness: { state: 'refreshing', asOf: filled.freshness.asOf } });
    expect(second.cases.map(({ subject }) => subject)).toEqual(['Åpen', 'Ferdig']);
    expect((await merged).cases.map(({ subject, status }) => [subject, status])).toEqual([
      ['Nå ferdig', 'closed'],
      ['Ferdig', 'closed'],
    ]);
    expect(await desk.cases.handlers['contact.get']({ id: kari.id })).toMatchObject({
      ok: true,
      value: { name: 'Kari Først' },
    });
  });

  test('shows everybody who has the number, and guesses nobody', async () => {
    const a = await rt.seedContact({ name: 'Anne Delt', mobile: '41 23 45 67', email: 'anne@example.no' });
    const b = await rt.seedContact({ name: 'Bjørn Delt', phone: '+4741234567', email: 'bjorn@example.no' });
    const [first, second] = [
      await rt.seedTicket({ subject: 'Annes', requestor: a.name }),
      await rt.seedTicket({ subject: 'Bjørns', requestor: b.name }),
    ];
    const update = desk.updated('c');
    await desk.open('c', '41234567');
    const shown = await update;
    expect(shown.kind).toBe('candidates');
    expect(shown.candidates.map(({ contact, reason }) => [contact.id, reason.kind])).toEqual([
      [a.id, 'shared-number'],
      [b.id, 'shared-number'],
    ]);
    expect(Object.fromEntries(shown.cases.map(({ id, contactId }) => [id, contactId]))).toEqual({
      [first]: a.id,
      [second]: b.id,
    });
  });

  test('says that nobody has the number, and asks nobody about a hidden one', async () => {
    const update = desk.updated('d');
    await desk.open('d', '+4799887766');
    expect(await update).toMatchObject({ kind: 'unknown', candidates: [], freshness: { state: 'fresh', fault: null } });
    const asked = proxy.seen.length;
    expect(await desk.open('e', null)).toMatchObject({ kind: 'hidden', number: null, freshness: { state: 'cache' } });
    expect(await desk.open('e', 'sip:anonymous@anonymous.invalid')).toMatchObject({ kind: 'hidden', number: null });
    expect(await desk.open('e', 'sip:agent2@lab.test')).toMatchObject({ kind: 'unknown', number: 'agent2' });
    expect(proxy.seen).toHaveLength(asked);
  });

  test('with Request Tracker down: the cache stays, with its age and the reason', async () => {
    const ola = await rt.seedContact({ name: 'Ola Nede', mobile: '93939393', email: 'ola@example.no' });
    await rt.seedTicket({ subject: 'Olas', requestor: ola.name });
    const update = desk.updated('f');
    await desk.open('f', '93939393');
    const { freshness } = await update;
    await rt.stop();
    const failed = desk.updated('g');
    expect(await desk.open('g', '93939393')).toMatchObject({
      kind: 'contact',
      freshness: { state: 'refreshing', asOf: freshness.asOf },
    });
    expect(await failed).toMatchObject({
      kind: 'contact',
      cases: [{ subject: 'Olas' }],
      freshness: { state: 'failed', asOf: freshness.asOf, fault: 'unreachable' },
    });
    await rt.start();
  });

  test('a newer question for the same call makes the older answer void', async () => {
    const eva = await rt.seedContact({ name: 'Eva Sist', mobile: '94949494', email: 'eva@example.no' });
    await rt.seedTicket({ subject: 'Evas', requestor: eva.name });
    const heard: (string | null)[] = [];
    const held = proxy.hold(/GET .*tickets/);
    await desk.open('h', '95959595');
    await held.held;
    const update = desk.updated('h').then((pop) => heard.push(pop.number));
    await desk.open('h', '94949494');
    await update;
    await held.pass();
    const other = desk.updated('i');
    await desk.open('i', '95959595');
    await other;
    expect(heard).toEqual(['+4794949494']);
  });

  test('one’s own open cases, also when Request Tracker is gone', async () => {
    const id = await rt.seedTicket({ subject: 'Min egen', requestor: [], owner: 'agent1' });
    expect(await desk.cases.handlers['cases.mine'](null)).toMatchObject({
      ok: true,
      value: [{ id, subject: 'Min egen', status: 'open' }],
    });
    await rt.stop();
    expect(await desk.cases.handlers['cases.mine'](null)).toMatchObject({ ok: true, value: [{ id }] });
    await rt.start();
  });
});
