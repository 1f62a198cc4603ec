/** Passing calls on and bringing people together: who hears whom afterwards, by each party's own tone. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openFarEnds, type FarEnd, type FarEnds } from '../lib/far-ends/far-ends.ts';
import { openSoftphone, type Softphone } from '../lib/softphone-page/softphone.ts';
import { lacksTone, type Sound } from '../lib/tones.ts';
import { kamailioExchange, type Exchange } from './exchange.ts';
import { waitFor } from './process.ts';
import { startBaresip, type Baresip } from './servers/baresip.ts';

const AGENT = 440;
const CALLER = 700;
const COLLEAGUE = 1000;
const OUTSIDE = 1300;
const TONES = [AGENT, CALLER, COLLEAGUE, OUTSIDE];
const target = { number: 'colleague', name: 'Per' };
const outside = { number: '22 05 10 14', name: 'Ola' };

let exchange: Exchange;
let agent: Softphone;
/** A colleague who has Samband too. */
let other: Softphone;
let farEnds: FarEnds;
/** Follows a REFER and knows Replaces, as an exchange's trunk does. */
let caller: FarEnd;
let colleague: FarEnd;
/** Says no to a REFER. */
let stubborn: FarEnd;
/** A telephone on the public network that knows no Replaces. */
let baresip: Baresip;

beforeAll(async () => {
  exchange = await kamailioExchange();
  [agent, other, farEnds, baresip] = await Promise.all([
    openSoftphone({ says: AGENT }),
    openSoftphone({ says: COLLEAGUE }),
    openFarEnds({ server: exchange.wsUrl, domain: exchange.domain }),
    startBaresip({ number: '22051014', says: OUTSIDE, exchangePort: exchange.sipPort }),
  ]);
  await exchange.routeNumber('22051014', baresip.contact);
  caller = await farEnds.open({ user: 'caller', says: CALLER });
  colleague = await farEnds.open({ user: 'colleague', says: COLLEAGUE });
  stubborn = await farEnds.open({ user: 'stubborn', says: CALLER, follows: false });
  await signIn();
  await other.act('start', exchange.account('agent2'));
  await other.until((state) => state.line.kind === 'registered', 'registered');
});

async function signIn(transfer: Parameters<Exchange['account']>[1] = {}): Promise<void> {
  await agent.act('start', exchange.account('agent1', transfer));
  await agent.until((state) => state.line.kind === 'registered', 'registered');
}

afterEach(async () => {
  for (const end of [caller, colleague, stubborn]) await end.hangUp();
  await baresip.hangUp().catch(() => undefined);
  for (const call of (await agent.state()).calls) if (call.phase !== 'ended') await agent.act('hangUp', call.id);
  const { calls } = await agent.until((state) => state.calls.every((call) => call.phase === 'ended'), 'no call left');
  for (const call of calls) await agent.act('finishWrapUp', call.id);
  await agent.act('dismissFault');
  for (const end of [caller, colleague, stubborn]) await end.until((state) => state.live === 0, 'nothing left');
});

afterAll(() => Promise.all([agent?.close(), other?.close(), farEnds?.close()]));

/** The party hears exactly these tones of all that are played. */
async function hears(who: Softphone | FarEnd | Baresip, ...tones: number[]): Promise<void> {
  const wanted = (sound: Sound) =>
    TONES.every((tone) =>
      // Two together share the power.
      tones.includes(tone) ? sound.rms > 0.01 && (sound.shares[tone] ?? 0) > 0.6 / (2 * tones.length) : lacksTone(sound, tone),
    );
  let last: Sound | undefined;
  await waitFor(
    async () => {
      last = await who.heard(TONES);
      return wanted(last);
    },
    { timeoutMs: 8000, what: `to hear ${tones.join(' and ')} Hz` },
  ).catch((error: unknown) => {
    throw new Error(`heard ${JSON.stringify(last)}`, { cause: error });
  });
}

/** Music: loud enough, and nobody's voice. */
const hearsMusic = (who: FarEnd) =>
  waitFor(
    async () => {
      const sound = await who.heard(TONES);
      return sound.rms > 0.01 && TONES.every((tone) => (sound.shares[tone] ?? 0) < 0.05);
    },
    { timeoutMs: 5000, what: `${who.user} to hear music` },
  );

async function talking(): Promise<void> {
  await caller.call(`sip:agent1@${exchange.domain}`);
  await agent.call('ringing');
  await agent.act('answer');
  await agent.call('active');
  await hears(agent, CALLER);
  await hears(caller, AGENT);
}

/** The caller waits, the agent speaks with the colleague. */
async function consulting(): Promise<void> {
  await talking();
  await agent.act('consult', target);
  await colleague.until((state) => state.state === 'ringing', 'ringing');
  await colleague.answer();
  await agent.call('active');
  await hears(agent, COLLEAGUE);
  await hears(colleague, AGENT);
  await hearsMusic(caller);
}

const back = (reason: string | null) =>
  agent.until(
    (state) => state.calls[0]?.transferRefused === true && state.calls[0].transferReason === reason,
    `back: ${reason}`,
  );
const transferred = () => agent.until((state) => state.calls[0]?.endReason === 'transferred', 'transferred');

async function takesBack(): Promise<void> {
  await agent.act('toggleHold');
  await agent.call('active');
  await hears(agent, CALLER);
  await hears(caller, AGENT);
}

describe('hold', () => {
  it('the caller hears music and never the agent; back again both hear each other', async () => {
    await talking();
    for (let i = 0; i < 2; i++) {
      await agent.act('toggleHold');
      await agent.call('held');
      await hearsMusic(caller);
      await hears(agent);
      await takesBack();
    }
  });

  it('hold and back in one breath leave no music in the call', async () => {
    await talking();
    await agent.act('toggleHold');
    await agent.act('toggleHold');
    await agent.act('toggleHold');
    await agent.act('toggleHold');
    await agent.call('active');
    await hears(caller, AGENT);
  });

  it('where the exchange has music of its own, silence is sent', async () => {
    await signIn({ hold: 'exchange' });
    await talking();
    await agent.act('toggleHold');
    await agent.call('held');
    if (exchange.between) await hearsMusic(caller);
    else await waitFor(async () => (await caller.heard(TONES)).rms < 0.003, { timeoutMs: 5000, what: 'silence' });
    await takesBack();
    await signIn();
  });
});

describe('digits by INFO', () => {
  it('arrive one by one', async () => {
    await signIn({ dtmf: 'info' });
    await talking();
    await agent.act('sendDigits', '1#');
    await caller.until((state) => state.infos.length === 2, 'two digits');
    expect((await caller.state()).infos).toEqual(['Signal=1\r\nDuration=120\r\n', 'Signal=#\r\nDuration=120\r\n']);
    await signIn();
  });
});

describe('safe transfer', () => {
  it('the caller hears music until the colleague answers, then the colleague; the agent is in wrap-up', async () => {
    await talking();
    await agent.act('transfer', target);
    await colleague.until((state) => state.state === 'ringing', 'ringing');
    await agent.until((state) => state.calls[0]?.transferRinging === true, 'told that it rings');
    await hearsMusic(caller);
    await colleague.answer();
    await transferred();
    await hears(caller, COLLEAGUE);
    await hears(colleague, CALLER);
    expect((await agent.state()).agent).toBe('wrapUp');
  });

  it('a target that knows no Replaces: they talk through the client, and the agent takes the next call meanwhile', async () => {
    await talking();
    const from = baresip.events.length;
    await agent.act('transfer', outside);
    await baresip.event((event) => event.type === 'CALL_INCOMING', 'ringing', { from });
    await baresip.answer();
    await agent.call('joined');
    await hears(caller, OUTSIDE);
    await hears(baresip, CALLER);
    await hears(agent);
    expect((await agent.state()).agent).toBe('ready');
    await colleague.call(`sip:agent1@${exchange.domain}`);
    await agent.call('ringing');
    await agent.act('answer');
    await agent.call('active');
    await hears(agent, COLLEAGUE);
    await hears(colleague, AGENT);
    await hears(caller, OUTSIDE);
    await caller.hangUp();
    await baresip.event((event) => event.type === 'CALL_CLOSED', 'closed', { from });
    const { calls } = await agent.until((state) => state.calls.some((call) => call.phase === 'ended'), 'over');
    expect(calls.map(({ phase, endReason }) => [phase, endReason])).toEqual([
      ['ended', 'transferred'],
      ['active', null],
    ]);
  });

  it('a target that says no: the caller is back', async () => {
    await talking();
    const from = baresip.events.length;
    await agent.act('transfer', outside);
    await baresip.event((event) => event.type === 'CALL_INCOMING', 'ringing', { from });
    await baresip.hangUp();
    await agent.until((state) => state.calls[0]?.transferRefused === true, 'back');
    expect((await agent.state()).calls[0]).toMatchObject({ phase: 'held', transferTarget: outside });
    expect((await agent.state()).calls[0]?.transferReason).toMatch(/^(busy|refused)$/);
    await takesBack();
  });

  it('nobody answers in time: the caller is back, and it stops ringing there', async () => {
    await signIn({ transfer: { answerSeconds: 1 } });
    await talking();
    await agent.act('transfer', target);
    await colleague.until((state) => state.state === 'ringing', 'ringing');
    await back('noAnswer');
    await colleague.until((state) => state.live === 0, 'quiet');
    await takesBack();
    await signIn();
  });

  it('a number that nobody has: the caller is back', async () => {
    await talking();
    await agent.act('transfer', { number: '23999999', name: null });
    await back('notFound');
    await takesBack();
  });

  it('taken back before anybody answers', async () => {
    await talking();
    await agent.act('transfer', target);
    await colleague.until((state) => state.state === 'ringing', 'ringing');
    await takesBack();
    await colleague.until((state) => state.live === 0, 'quiet');
    expect((await agent.state()).calls[0]).toMatchObject({ transferRefused: false });
  });

  it('the caller hangs up meanwhile: it stops ringing at the target', async () => {
    await talking();
    await agent.act('transfer', target);
    await colleague.until((state) => state.state === 'ringing', 'ringing');
    await caller.hangUp();
    expect((await agent.call('ended')).endReason).toBe('remoteHungUp');
    await colleague.until((state) => state.live === 0, 'quiet');
  });

  it('a caller who may not be sent elsewhere: they talk through the client', async () => {
    await stubborn.call(`sip:agent1@${exchange.domain}`);
    await agent.call('ringing');
    await agent.act('answer');
    await agent.call('active');
    await agent.act('transfer', target);
    await colleague.until((state) => state.state === 'ringing', 'ringing');
    await colleague.answer();
    if (exchange.between) await transferred();
    else await agent.call('joined');
    await hears(stubborn, COLLEAGUE);
    await hears(colleague, CALLER);
    // The colleague's end is the conversation's end.
    await colleague.hangUp();
    await stubborn.until((state) => state.live === 0, 'over');
    expect((await agent.call('ended')).endReason).toBe('transferred');
  });

  it('joined through the client, the agent can take the caller back', async () => {
    if (exchange.between) return;
    await stubborn.call(`sip:agent1@${exchange.domain}`);
    await agent.call('ringing');
    await agent.act('answer');
    await agent.call('active');
    await agent.act('transfer', target);
    await colleague.until((state) => state.state === 'ringing', 'ringing');
    await colleague.answer();
    await agent.call('joined');
    await hears(stubborn, COLLEAGUE);
    await agent.act('toggleHold');
    await agent.call('active');
    await hears(stubborn, AGENT);
    await hears(agent, CALLER);
    await colleague.until((state) => state.live === 0, 'over');
  });
});

describe('consult transfer', () => {
  it('speaks first, then joins the two', async () => {
    await consulting();
    await agent.act('completeConsult');
    await transferred();
    await hears(caller, COLLEAGUE);
    await hears(colleague, CALLER);
    expect((await agent.state()).calls).toHaveLength(1);
  });

  it('joins them while it still rings', async () => {
    await talking();
    await agent.act('consult', target);
    await colleague.until((state) => state.state === 'ringing', 'ringing');
    await agent.act('completeConsult');
    await colleague.answer();
    await transferred();
    await hears(caller, COLLEAGUE);
    await hears(colleague, CALLER);
  });

  it('a colleague with Samband keeps the call, and sees who is on it now', async () => {
    await talking();
    await agent.act('consult', { number: 'agent2', name: 'Lise' });
    const before = await other.call('ringing');
    await other.act('answer');
    await agent.call('active');
    await hears(other, AGENT);
    await agent.act('completeConsult');
    await transferred();
    await hears(other, CALLER);
    await hears(caller, COLLEAGUE);
    const { calls } = await other.until((state) => state.calls[0]?.remote.number === 'caller', 'the other party');
    expect(calls).toMatchObject([{ id: before.id, phase: 'active' }]);
    await other.act('hangUp');
    await caller.until((state) => state.live === 0, 'over');
  });

  it('swaps between the two', async () => {
    await consulting();
    await agent.act('swap');
    await hears(agent, CALLER);
    await hears(caller, AGENT);
    await hearsMusic(colleague);
    await agent.act('swap');
    await hears(agent, COLLEAGUE);
    await hears(colleague, AGENT);
    await hearsMusic(caller);
  });

  it('given up, the agent is back with the caller, and no note is owed for the colleague', async () => {
    await consulting();
    await agent.act('hangUp');
    await agent.until((state) => state.calls.length === 1 && state.calls[0]?.phase === 'active', 'back with the caller');
    await hears(agent, CALLER);
    await hears(caller, AGENT);
  });

  it('a colleague who is not reached: the caller waits, and it is said why', async () => {
    await talking();
    await agent.act('consult', { number: '23999999', name: 'Ola' });
    await back('notFound');
    expect((await agent.state()).fault).toBeNull();
    await takesBack();
  });

  it('the colleague hangs up: the caller waits', async () => {
    await consulting();
    await colleague.hangUp();
    await agent.until((state) => state.calls.length === 1 && state.calls[0]?.phase === 'held', 'the caller waits');
    await takesBack();
  });

  it('the caller hangs up: the agent goes on speaking with the colleague, and the note is the caller’s', async () => {
    await consulting();
    await caller.hangUp();
    const { calls, wrapUpId } = await agent.until((state) => state.wrapUpId !== null, 'wrap-up');
    expect(calls.map((call) => call.phase)).toEqual(['ended', 'active']);
    expect(wrapUpId).toBe(calls[0]?.id);
    await hears(agent, COLLEAGUE);
    await agent.act('hangUp');
    await agent.until((state) => state.calls.length === 1, 'only the note left');
  });
});

describe('conference', () => {
  async function conferring(): Promise<void> {
    await consulting();
    await agent.act('merge');
    await agent.until((state) => state.calls.every((call) => call.phase === 'conference'), 'a conference');
    await hears(agent, CALLER, COLLEAGUE);
    await hears(caller, AGENT, COLLEAGUE);
    await hears(colleague, AGENT, CALLER);
  }

  it('each of the three hears the two others; muted, the agent is heard by neither', async () => {
    await conferring();
    await agent.act('toggleMute');
    await hears(caller, COLLEAGUE);
    await hears(colleague, CALLER);
    await agent.act('toggleMute');
    await hears(caller, AGENT, COLLEAGUE);
  });

  it('taken apart, the caller speaks with the agent and the colleague waits', async () => {
    await conferring();
    await agent.act('part');
    await hears(agent, CALLER);
    await hears(caller, AGENT);
    await hearsMusic(colleague);
  });

  it('left, it joins the two others', async () => {
    await conferring();
    await agent.act('completeConsult');
    await transferred();
    await hears(caller, COLLEAGUE);
    await hears(colleague, CALLER);
  });

  it('one hangs up: the other two go on', async () => {
    await conferring();
    await colleague.hangUp();
    await agent.until((state) => state.calls.length === 1 && state.calls[0]?.phase === 'active', 'two left');
    await hears(agent, CALLER);
    await hears(caller, AGENT);
  });
});

describe('the exchange is killed', () => {
  it('during a safe transfer: the caller is back at once, heard again, and nothing rings any more', async () => {
    await talking();
    await agent.act('transfer', target);
    await colleague.until((state) => state.state === 'ringing', 'ringing');
    await exchange.server.kill9();
    await back('lost');
    if (!exchange.between) await takesBack();
    await exchange.restart();
    await agent.until((state) => state.line.kind === 'registered', 'registered');
    expect((await agent.state()).calls.every((call) => call.transferLeg === null)).toBe(true);
  });
});
