/** The renderer's own telephone in a real browser, against Kamailio, rtpengine and baresip: each party has its own tone. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { accountOf, openSoftphone, type Softphone } from '../lib/softphone-page/softphone.ts';
import { hasTone, lacksTone } from '../lib/tones.ts';
import { waitFor } from './process.ts';
import { startBaresip, type Baresip } from './servers/baresip.ts';
import { startKamailio, type Kamailio } from './servers/kamailio.ts';
import { startRtpengine } from './servers/rtpengine.ts';

const AGENT = 440;
const CALLER = 700;
const COLLEAGUE = 1000;
const TONES = [AGENT, CALLER, COLLEAGUE];

let exchange: Kamailio;
let caller: Baresip;
let colleague: Baresip;
let agent: Softphone;
/** Another browser as the far end, where baresip's ear fails: after a hold. */
let other: Softphone;

beforeAll(async () => {
  const rtpengine = await startRtpengine();
  exchange = await startKamailio({
    rtpengine,
    tls: true,
    lines: { '02180': { queue: 'barnehage', agent: 'agent1', waitSeconds: 7 } },
  });
  [caller, colleague, agent, other] = await Promise.all([
    startBaresip({ number: '+4792211334', displayName: 'Kari Ås', says: CALLER, exchangePort: exchange.sipPort }),
    startBaresip({ number: '22051014', displayName: 'Ola', says: COLLEAGUE, exchangePort: exchange.sipPort }),
    openSoftphone({ says: AGENT }),
    openSoftphone({ says: CALLER }),
  ]);
  await exchange.routeNumber('22051014', colleague.contact);
  await agent.act(
    'start',
    accountOf('agent1', [exchange.wsUrl], {
      greetings: { barnehage: 'Barnehageopptak, god dag' },
      transfer: { way: 'blind' },
    }),
  );
  await agent.until((state) => state.line.kind === 'registered', 'registered');
  await other.act('start', accountOf('agent2', [exchange.wssUrl!]));
  await other.until((state) => state.line.kind === 'registered', 'registered');
});

/** Whatever a failed test left behind must not ring in the next. */
async function clear(phone: Softphone): Promise<void> {
  for (const call of (await phone.state()).calls) await phone.act(call.phase === 'ended' ? 'finishWrapUp' : 'hangUp', call.id);
  const { calls } = await phone.until((state) => state.calls.every((call) => call.phase === 'ended'), 'no call left');
  for (const call of calls) await phone.act('finishWrapUp', call.id);
  await phone.act('dismissFault');
}

afterEach(async () => {
  await clear(agent);
  await clear(other);
});

afterAll(() => Promise.all([agent?.close(), other?.close()]));

/** The other browser calls, and both have heard each other. */
async function talkingToOther(): Promise<void> {
  await other.act('dial', 'agent1');
  await agent.call('ringing');
  await agent.act('answer');
  await agent.call('active');
  await agentHears(CALLER);
  await otherHears(AGENT);
}

/** The caller dials the line, the agent answers, and both have heard each other. */
async function talking(): Promise<void> {
  const from = caller.events.length;
  await caller.call(`sip:02180@${exchange.domain}`);
  await agent.call('ringing');
  await agent.act('answer');
  await agent.call('active');
  await caller.event((event) => event.type === 'CALL_ESTABLISHED', 'answered', { from });
  await agentHears(CALLER);
  await hears(caller, AGENT);
}

const agentHears = (tone: number) =>
  waitFor(async () => hasTone(await agent.heard(TONES), tone), { timeoutMs: 5000, what: `the agent to hear ${tone} Hz` });
const agentHearsNot = (tone: number) =>
  waitFor(async () => lacksTone(await agent.heard(TONES), tone), { timeoutMs: 5000, what: `the agent not to hear ${tone} Hz` });
const otherHears = (tone: number) =>
  waitFor(async () => hasTone(await other.heard(TONES), tone), {
    timeoutMs: 5000,
    what: `the other browser to hear ${tone} Hz`,
  });
const otherHearsNot = (tone: number) =>
  waitFor(async () => lacksTone(await other.heard(TONES), tone), {
    timeoutMs: 5000,
    what: `the other browser not to hear ${tone} Hz`,
  });
const hears = (phone: Baresip, tone: number) =>
  waitFor(() => hasTone(phone.heard(TONES), tone), { timeoutMs: 5000, what: `${phone.number} to hear ${tone} Hz` });
const hearsNot = (phone: Baresip, tone: number) =>
  waitFor(() => lacksTone(phone.heard(TONES, 200), tone), { timeoutMs: 5000, what: `${phone.number} not to hear ${tone} Hz` });
const closed = (phone: Baresip, from: number) => phone.event((event) => event.type === 'CALL_CLOSED', 'closed', { from });

describe('incoming', () => {
  it('rings with name, number, line, greeting and waiting time, and both hear each other', async () => {
    await caller.call(`sip:02180@${exchange.domain}`);
    expect(await agent.call('ringing')).toMatchObject({
      direction: 'incoming',
      remote: { number: '+4792211334', name: 'Kari Ås' },
      line: 'barnehage',
      greeting: 'Barnehageopptak, god dag',
      waitedSeconds: 7,
    });
    await agent.act('answer');
    await agent.call('active');
    await agentHears(CALLER);
    await hears(caller, AGENT);
    expect((await agent.state()).agent).toBe('onCall');
    const from = caller.events.length;
    await agent.act('hangUp');
    await closed(caller, from);
    expect(await agent.until((state) => state.wrapUpId !== null, 'wrap-up')).toMatchObject({ agent: 'wrapUp' });
    await agent.act('finishWrapUp');
    expect(await agent.until((state) => state.calls.length === 0, 'wrap-up done')).toMatchObject({
      agent: 'ready',
      fault: null,
    });
  });

  it('the caller hangs up', async () => {
    await talking();
    await caller.hangUp();
    expect((await agent.call('ended')).endReason).toBe('remoteHungUp');
  });

  it('is rejected: the caller hears busy', async () => {
    const from = caller.events.length;
    await caller.call(`sip:02180@${exchange.domain}`);
    await agent.call('ringing');
    await agent.act('reject');
    expect((await closed(caller, from)).param).toMatch(/^486 /);
    await agent.until((state) => state.calls.length === 0, 'gone');
    expect((await agent.events()).at(-1)).toMatchObject({ type: 'ended', endReason: 'rejected' });
  });

  it('the caller gives up: missed, without wrap-up', async () => {
    await caller.call(`sip:02180@${exchange.domain}`);
    await agent.call('ringing');
    await caller.hangUp();
    expect(await agent.until((state) => state.calls.length === 0, 'gone')).toMatchObject({ wrapUpId: null, fault: null });
    expect((await agent.events()).at(-1)).toMatchObject({ type: 'ended', endReason: 'missed' });
  });

  it('a second call holds the first when it is answered', async () => {
    await talking();
    await colleague.call(`sip:agent1@${exchange.domain}`);
    await agent.call('ringing');
    await agent.act('answer');
    await agent.until(
      (state) => state.calls.some((call) => call.phase === 'active' && call.remote.name === 'Ola'),
      'the second active',
    );
    expect((await agent.state()).calls.map((call) => call.phase)).toEqual(['held', 'active']);
    await agentHears(COLLEAGUE);
    await hears(colleague, AGENT);
    await hearsNot(caller, AGENT);
  });
});

describe('outgoing', () => {
  it('dials, rings, talks and hangs up', async () => {
    const from = colleague.events.length;
    await agent.act('dial', '22 05 10 14', 'Ola Nordmann');
    expect((await agent.call('remoteRinging')).remote).toEqual({ number: '22 05 10 14', name: 'Ola Nordmann' });
    await colleague.answer();
    await agent.call('active');
    await agentHears(COLLEAGUE);
    await hears(colleague, AGENT);
    await agent.act('hangUp');
    await closed(colleague, from);
  });

  it('a number that nobody has is told as such', async () => {
    await agent.act('dial', '23999999');
    expect((await agent.until((state) => state.fault !== null, 'a fault')).fault).toMatchObject({ code: 'notFound' });
    expect((await agent.state()).calls).toEqual([]);
  });

  it('a colleague who rejects is busy', async () => {
    await agent.act('dial', '22051014');
    await agent.call('remoteRinging');
    await colleague.hangUp();
    expect((await agent.until((state) => state.fault !== null, 'a fault')).fault?.code).toMatch(/^(busy|refused)$/);
  });

  it('giving up is noticed at the other end', async () => {
    const from = colleague.events.length;
    await agent.act('dial', '22051014');
    await agent.call('remoteRinging');
    await agent.act('hangUp');
    await closed(colleague, from);
    expect((await agent.state()).fault).toBeNull();
  });
});

describe('in a call', () => {
  it('hold: neither hears the other; back again afterwards', async () => {
    await talkingToOther();
    await agent.act('toggleHold');
    await agent.call('held');
    await otherHearsNot(AGENT);
    await agent.act('toggleHold');
    await agent.call('active');
    await otherHears(AGENT);
    await agentHears(CALLER);
  });

  it('hold: a telephone on the public network hears nothing either', async () => {
    await talking();
    await agent.act('toggleHold');
    await agent.call('held');
    await hearsNot(caller, AGENT);
    await agent.act('toggleHold');
    await agent.call('active');
    await agentHears(CALLER);
  });

  it('held from both sides, and back in either order', async () => {
    await talkingToOther();
    await agent.act('toggleHold');
    await agent.call('held');
    await other.act('toggleHold');
    await other.call('held');
    await agent.act('toggleHold');
    await agent.call('active');
    await otherHearsNot(AGENT);
    await agentHearsNot(CALLER);
    await other.act('toggleHold');
    await other.call('active');
    await otherHears(AGENT);
    await agentHears(CALLER);
  });

  it('both press hold at the same moment, again and again: they agree in the end', async () => {
    await talkingToOther();
    for (let i = 0; i < 3; i++) {
      await Promise.all([agent.act('toggleHold'), other.act('toggleHold')]);
      await Promise.all([agent.call('held'), other.call('held')]);
      await Promise.all([agent.act('toggleHold'), other.act('toggleHold')]);
      await Promise.all([agent.call('active'), other.call('active')]);
    }
    await otherHears(AGENT);
    await agentHears(CALLER);
    expect((await agent.state()).fault).toBeNull();
    expect((await other.state()).fault).toBeNull();
  });

  it('mute silences the microphone only', async () => {
    await talking();
    await agent.act('toggleMute');
    await hearsNot(caller, AGENT);
    await agentHears(CALLER);
    expect((await agent.call('active')).muted).toBe(true);
    await agent.act('toggleMute');
    await hears(caller, AGENT);
  });

  it('a muted call stays muted through hold and back', async () => {
    await talkingToOther();
    await agent.act('toggleMute');
    await otherHearsNot(AGENT);
    await agent.act('toggleHold');
    await agent.call('held');
    await agent.act('toggleHold');
    expect((await agent.call('active')).muted).toBe(true);
    await agentHears(CALLER);
    await otherHearsNot(AGENT);
    await agent.act('toggleMute');
    await otherHears(AGENT);
  });

  it('digits arrive as they were pressed', async () => {
    await talking();
    const before = caller.digits().length;
    await agent.act('sendDigits', '12');
    await agent.act('sendDigits', '3#');
    await waitFor(() => caller.digits().slice(before) === '123#', { timeoutMs: 5000, what: 'the digits' });
  });

  it('without a microphone the call goes on ringing until there is one', async () => {
    await agent.page.evaluate(() => {
      const media = navigator.mediaDevices;
      const original = media.getUserMedia.bind(media);
      media.getUserMedia = () => {
        media.getUserMedia = original;
        return Promise.reject(new DOMException('none', 'NotFoundError'));
      };
    });
    await caller.call(`sip:02180@${exchange.domain}`);
    await agent.call('ringing');
    await agent.act('answer');
    const state = await agent.until((s) => s.fault !== null, 'a fault');
    expect(state.fault?.code).toBe('noMicrophone');
    expect(state.calls[0]?.phase).toBe('ringing');
    await agent.act('answer');
    await agent.call('active');
    await agentHears(CALLER);
    await hears(caller, AGENT);
  });
});

describe('blind transfer', () => {
  it('caller and colleague hear each other; the agent is in wrap-up', async () => {
    await talking();
    const from = colleague.events.length;
    await agent.act('transfer', { number: '22 05 10 14', name: 'Ola' });
    await agent.until((state) => state.calls[0]?.phase === 'transferring', 'transferring');
    await colleague.event((event) => event.type === 'CALL_INCOMING', 'ringing', { from });
    await colleague.answer();
    expect(await agent.call('ended')).toMatchObject({
      endReason: 'transferred',
      transferTarget: { number: '22 05 10 14', name: 'Ola' },
    });
    await hears(caller, COLLEAGUE);
    await hears(colleague, CALLER);
    await colleague.hangUp();
  });

  it('a colleague who says no: the caller is back with the agent', async () => {
    await talking();
    const from = colleague.events.length;
    await agent.act('transfer', { number: '22051014', name: 'Ola' });
    await colleague.event((event) => event.type === 'CALL_INCOMING', 'ringing', { from });
    await hearsNot(caller, AGENT);
    await colleague.hangUp();
    await agent.until((state) => state.calls[0]?.transferRefused === true, 'refused');
    expect((await agent.state()).calls[0]).toMatchObject({ phase: 'held' });
    await agent.act('toggleHold');
    await agent.call('active');
    await agentHears(CALLER);
  });

  it('a number that nobody has: the caller is back with the agent', async () => {
    await talking();
    await agent.act('transfer', { number: '23999999', name: null });
    await agent.until((state) => state.calls[0]?.transferRefused === true, 'refused');
    await agent.act('toggleHold');
    await agent.call('active');
    await agentHears(CALLER);
  });

  it('a far end that may not be sent elsewhere: the caller is back with the agent', async () => {
    await talkingToOther();
    await agent.act('transfer', { number: '22051014', name: 'Ola' });
    const state = await agent.until((s) => s.calls[0]?.transferRefused === true, 'refused');
    expect(state.fault?.code).toBe('refused');
    await agent.act('toggleHold');
    await agent.call('active');
    await otherHears(AGENT);
    await agentHears(CALLER);
  });
});
