import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { SourcePerson } from '../../main/db/queries/people.ts';
import { createColleagues } from '../../main/services/colleagues/index.ts';
import { systemClock } from '../../main/services/system.ts';
import { silentLog } from './crm-world.ts';
import { startDesk, type Desk, type DeskOptions } from './desk.ts';
import { startFaultProxy, type FaultProxy } from './fault-proxy.ts';
import { scratch } from './process.ts';
import { startRequestTracker, type RequestTracker } from './servers/request-tracker.ts';

let rt: RequestTracker;
let proxy: FaultProxy;
let desk: Desk | null = null;
let ticket = '';

beforeAll(async () => {
  rt = await startRequestTracker();
});
afterAll(() => rt.stop());
beforeEach(async () => {
  proxy = await startFaultProxy(rt.url);
  ticket = await rt.seedTicket({ subject: 'En sak', requestor: [], tags: ['Vei'] });
});
afterEach(async () => {
  await desk?.close();
  desk = null;
  await proxy.stop();
});

async function atDesk(options: DeskOptions = {}, token = rt.token): Promise<Desk> {
  desk = await startDesk({ url: proxy.url, token }, { timeoutMs: 3000, ...options });
  return desk;
}

const contents = async (id: string) => (await rt.rootApi.comments(id)).map(({ content }) => content.trim());
const toCase = (id: string) => ({ target: { kind: 'case' as const, caseId: id } });

describe('a note on its way to Request Tracker', () => {
  test('is a comment, and its tags are the field’s', async () => {
    const at = await atDesk();
    const note = await at.submit({ ...toCase(ticket), text: 'Ringer tilbake æøå', tags: ['Brøyting', 'Klage'] });
    expect(note).toMatchObject({ state: 'pending', caseId: ticket, attempts: 0, fault: null });
    const status = await at.sent();
    expect(status.lastSentAt).not.toBeNull();
    expect(status.unsent).toEqual([]);
    const comments = await rt.rootApi.comments(ticket);
    expect(comments).toMatchObject([{ creator: 'agent1', subject: `Samband ${note.id}` }]);
    expect(comments[0]?.content.trim()).toBe('Ringer tilbake æøå');
    expect((await rt.rootApi.tags(ticket)).toSorted()).toEqual(['Brøyting', 'Klage', 'Vei']);
  });

  test('makes a new case for its contact, with the note and the tags', async () => {
    const at = await atDesk();
    const kari = await rt.seedContact({ name: 'Kari Ny', mobile: '90909090', email: `kari${ticket}@example.no` });
    const subject = `Ny sak ${randomUUID()}`;
    const note = await at.submit({
      target: { kind: 'newCase', subject, contactId: kari.id, number: '+4790909090' },
      text: 'Vil ha svar',
      tags: ['Barnehage', 'Søknad'],
    });
    await at.sent();
    const [id, ...more] = await rt.rootApi.ticketsBySubject(subject);
    expect(more).toEqual([]);
    expect(await rt.rootApi.ticket(id ?? '')).toMatchObject({ requestors: [kari.name], clientId: note.id });
    expect(await contents(id ?? '')).toEqual(['Vil ha svar']);
    expect((await rt.rootApi.tags(id ?? '')).toSorted()).toEqual(['Barnehage', 'Søknad']);
    expect(await at.database.run('notes.get', { id: note.id })).toMatchObject({ state: 'sent', caseId: id });
  });

  test('the same note submitted twice arrives once', async () => {
    const at = await atDesk();
    const id = randomUUID();
    await Promise.all([1, 2, 3].map(() => at.submit({ id, ...toCase(ticket), text: 'Én gang' })));
    await at.sent();
    await at.submit({ id, ...toCase(ticket), text: 'Én gang' });
    await at.sent();
    expect(await contents(ticket)).toEqual(['Én gang']);
  });

  test('notes of one case arrive in the order they were written', async () => {
    const at = await atDesk();
    const other = await rt.seedTicket({ subject: 'En annen', requestor: [] });
    const lost = proxy.loseAnswers(/POST .*comment/, 2);
    for (let n = 1; n <= 5; n += 1) {
      await at.submit({ ...toCase(ticket), text: `nr ${n}` });
      await at.submit({ ...toCase(other), text: `annen ${n}` });
    }
    await lost;
    await at.sent();
    expect(await contents(ticket)).toEqual(['nr 1', 'nr 2', 'nr 3', 'nr 4', 'nr 5']);
    expect(await contents(other)).toEqual(['annen 1', 'annen 2', 'annen 3', 'annen 4', 'annen 5']);
  });

  test('whose answers are lost at every step still arrives once', async () => {
    const at = await atDesk();
    const subject = `Tapt svar ${randomUUID()}`;
    const lost = [proxy.loseAnswers(/POST .*\/ticket$/), proxy.loseAnswers(/POST .*comment/), proxy.loseAnswers(/PUT /)];
    await at.submit({
      target: { kind: 'newCase', subject, contactId: null, number: '+4790909091' },
      text: 'Tapt',
      tags: ['A', 'B'],
    });
    await Promise.all(lost);
    await at.sent();
    const ids = await rt.rootApi.ticketsBySubject(subject);
    expect(ids).toHaveLength(1);
    expect(await contents(ids[0] ?? '')).toEqual(['Tapt']);
    expect((await rt.rootApi.tags(ids[0] ?? '')).toSorted()).toEqual(['A', 'B']);
  });

  test('that the server takes up only after we gave up is not sent again', async () => {
    const at = await atDesk({ timeoutMs: 400, timings: { settleMs: 1500 } });
    const held = proxy.hold(/POST .*comment/);
    await at.submit({ ...toCase(ticket), text: 'Sent tatt imot' });
    await held.held;
    await at.outbox(({ unreachableSince }) => unreachableSince !== null, 'the deadline');
    // It has looked, and found nothing; only now does the server do what was asked.
    await at.outbox(({ unreachableSince }) => unreachableSince === null, 'an answered look');
    await held.pass();
    await at.sent();
    expect(await contents(ticket)).toEqual(['Sent tatt imot']);
    expect(proxy.seen.filter((line) => line.startsWith('POST'))).toHaveLength(1);
  });

  test('waits as long as the server asks', async () => {
    const at = await atDesk();
    const told = proxy.answer(/POST .*comment/, 503, { 'Retry-After': '2' });
    await at.submit({ ...toCase(ticket), text: 'Senere' });
    await told;
    const since = performance.now();
    await at.sent();
    expect(performance.now() - since).toBeGreaterThan(1900);
    expect(await contents(ticket)).toEqual(['Senere']);
  });

  test('with a wrong token waits, and goes on when the right one is typed', async () => {
    let token: string | null = null;
    const at = await atDesk({ token: () => Promise.resolve(token) });
    await at.submit({ ...toCase(ticket), text: 'Innlogget' });
    await at.outbox(({ paused }) => paused === 'secret-missing', 'a missing token');
    token = 'feil';
    at.notes.secretChanged?.('crm');
    await at.outbox(({ paused }) => paused === 'unauthorized', 'a wrong token');
    expect(proxy.seen.filter((line) => line.startsWith('POST'))).toHaveLength(1);
    token = rt.token;
    at.notes.secretChanged?.('crm');
    const status = await at.sent();
    expect(status.paused).toBeNull();
    expect(await contents(ticket)).toEqual(['Innlogget']);
  });

  test('that the CRM refuses is parked in sight, holds nobody up, and can be sent again', async () => {
    const hidden = await rt.seedTicket({ subject: 'Hemmelig', requestor: [], queue: 'Hemmelig' });
    const at = await atDesk();
    const refused = await at.submit({ ...toCase(hidden), text: 'Får ikke' });
    await at.submit({ ...toCase(hidden), text: 'Får heller ikke' });
    await at.submit({ ...toCase(ticket), text: 'Får' });
    const status = await at.outbox(({ parked, pending }) => parked === 2 && pending === 0, 'two parked notes');
    expect(status.unsent.map(({ text, state }) => [text, state])).toEqual([
      ['Får ikke', 'parked'],
      ['Får heller ikke', 'parked'],
    ]);
    expect(status.unsent[0]?.fault).toContain('Permission Denied');
    expect(await contents(ticket)).toEqual(['Får']);
    await rt.rootApi.request('PUT', `ticket/${hidden}`, { Queue: 'Kontaktsenter' });
    await at.notes.handlers['outbox.retry']({ noteId: refused.id });
    await at.outbox(({ parked, pending }) => parked === 1 && pending === 0, 'one parked note');
    expect(await contents(hidden)).toEqual(['Får ikke']);
    expect(await at.notes.handlers['outbox.retry']({ noteId: randomUUID() })).toMatchObject({
      ok: false,
      error: { code: 'not-found' },
    });
  });

  test('meets somebody else’s change of tags with a union', async () => {
    const at = await atDesk();
    const held = proxy.hold(/PUT /);
    await at.submit({ ...toCase(ticket), text: '', tags: ['Min'] });
    await held.held;
    await rt.rootApi.setTags(ticket, ['Vei', 'Andres']);
    await held.pass();
    await at.sent();
    expect((await rt.rootApi.tags(ticket)).toSorted()).toEqual(['Andres', 'Min', 'Vei']);
  });
});

describe('when something dies', () => {
  test('Request Tracker killed in the middle: every note arrives once when it is back', async () => {
    const at = await atDesk();
    const tickets = await Promise.all([1, 2, 3].map((n) => rt.seedTicket({ subject: `Sak ${n}`, requestor: [] })));
    for (let round = 0; round < 4; round += 1) {
      for (const id of tickets) await at.submit({ ...toCase(id), text: `runde ${round}`, tags: [`T${round}`] });
      const posts = proxy.seen.filter((line) => line.startsWith('POST')).length;
      await at.outbox(() => proxy.seen.filter((line) => line.startsWith('POST')).length > posts, 'something under way');
      await rt.stop('SIGKILL');
      await at.outbox(({ unreachableSince }) => unreachableSince !== null, 'an unreachable server');
      await rt.start();
    }
    await at.sent();
    for (const id of tickets) {
      expect(await contents(id)).toEqual(['runde 0', 'runde 1', 'runde 2', 'runde 3']);
      expect((await rt.rootApi.tags(id)).toSorted()).toEqual(['T0', 'T1', 'T2', 'T3']);
    }
  });

  test('frozen and thawed: what stood in its queue is not done twice', async () => {
    const at = await atDesk({ timeoutMs: 500, timings: { settleMs: 2000 } });
    rt.signal('SIGSTOP');
    await at.submit({ ...toCase(ticket), text: 'I køen' });
    await at.outbox(({ unsent }) => (unsent[0]?.attempts ?? 0) > 0 && unsent[0]?.fault !== null, 'a first deadline');
    rt.signal('SIGCONT');
    await at.sent();
    expect(await contents(ticket)).toEqual(['I køen']);
  });

  test('the app closed with a note under way: the next start sends it once', async () => {
    const folder = scratch('desk');
    const first = await atDesk({ folder });
    const held = proxy.hold(/POST .*comment/);
    await first.submit({ ...toCase(ticket), text: 'Overlever', tags: ['Ny'] });
    await held.held;
    await first.close();
    await held.pass();
    const second = await atDesk({ folder });
    await second.sent();
    expect(await contents(ticket)).toEqual(['Overlever']);
    expect((await rt.rootApi.tags(ticket)).toSorted()).toEqual(['Ny', 'Vei']);
  });

  test('the database lost: the sealed journal has what was not sent, and nothing is doubled', async () => {
    const folder = scratch('desk');
    // Long pauses: the server is dead before anybody looks whether the lost answer was a yes.
    const first = await atDesk({ folder, timings: { baseMs: 20_000 } });
    const [done, other] = [ticket, await rt.seedTicket({ subject: 'Ikke sendt', requestor: [] })];
    const lost = proxy.loseAnswers(/POST .*comment/);
    await first.submit({ ...toCase(done), text: 'Kom fram, uten at vi vet det' });
    await lost;
    await rt.stop('SIGKILL');
    await first.submit({ ...toCase(other), text: 'Kom ikke fram' });
    await first.outbox(({ unreachableSince, pending }) => unreachableSince !== null && pending === 2, 'two notes waiting');
    await first.close();
    for (const name of ['samband.db', 'samband.db-wal', 'samband.db-shm']) rmSync(join(folder, name), { force: true });
    await rt.start();
    const second = await atDesk({ folder });
    expect(second.recovered).toBe(2);
    await second.sent();
    expect(await contents(done)).toEqual(['Kom fram, uten at vi vet det']);
    expect(await contents(other)).toEqual(['Kom ikke fram']);
  });
});

describe('a report about the person directory', () => {
  const person: SourcePerson = {
    id: 'p17',
    reference: 'p17',
    name: 'Åse Øverbø',
    givenName: 'Åse',
    familyName: 'Øverbø',
    title: 'rådgiver',
    unit: 'Inntak',
    agency: 'Bydel Frogner',
    keywords: ['barnehage'],
    workplace: '',
    email: 'ase@oslo.example',
    numbers: [{ kind: 'landline', value: '+4722051014' }],
    nicknames: [],
    deputy: null,
    alternativeNumber: null,
    manager: null,
    openingHours: null,
    switchboardNote: null,
    absence: null,
  };

  test('becomes one case in the queue that the settings name, whatever is lost on the way, and is seen in the outbox until then', async () => {
    const at = await atDesk();
    const asOf = new Date().toISOString();
    const load = await at.database.run('people.begin', null);
    await at.database.run('people.stage', { load, people: [person], readAt: asOf });
    await at.database.run('people.commit', { load, source: 'lab', cursor: null, asOf });
    const colleagues = createColleagues({
      database: at.database,
      clock: systemClock,
      log: silentLog,
      agent: { id: 'agent1', name: 'Åse Agent' },
      ownNumber: null,
      country: 'NO',
      keepDays: 30,
      calendars: false,
      messages: [],
      reports: { by: 'crm', queue: 'Personkatalog' },
      dress: (one) => one,
      shown: () => undefined,
      submit: at.notes.handlers['notes.submit'],
    });
    const report = { id: randomUUID(), personId: person.id, kind: 'wrongNumber' as const, text: 'Nummeret går til en annen.' };
    const lost = [proxy.loseAnswers(/POST .*\/ticket$/), proxy.loseAnswers(/POST .*comment/)];
    const reported = await colleagues.handlers['directory.report'](report);
    expect(reported).toMatchObject({ ok: true, value: { by: 'crm', note: { id: report.id, state: 'pending' } } });
    // The same press of the key twice is one report.
    await colleagues.handlers['directory.report'](report);
    expect((await at.status()).unsent).toMatchObject([
      { id: report.id, target: { origin: 'directory', queue: 'Personkatalog' } },
    ]);
    await Promise.all(lost);
    await at.sent();
    await colleagues.close();

    const [id = '', ...more] = await rt.rootApi.ticketsBySubject('Personkatalogen: Feil nummer – Åse Øverbø');
    expect(more).toEqual([]);
    const made = await rt.rootApi.ticket(id);
    expect(await rt.rootApi.request('GET', `queue/${made.queue}`)).toMatchObject({ Name: 'Personkatalog' });
    expect(made).toMatchObject({
      clientId: report.id,
      requestors: [],
      firstText: expect.stringContaining('Melding om personkatalogen.') as string,
    });
    expect(await contents(id)).toEqual([
      'Nummeret går til en annen.\n\nFeil nummer: Åse Øverbø\nrådgiver, Inntak, Bydel Frogner\nase@oslo.example\n+4722051014\nStikkord: barnehage\nKatalogens nøkkel: p17',
    ]);
  });
});
