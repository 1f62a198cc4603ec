import { describe, expect, test } from 'vitest';
import { callers, startDemoCrm } from '../../demo/crm/index.ts';
import { normaliseNumber } from '../../main/services/numbers/index.ts';
import { describeAdapter, value } from '../lab/crm-suite.ts';
import { adapterFor, startDemoWorld } from '../lab/crm-world.ts';
import { scratch } from '../lab/process.ts';

describeAdapter('the demo’s CRM', startDemoWorld);

describe('the demo’s CRM', () => {
  test('knows everybody who calls by the number they call from', async () => {
    const crm = await startDemoCrm({ folder: scratch('demo-crm') });
    const adapter = adapterFor(crm);
    for (const caller of callers) {
      if (!caller.call) continue;
      const found = value(await adapter.findByNumber(normaliseNumber(caller.call.number, 'NO')));
      expect(found.contacts.map(({ name }) => name)).toContain(caller.name);
      expect(found.cases.length).toBeGreaterThanOrEqual(caller.cases.length);
    }
    const shared = value(await adapter.findByNumber(normaliseNumber('+4723407712', 'NO')));
    expect(shared.contacts.map(({ name }) => name).toSorted()).toEqual(['Arne Haugland', 'Synnøve Haugland']);
    expect(value(await adapter.findMine()).length).toBeGreaterThan(0);
    await crm.stop();
  });

  test('keeps what was written in its own folder', async () => {
    const folder = scratch('demo-crm');
    const first = await startDemoCrm({ folder });
    const clientId = 'a3bb189e-8bf9-4d1f-a4b2-0a1f1d3c9e77';
    const id = value(await adapterFor(first).createCase({ clientId, subject: 'Ny', contactId: null, number: null }));
    value(await adapterFor(first).addNote({ clientId, caseId: id, text: 'Notat' }));
    await first.stop();
    const second = await startDemoCrm({ folder });
    expect(second.written()).toMatchObject([{ id, subject: 'Ny', clientId, comments: [{ content: 'Notat' }] }]);
    expect(second.ticket('0')).toBeNull();
    await second.stop();
  });
});
