/** Colleagues' lines, as a real exchange tells of them: free, ringing, on the phone; and what is not known is said to be unknown. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { LineView } from '../../renderer/lines/index.ts';
import { accountOf } from '../lib/softphone-page/account.ts';
import { openSoftphone, type Softphone } from '../lib/softphone-page/softphone.ts';
import { waitFor } from './process.ts';
import { startBaresip, type Baresip } from './servers/baresip.ts';
import { startKamailio, type Kamailio } from './servers/kamailio.ts';
import { startRtpengine } from './servers/rtpengine.ts';

const COLLEAGUE = '22051014';
const dialog = { events: 'dialog', limit: 50 } as const;

let exchange: Kamailio;
let colleague: Baresip;
let caller: Baresip;
let agent: Softphone;

beforeAll(async () => {
  const rtpengine = await startRtpengine();
  exchange = await startKamailio({ rtpengine, presence: { expiresSeconds: 10 } });
  [colleague, caller, agent] = await Promise.all([
    startBaresip({ number: COLLEAGUE, says: 1000, exchangePort: exchange.sipPort }),
    startBaresip({ number: '+4792211334', says: 700, exchangePort: exchange.sipPort }),
    openSoftphone({ says: 440 }),
  ]);
  await exchange.routeNumber(COLLEAGUE, colleague.contact);
});

beforeEach(async () => {
  await agent.reload();
  await agent.act('start', accountOf('agent1', [exchange.wsUrl]));
  await agent.until((state) => state.line.kind === 'registered', 'registered');
});
afterAll(() => agent?.close());

const until = (number: string, state: LineView['state'], timeoutMs = 10_000) =>
  waitFor(
    async () => {
      const view = await agent.line(number);
      return view.state === state ? view : null;
    },
    { timeoutMs, what: `${number} to be ${state}` },
  );

const callColleague = () => caller.call(`sip:${COLLEAGUE}@${exchange.domain}`);

describe('dialog events (RFC 4235)', () => {
  it('free, ringing, on the phone and free again, with the time', async () => {
    expect(await agent.line(COLLEAGUE)).toEqual({ state: 'unknown', since: null, readAt: null });
    // As the directory writes it.
    await agent.watch(['22 05 10 14'], dialog);
    expect((await until(COLLEAGUE, 'free')).since).toBeNull();
    await callColleague();
    const ringing = await until(COLLEAGUE, 'ringing');
    await colleague.answer();
    const talking = await until(COLLEAGUE, 'onPhone');
    expect(talking.since).toBeGreaterThanOrEqual(ringing.since!);
    expect(talking.readAt).toBeGreaterThanOrEqual(talking.since!);
    await caller.hangUp();
    await until(COLLEAGUE, 'free');
  });

  it('is asked for anew before it runs out, and still tells afterwards', async () => {
    const before = await exchange.asked('REFRESH', COLLEAGUE);
    await agent.watch([COLLEAGUE], dialog);
    await until(COLLEAGUE, 'free');
    // Granted for 10 s: the second refresh comes after the first one's time.
    await waitFor(async () => (await exchange.asked('REFRESH', COLLEAGUE)) >= before + 2, {
      timeoutMs: 25_000,
      what: 'two refreshes',
    });
    await callColleague();
    await until(COLLEAGUE, 'ringing');
    await caller.hangUp();
    await until(COLLEAGUE, 'free');
  });

  it('a number with a plus is one, too', async () => {
    await exchange.routeNumber(`+47${COLLEAGUE}`, colleague.contact);
    await agent.watch(['+47 22 05 10 14'], dialog);
    await until(`+47${COLLEAGUE}`, 'free');
    await caller.call(`sip:+47${COLLEAGUE}@${exchange.domain}`);
    await until(`+47${COLLEAGUE}`, 'ringing');
    await caller.hangUp();
    await until(`+47${COLLEAGUE}`, 'free');
  });

  it('unknown while there is no connection, and back after it', async () => {
    await agent.watch([COLLEAGUE], dialog);
    await until(COLLEAGUE, 'free');
    await exchange.server.kill9();
    await until(COLLEAGUE, 'unknown');
    await exchange.restart();
    await agent.until((state) => state.line.kind === 'registered', 'registered again');
    await until(COLLEAGUE, 'free');
    await callColleague();
    await until(COLLEAGUE, 'ringing');
    await caller.hangUp();
    await until(COLLEAGUE, 'free');
  });

  it('a refusal is remembered: the exchange is not asked again', async () => {
    await exchange.refuseEvents('22051099', 403);
    const asked = await exchange.asked('SUBSCRIBE', '22051099');
    await agent.watch(['22051099', COLLEAGUE], dialog);
    await waitFor(async () => (await exchange.asked('SUBSCRIBE', '22051099')) > asked, {
      timeoutMs: 5000,
      what: 'the question',
    });
    const after = await exchange.asked('SUBSCRIBE', '22051099');
    await agent.watch([], dialog);
    await agent.watch(['22051099', COLLEAGUE], dialog);
    await agent.watch(['22051099', COLLEAGUE, '22051020'], dialog);
    await until('22051020', 'free');
    expect(await exchange.asked('SUBSCRIBE', '22051099')).toBe(after);
    expect((await agent.line('22051099')).state).toBe('unknown');
  });

  it('never more than the limit: who was looked at longest ago goes first', async () => {
    await agent.watch(['22051031'], { events: 'dialog', limit: 2 });
    await until('22051031', 'free');
    await agent.watch(['22051032'], { events: 'dialog', limit: 2 });
    await until('22051032', 'free');
    expect((await agent.line('22051031')).state).toBe('free');
    await agent.watch(['22051033'], { events: 'dialog', limit: 2 });
    await until('22051033', 'free');
    await until('22051031', 'unknown');
    expect((await agent.line('22051032')).state).toBe('free');
  });

  it('off: nobody is asked', async () => {
    const asked = await exchange.asked('SUBSCRIBE', '22051041');
    await agent.watch(['22051041'], { events: 'off', limit: 50 });
    await agent.watch(['22051042'], dialog);
    await until('22051042', 'free');
    expect(await exchange.asked('SUBSCRIBE', '22051041')).toBe(asked);
  });
});
