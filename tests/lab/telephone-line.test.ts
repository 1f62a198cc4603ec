/** Registration, and what becomes of it and of live calls when the exchange is killed or frozen. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { accountOf, openSoftphone, type Softphone } from '../lib/softphone-page/softphone.ts';
import { hasTone } from '../lib/tones.ts';
import { waitFor } from './process.ts';
import { startBaresip, type Baresip } from './servers/baresip.ts';
import { startKamailio, type Kamailio } from './servers/kamailio.ts';
import { startRtpengine } from './servers/rtpengine.ts';

const AGENT = 440;
const CALLER = 700;

let exchange: Kamailio;
let caller: Baresip;
let agent: Softphone;

beforeAll(async () => {
  const rtpengine = await startRtpengine();
  exchange = await startKamailio({ rtpengine, tls: true });
  caller = await startBaresip({ number: '+4792211334', says: CALLER, exchangePort: exchange.sipPort });
  agent = await openSoftphone({ says: AGENT });
});

// A window of its own for each test, in the same browser.
beforeEach(() => agent.reload());
afterAll(() => agent?.close());

const registered = (timeoutMs?: number) => agent.until((state) => state.line.kind === 'registered', 'registered', timeoutMs);

async function talking(): Promise<void> {
  await caller.call(`sip:agent1@${exchange.domain}`);
  await agent.call('ringing');
  await agent.act('answer');
  await agent.call('active');
  await bothHear();
}

async function bothHear(): Promise<void> {
  await waitFor(async () => hasTone(await agent.heard([CALLER]), CALLER), {
    timeoutMs: 5000,
    what: 'the agent to hear the caller',
  });
  await waitFor(() => hasTone(caller.heard([AGENT]), AGENT), { timeoutMs: 5000, what: 'the caller to hear the agent' });
}

const remoteOffers = () => caller.events.filter((event) => event.type === 'CALL_REMOTE_SDP' && event.param === 'offer').length;

describe('registration', () => {
  it('by ws, and stops with a word to the exchange', async () => {
    await agent.act('start', accountOf('agent1', [exchange.wsUrl]));
    await registered();
    expect(await exchange.contacts('agent1')).toBe(1);
    await agent.act('stop');
    await waitFor(async () => (await exchange.contacts('agent1')) === 0, { timeoutMs: 5000, what: 'the contact to be gone' });
    expect((await agent.state()).line.kind).toBe('offline');
  });

  it('by wss', async () => {
    await agent.act('start', accountOf('agent1', [exchange.wssUrl!]));
    await registered();
  });

  it('a wrong password is refused, and not hammered', async () => {
    await agent.act('start', accountOf('agent1', [exchange.wsUrl], { password: 'wrong' }));
    const { line } = await agent.until((state) => state.line.kind === 'refused', 'refused');
    expect(line).toMatchObject({ kind: 'refused', status: 401 });
  });

  it('takes the next server when the first is not there', async () => {
    await agent.act('start', accountOf('agent1', ['ws://127.0.0.1:9', exchange.wsUrl]));
    await registered();
  });

  it('a window that dies leaves no contact behind', async () => {
    const doomed = await openSoftphone({ says: AGENT });
    await doomed.act('start', accountOf('agent2', [exchange.wsUrl]));
    await doomed.until((state) => state.line.kind === 'registered', 'registered');
    await doomed.close();
    await waitFor(async () => (await exchange.contacts('agent2')) === 0, { timeoutMs: 5000, what: 'the contact to be gone' });
  });
});

describe('the window goes in a call', () => {
  it('the far end is told', async () => {
    await agent.act('start', accountOf('agent1', [exchange.wsUrl]));
    await registered();
    await talking();
    const from = caller.events.length;
    await agent.page.goto('about:blank');
    await caller.event((event) => event.type === 'CALL_CLOSED', 'closed', { from });
  });
});

describe('the exchange dies in a call', () => {
  it('kill -9: the audio goes on, it is registered again, and the far end is heard to hang up', async () => {
    await agent.act('start', accountOf('agent1', [exchange.wsUrl]));
    await registered();
    await talking();
    const offers = remoteOffers();
    await exchange.server.kill9();
    await agent.until((state) => state.line.kind !== 'registered', 'the loss to be noticed');
    await bothHear();
    await exchange.restart();
    const back = performance.now();
    await registered();
    console.info(`registered again ${Math.round(performance.now() - back)} ms after the exchange was back`);
    await bothHear();
    expect((await agent.state()).calls[0]?.phase).toBe('active');
    // The far end's BYE goes to the newest connection only if a re-INVITE has named it.
    await waitFor(() => remoteOffers() > offers, { timeoutMs: 5000, what: 'the re-INVITE' });
    await caller.hangUp();
    expect((await agent.call('ended')).endReason).toBe('remoteHungUp');
  });

  it('a hang-up while there is no connection reaches the far end afterwards', async () => {
    await agent.act('start', accountOf('agent1', [exchange.wsUrl]));
    await registered();
    await talking();
    await exchange.server.kill9();
    await agent.until((state) => state.line.kind !== 'registered', 'the loss to be noticed');
    const from = caller.events.length;
    await agent.act('hangUp');
    expect((await agent.call('ended')).endReason).toBe('hungUp');
    await exchange.restart();
    await registered();
    await caller.event((event) => event.type === 'CALL_CLOSED', 'closed', { from });
  });

  it('a hang-up that the exchange took with it reaches the far end afterwards', async () => {
    await agent.act('start', accountOf('agent1', [exchange.wsUrl]));
    await registered();
    await talking();
    const from = caller.events.length;
    exchange.server.signal('SIGSTOP');
    await agent.act('hangUp');
    await agent.call('ended');
    await exchange.server.kill9();
    await agent.until((state) => state.line.kind !== 'registered', 'the loss to be noticed');
    await exchange.restart();
    await registered();
    await caller.event((event) => event.type === 'CALL_CLOSED', 'closed', { from });
  });

  it('a far end that is gone meanwhile: the call is over, and the agent is told', async () => {
    await agent.act('start', accountOf('agent1', [exchange.wsUrl]));
    await registered();
    const port = Number(caller.contact.split(':').at(-1));
    await talking();
    await exchange.server.kill9();
    await caller.server.kill9();
    await agent.until((state) => state.line.kind !== 'registered', 'the loss to be noticed');
    caller = await startBaresip({ number: '+4792211334', says: CALLER, exchangePort: exchange.sipPort, sipPort: port });
    await exchange.restart();
    await registered();
    expect((await agent.call('ended')).endReason).toBe('lost');
    expect((await agent.state()).fault?.code).toBe('lost');
  });

  it('frozen: the watchdog notices, and it is registered again when thawed', async () => {
    await agent.act('start', accountOf('agent1', [exchange.wsUrl]));
    await registered();
    await talking();
    const frozen = performance.now();
    exchange.server.signal('SIGSTOP');
    await agent.until((state) => state.line.kind !== 'registered', 'the loss to be noticed');
    console.info(`a frozen exchange was noticed after ${Math.round(performance.now() - frozen)} ms`);
    await bothHear();
    exchange.server.signal('SIGCONT');
    const thawed = performance.now();
    await registered();
    console.info(`registered again ${Math.round(performance.now() - thawed)} ms after it was thawed`);
    await bothHear();
    const from = caller.events.length;
    await agent.act('hangUp');
    await caller.event((event) => event.type === 'CALL_CLOSED', 'closed', { from });
  });
});
