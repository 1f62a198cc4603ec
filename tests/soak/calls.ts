/**
 * Many short calls, one after the other, in every way that a call can go: none is lost, none lingers, and nothing grows. The whole lab, the web
 * host and Chromium.
 */
import { readFileSync } from 'node:fs';
import type { CDPSession } from 'playwright-core';
import { dice } from '../../demo/people/index.ts';
import { nb } from '../../renderer/text/nb.ts';
import { startLab } from '../lab/lab.ts';
import { waitFor } from '../lab/process.ts';
import { writeAppFiles } from '../lib/app.ts';
import { openDesk } from '../lib/desk.ts';
import type { Soak } from '../lib/soak.ts';

interface Size {
  readonly heapKb: number;
  readonly hostMb: number;
  readonly nodes: number;
  /** Peer connections that are not closed. */
  readonly peers: number;
}

/** Counts the page's peer connections, by weak references: a closed one that is gone is no leak. */
function countPeers(): void {
  const view = window as Window & { sambandPeers?: WeakRef<RTCPeerConnection>[] };
  const all: WeakRef<RTCPeerConnection>[] = [];
  view.sambandPeers = all;
  const Original = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Original {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      all.push(new WeakRef(this));
    }
  };
}

const ways = ['caller hangs up', 'agent hangs up', 'caller gives up', 'agent rejects'] as const;

export const soak: Soak = async ({ seed, minutes, slice, say }) => {
  const roll = dice(seed);
  const lab = await startLab({ people: 200 });
  const contact = await lab.requestTracker.seedContact({ name: 'Nora Bø', mobile: '+4790112233' });
  await lab.requestTracker.seedTicket({ subject: 'Plass i Solsiden barnehage', requestor: contact.name });
  const citizen = await lab.telephone({ number: '+4790112233', says: 1000 });
  const desk = await openDesk(writeAppFiles(lab.app), { says: 440 });
  const { window } = desk;
  await window.page.addInitScript(countPeers);
  await window.page.reload();
  await window.registered();
  const session: CDPSession = await window.page.context().newCDPSession(window.page);
  await session.send('HeapProfiler.enable');

  async function size(): Promise<Size> {
    await session.send('HeapProfiler.collectGarbage');
    const { usedSize } = await session.send('Runtime.getHeapUsage');
    const { nodes } = await session.send('Memory.getDOMCounters');
    const peers = await window.page.evaluate(
      () =>
        (globalThis as typeof globalThis & { sambandPeers: WeakRef<RTCPeerConnection>[] }).sambandPeers.filter(
          (peer) => peer.deref() !== undefined && peer.deref()!.connectionState !== 'closed',
        ).length,
    );
    const hostMb = Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${desk.app.server.pid}/status`, 'utf8'))?.[1]) / 1024;
    return { heapKb: Math.round(usedSize / 1024), hostMb: Math.round(hostMb), nodes, peers };
  }

  /** After a talk the note is left unwritten; a call that nobody answered leaves nothing to do. */
  async function wrapUp(): Promise<void> {
    await window.phase('ended');
    await window.note.getByRole('button', { name: nb.note.withoutNote }).click();
    await window.phase('none');
  }

  async function oneCall(way: (typeof ways)[number]): Promise<void> {
    const from = citizen.events.length;
    await lab.callLine(citizen);
    await window.phase('ringing');
    switch (way) {
      case 'caller hangs up':
      case 'agent hangs up':
        await window.press('F2');
        await window.phase('active');
        await citizen.event((event) => event.type === 'CALL_ESTABLISHED', 'established', { from });
        if (way === 'agent hangs up') await window.press('F4');
        else await citizen.hangUp();
        await wrapUp();
        break;
      case 'caller gives up':
        await citizen.hangUp();
        await window.phase('none');
        break;
      case 'agent rejects':
        await window.press('F4');
        await window.phase('none');
        break;
    }
    await citizen.event((event) => event.type === 'CALL_CLOSED', 'closed', { from });
  }

  for (const way of [...ways, ...ways]) await oneCall(way);
  let before = await size();
  say(`after 8 calls: ${JSON.stringify(before)}`);
  const start = performance.now();
  const deadline = start + minutes * 60_000;
  // The day's list fills up and SIP's timers hold on for half a minute: a long run counts growth from its second third on.
  let countFrom = slice ? 0 : null;
  const went: Record<string, number> = {};
  let calls = 0;
  while (performance.now() < deadline) {
    const way = roll.pick(ways);
    try {
      await oneCall(way);
    } catch (error) {
      throw new Error(`call ${calls + 1} (${way}) was lost or lingers`, { cause: error });
    }
    went[way] = (went[way] ?? 0) + 1;
    calls += 1;
    if (countFrom === null && performance.now() > start + (deadline - start) / 3) {
      before = await size();
      countFrom = calls;
    }
    if (calls % 100 === 0) say(`${calls} calls: ${JSON.stringify(await size())}`);
  }
  const contacts = await lab.kamailio.contacts('agent1');
  if (contacts !== 1) throw new Error(`the exchange has ${contacts} contacts of the agent`);
  const recorded = await waitFor(
    async () => {
      const day = await window.page.evaluate(() => globalThis.window.samband.call('callLog.today', null));
      return day.ok ? day.value.calls : null;
    },
    { timeoutMs: 5000, what: 'the day' },
  );
  const after = await size();
  const grownPerCall = (after.heapKb - before.heapKb) / (calls - (countFrom ?? 0));
  if (after.peers > 0) throw new Error(`${after.peers} peer connections were never closed`);
  // A leaked call takes its session, its peer connection and its views along: tens of kilobytes.
  const allowed = slice ? 40 : 3;
  if (grownPerCall > allowed)
    throw new Error(`the window grows by ${grownPerCall.toFixed(1)} kB a call: ${JSON.stringify({ before, after })}`);
  if (after.nodes > 3000) throw new Error(`the document grows: ${JSON.stringify({ before, after })}`);
  await desk.close();
  return {
    calls,
    lost: 0,
    recorded,
    heap_kb_per_call: grownPerCall.toFixed(2),
    host_mb: `${before.hostMb} → ${after.hostMb}`,
    ...went,
  };
};
