/** What the adapter promises, held against whatever speaks RT's REST 2.0: the real one, and the demo's, so that the demo cannot drift. */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CrmPort, CrmResult } from '../../main/services/crm/index.ts';
import { normaliseNumber } from '../../main/services/numbers/index.ts';
import { adapterFor, type CrmWorld } from './crm-world.ts';
import { freePort } from './process.ts';

export function value<T>(result: CrmResult<T>): T {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result.value;
}

const number = (text: string) => normaliseNumber(text, 'NO');

export function describeAdapter(name: string, start: () => Promise<CrmWorld>): void {
  describe(`the adapter against ${name}`, () => {
    let world: CrmWorld;
    let crm: CrmPort;
    beforeAll(async () => {
      world = await start();
      crm = adapterFor(world);
    });
    afterAll(() => world.stop());

    test.each([
      ['+4790011001', '+4790011001'],
      ['90 01 10 02', '+4790011002'],
      ['900 11 003', '+4790011003'],
      ['0047 90011004', '+4790011004'],
      ['(+47) 900-11-005', '+4790011005'],
      ['22 33 44 55 / 90011006', '+4790011006'],
    ])('finds a contact whose number is stored as %j', async (stored, asked) => {
      const contact = await world.seedContact({
        name: `Stein ${asked}`,
        mobile: stored,
        email: `stein${asked.slice(1)}@example.no`,
      });
      const ticket = await world.seedTicket({ subject: 'Sak æøå', requestor: contact.name, tags: ['Vei', 'Blåbær'] });
      const found = value(await crm.findByNumber(number(asked)));
      expect(found.contacts).toMatchObject([
        { id: contact.id, name: `Stein ${asked}`, email: `stein${asked.slice(1)}@example.no` },
      ]);
      expect(found.contacts[0]?.numbers).toContain(asked);
      expect(found.cases).toMatchObject([
        { id: ticket, contactId: contact.id, subject: 'Sak æøå', status: 'open', queue: 'Kontaktsenter', owner: null },
      ]);
      expect(found.cases[0]?.tags.toSorted()).toEqual(['Blåbær', 'Vei']);
      expect(Date.parse(found.cases[0]?.updatedAt ?? '')).toBeGreaterThan(Date.now() - 600_000);
    });

    test('finds a short number only where it is the whole number', async () => {
      const contact = await world.seedContact({ name: 'Intern Telefon', phone: '21802', email: 'intern@example.no' });
      await world.seedTicket({ subject: 'Intern', requestor: contact.name });
      expect(value(await crm.findByNumber(number('21802'))).contacts.map(({ id }) => id)).toEqual([contact.id]);
      expect(value(await crm.findByNumber(number('1802'))).contacts).toEqual([]);
    });

    test('does not take a number for another that has its digits in it', async () => {
      const contact = await world.seedContact({ name: 'Nær Ved', mobile: '+4792211335', email: 'naer@example.no' });
      await world.seedTicket({ subject: 'Nær ved', requestor: contact.name });
      expect(value(await crm.findByNumber(number('47922113'))).contacts).toEqual([]);
      expect(value(await crm.findByNumber(number('+4692211335'))).contacts).toEqual([]);
    });

    test('nobody is an answer too', async () => {
      expect(value(await crm.findByNumber(number('+4799999999')))).toEqual({ contacts: [], cases: [] });
      expect(value(await crm.findByNumber(number('anonymous')))).toEqual({ contacts: [], cases: [] });
    });

    test('a number of two contacts gives both, each with their cases, and not a third who only shares a case', async () => {
      const a = await world.seedContact({ name: 'Anne Delt', mobile: '41 23 45 67', email: 'anne.delt@example.no' });
      const b = await world.seedContact({ name: 'Bjørn Delt', phone: '+4741234567', email: 'bjorn.delt@example.no' });
      const c = await world.seedContact({ name: 'Carl Annen', phone: '+4741234568', email: 'carl.annen@example.no' });
      const first = await world.seedTicket({ subject: 'Annes', requestor: a.name, status: 'stalled' });
      const second = await world.seedTicket({ subject: 'Bjørns', requestor: [b.name, c.name], status: 'resolved' });
      const found = value(await crm.findByNumber(number('41234567')));
      expect(found.contacts.map(({ id }) => id).toSorted()).toEqual([a.id, b.id].toSorted());
      expect(Object.fromEntries(found.cases.map((one) => [one.id, [one.contactId, one.status]]))).toEqual({
        [first]: [a.id, 'waiting'],
        [second]: [b.id, 'closed'],
      });
      expect(value(await crm.findByContact(a.id)).cases.map(({ id }) => id)).toEqual([first]);
    });

    test('an old open case does not fall off behind a hundred newer closed ones', async () => {
      const contact = await world.seedContact({ name: 'Mange Saker', mobile: '45454545', email: 'mange@example.no' });
      const old = await world.seedTicket({ subject: 'Gammel, men åpen', requestor: contact.name });
      for (let batch = 0; batch < 26; batch += 1) {
        await Promise.all(
          Array.from({ length: 4 }, () => world.seedTicket({ subject: 'Ferdig', requestor: contact.name, status: 'resolved' })),
        );
      }
      const found = value(await crm.findByNumber(number('45454545')));
      expect(found.cases.map(({ id }) => id)).toContain(old);
      expect(found.cases.filter(({ status }) => status === 'closed').length).toBeGreaterThanOrEqual(99);
    });

    test('one’s own open cases', async () => {
      const contact = await world.seedContact({ name: 'Min Kunde', mobile: '46464646', email: 'min@example.no' });
      const before = value(await crm.findMine()).map(({ id }) => id);
      const mine = await world.seedTicket({ subject: 'Min', requestor: contact.name, owner: world.me });
      await world.seedTicket({ subject: 'Ferdig', requestor: contact.name, owner: world.me, status: 'resolved' });
      await world.seedTicket({ subject: 'Ingens', requestor: contact.name });
      const found = value(await crm.findMine());
      expect(found.map(({ id }) => id).filter((id) => !before.includes(id))).toEqual([mine]);
      const own = found.find(({ id }) => id === mine);
      expect(own?.contactId).toBe(contact.id);
      expect(own?.owner).not.toBeNull();
    });

    test('a new case for a known contact, found again by its client id', async () => {
      const contact = await world.seedContact({ name: 'Ny Sak', mobile: '47474747', email: 'ny@example.no' });
      const clientId = randomUUID();
      expect(value(await crm.findCreated(clientId))).toBeNull();
      const id = value(
        await crm.createCase({ clientId, subject: 'Søknad om plass', contactId: contact.id, number: '+4747474747' }),
      );
      expect(value(await crm.findCreated(clientId))).toBe(id);
      expect(await world.ticket(id)).toMatchObject({ subject: 'Søknad om plass', requestors: [contact.name], clientId });
    });

    test('a new case for somebody unknown keeps the number', async () => {
      const id = value(
        await crm.createCase({ clientId: randomUUID(), subject: 'Ukjent', contactId: null, number: '+4748484848' }),
      );
      const ticket = await world.ticket(id);
      expect(ticket.requestors).toEqual([]);
      expect(ticket.firstText).toContain('+4748484848');
    });

    test('a note is a comment, and is found by its client id in its own case only', async () => {
      const [first, other] = await Promise.all([
        world.seedTicket({ subject: 'Med notat', requestor: [] }),
        world.seedTicket({ subject: 'Uten notat', requestor: [] }),
      ]);
      const clientId = randomUUID();
      const text = 'Innringer spør om «ærlige» svar.\nRinger tilbake kl. 14 – 👍';
      expect(value(await crm.hasNote(first, clientId))).toBe(false);
      value(await crm.addNote({ clientId, caseId: first, text }));
      expect(value(await crm.hasNote(first, clientId))).toBe(true);
      expect(value(await crm.hasNote(other, clientId))).toBe(false);
      // Nor in a case that only speaks of it.
      const speaking = await world.seedTicket({ subject: `Samband ${clientId}`, requestor: [] });
      value(await crm.addNote({ clientId: randomUUID(), caseId: speaking, text: `Samband ${clientId}` }));
      expect(value(await crm.hasNote(speaking, clientId))).toBe(false);
      const comments = await world.comments(first);
      expect(comments).toHaveLength(1);
      expect(comments[0]?.content.trim()).toBe(text);
      expect(comments[0]?.subject).toContain(clientId);
      expect(await world.comments(other)).toEqual([]);
    });

    test('tags are added and removed, and everybody else’s stay', async () => {
      const id = await world.seedTicket({ subject: 'Merkes', requestor: [], tags: ['Vei', 'Gammel'] });
      const after = value(await crm.changeTags({ caseId: id, add: ['Brøyting', 'Vei'], remove: ['Gammel', 'Finnes ikke'] }));
      expect(after.toSorted()).toEqual(['Brøyting', 'Vei']);
      expect((await world.tags(id)).toSorted()).toEqual(['Brøyting', 'Vei']);
    });

    test('somebody else’s change between reading and writing is kept', async () => {
      const id = await world.seedTicket({ subject: 'Omstridt', requestor: [], tags: ['Vei'] });
      let meddled = 0;
      const meddling: typeof fetch = async (input, init) => {
        if (init?.method === 'PUT' && meddled < 2) {
          meddled += 1;
          await world.setTags(id, ['Vei', 'Andres', `Runde ${meddled}`]);
        }
        return fetch(input, init);
      };
      const after = value(
        await adapterFor(world, { fetch: meddling }).changeTags({ caseId: id, add: ['Min'], remove: ['Vei'] }),
      );
      expect(after.toSorted()).toEqual(['Andres', 'Min', 'Runde 2']);
      expect((await world.tags(id)).toSorted()).toEqual(['Andres', 'Min', 'Runde 2']);
      expect(meddled).toBe(2);
    });

    test('four clients at once lose none of each other’s tags', async () => {
      const id = await world.seedTicket({ subject: 'Populær', requestor: [] });
      const wanted = ['A', 'B', 'C', 'D'];
      // RT's If-Match is not atomic: who was overwritten after its own check sees it when it checks again.
      for (const result of await Promise.all(wanted.map((tag) => crm.changeTags({ caseId: id, add: [tag], remove: [] }))))
        value(result);
      expect([...new Set(await world.tags(id))].toSorted()).toEqual(wanted);
    });

    test('a field that is not there is never written blindly', async () => {
      const id = await world.seedTicket({ subject: 'Feil felt', requestor: [], tags: ['Vei'] });
      const result = await adapterFor(world, { tagField: 'Finnes ikke' }).changeTags({ caseId: id, add: ['A'], remove: [] });
      expect(result).toMatchObject({ ok: false, error: { code: 'rejected' } });
      expect(await world.tags(id)).toEqual(['Vei']);
    });

    test('a case that does not exist is refused, not waited for', async () => {
      const rejected = { ok: false, error: { code: 'rejected', mayHaveArrived: false } };
      expect(await crm.addNote({ clientId: randomUUID(), caseId: '999999', text: 'x' })).toMatchObject(rejected);
      expect(await crm.changeTags({ caseId: '999999', add: ['x'], remove: [] })).toMatchObject(rejected);
    });

    test('a queue that may not be written to is refused, and the token is not blamed', async () => {
      const result = await adapterFor(world, { queue: 'Hemmelig' }).createCase({
        clientId: randomUUID(),
        subject: 'x',
        contactId: null,
        number: null,
      });
      expect(result).toMatchObject({ ok: false, error: { code: 'rejected', mayHaveArrived: false } });
    });

    test('a wrong token, and none', async () => {
      const wrong = adapterFor(world, { token: '1-30-0000000000000000' });
      expect(await wrong.findMine()).toMatchObject({ ok: false, error: { code: 'unauthorized' } });
      expect(await wrong.addNote({ clientId: randomUUID(), caseId: '1', text: 'x' })).toMatchObject({
        ok: false,
        error: { code: 'unauthorized', mayHaveArrived: false },
      });
      expect(await adapterFor(world, { token: null }).findMine()).toMatchObject({
        ok: false,
        error: { code: 'secret-missing' },
      });
    });

    test('nobody at the address: certainly not arrived', async () => {
      const gone = adapterFor({ url: `http://127.0.0.1:${await freePort()}`, token: 'x' });
      expect(await gone.addNote({ clientId: randomUUID(), caseId: '1', text: 'x' })).toMatchObject({
        ok: false,
        error: { code: 'unreachable', mayHaveArrived: false },
      });
    });

    test('no answer in time: it may have arrived', async () => {
      const silent = createServer(() => undefined);
      await new Promise<void>((resolve) => {
        silent.listen(0, '127.0.0.1', resolve);
      });
      const address = silent.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      const slow = adapterFor({ url: `http://127.0.0.1:${port}`, token: 'x' }, { timeoutMs: 100 });
      expect(await slow.findMine()).toMatchObject({ ok: false, error: { code: 'timeout', mayHaveArrived: false } });
      expect(await slow.addNote({ clientId: randomUUID(), caseId: '1', text: 'x' })).toMatchObject({
        ok: false,
        error: { code: 'timeout', mayHaveArrived: true },
      });
      silent.closeAllConnections();
      silent.close();
    });
  });
}
