import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { normaliseNumber } from '../../main/services/numbers/index.ts';
import { describeAdapter, value } from './crm-suite.ts';
import { adapterFor, startRequestTrackerWorld } from './crm-world.ts';
import { startRequestTracker, type RequestTracker } from './servers/request-tracker.ts';

describeAdapter('Request Tracker 5', startRequestTrackerWorld);

describe('what only Request Tracker does', () => {
  let rt: RequestTracker;
  beforeAll(async () => {
    rt = await startRequestTracker();
  });
  afterAll(() => rt.stop());

  test('PUT answers 200 for what it refuses; what is read back counts', async () => {
    const id = await rt.seedTicket({ subject: 'Bare lesing', requestor: [], tags: ['Vei'] });
    const reader = adapterFor({ url: rt.url, token: rt.tokens.reader });
    expect(await reader.changeTags({ caseId: id, add: ['Ny'], remove: [] })).toMatchObject({
      ok: false,
      error: { code: 'rejected' },
    });
    expect(await reader.addNote({ clientId: randomUUID(), caseId: id, text: 'x' })).toMatchObject({
      ok: false,
      error: { code: 'rejected' },
    });
    expect(await rt.rootApi.tags(id)).toEqual(['Vei']);
    expect(await rt.rootApi.comments(id)).toEqual([]);
  });

  test('a ticket that the token may not see is refused, and sending is not stopped for it', async () => {
    const id = await rt.seedTicket({ subject: 'Hemmelig', requestor: [], queue: 'Hemmelig' });
    const crm = adapterFor(rt);
    expect(await crm.changeTags({ caseId: id, add: ['Ny'], remove: [] })).toMatchObject({
      ok: false,
      error: { code: 'rejected' },
    });
    expect(await crm.addNote({ clientId: randomUUID(), caseId: id, text: 'x' })).toMatchObject({
      ok: false,
      error: { code: 'rejected' },
    });
  });

  test('a token that may not read telephone fields finds who it is all the same, and guesses nobody', async () => {
    const kari = await rt.seedContact({ name: 'Kari Skjult', mobile: '922 11 334', email: 'kari.skjult@example.no' });
    const ola = await rt.seedContact({ name: 'Ola Skjult', phone: '22051014', email: 'ola.skjult@example.no' });
    const per = await rt.seedContact({ name: 'Per Nær', phone: '+4792211399', email: 'per.naer@example.no' });
    await rt.seedTicket({ subject: 'Karis', requestor: kari.name });
    await rt.seedTicket({ subject: 'Felles', requestor: [ola.name, kari.name] });
    await rt.seedTicket({ subject: 'Pers', requestor: per.name });
    const crm = adapterFor({ url: rt.url, token: rt.tokens.agent2 });
    const found = value(await crm.findByNumber(normaliseNumber('+4792211334', 'NO')));
    expect(found.contacts).toMatchObject([{ id: kari.id, numbers: ['+4792211334'] }]);
    expect(found.cases.map(({ subject }) => subject).toSorted()).toEqual(['Felles', 'Karis']);
    // Ola only ever called together with Kari: both are candidates.
    const shared = value(await crm.findByNumber(normaliseNumber('22 05 10 14', 'NO')));
    expect(shared.contacts.map(({ id }) => id).toSorted()).toEqual([kari.id, ola.id].toSorted());
  });

  test('a note follows a ticket that was merged into another', async () => {
    const [into, from] = [
      await rt.seedTicket({ subject: 'Blir igjen', requestor: [] }),
      await rt.seedTicket({ subject: 'Går inn', requestor: [] }),
    ];
    const crm = adapterFor(rt);
    const [before, after] = [randomUUID(), randomUUID()];
    value(await crm.addNote({ clientId: before, caseId: from, text: 'før' }));
    await rt.rootApi.request('PUT', `ticket/${from}`, { MergeInto: Number(into) });
    value(await crm.addNote({ clientId: after, caseId: from, text: 'etter' }));
    expect(value(await crm.hasNote(from, before))).toBe(true);
    expect(value(await crm.hasNote(from, after))).toBe(true);
    expect((await rt.rootApi.comments(into)).map(({ content }) => content.trim()).toSorted()).toEqual(['etter', 'før']);
  });
});
