import { Inviter, SessionState, UserAgent, type Invitation, type Session } from 'sip.js';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startCallers, type Callers, type CallersOptions, type Citizen } from '../../demo/callers/index.ts';
import { Media } from '../../demo/callers/media.ts';
import { Metronome } from '../../demo/callers/metronome.ts';
import { loudness, sound, soundNames } from '../../demo/callers/sound.ts';
import { mediaOf, startTelephone, type Telephone } from '../../demo/callers/telephone.ts';
import { startExchange, type Exchange } from '../../demo/exchange/index.ts';
import { domain } from './raw.ts';

const citizens: readonly Citizen[] = [
  { number: '+4792211334', line: '02180', reason: 'hallo', hello: 'hallo', thanks: 'hallo' },
  { number: null, line: '02180', reason: 'skjult', hello: 'hallo-mann', thanks: 'takk-mann' },
];
const quick = {
  pace: { givesUp: 800, repeats: 300, patience: 60_000, withColleague: 300 },
  colleaguePace: { picksUp: 100, givesUp: 300, patience: 60_000 },
  // So slowly that no test waits for it: they let people call themselves.
  rhythm: { first: [3_600_000, 3_600_000], next: [3_600_000, 3_600_000] },
} satisfies Partial<CallersOptions>;

let exchange: Exchange;
let callers: Callers;
let phone: Telephone;
let calls: Invitation[];
let arrived: () => void;

async function start(options: Partial<CallersOptions> = {}): Promise<void> {
  exchange = await startExchange({
    domain,
    accounts: [
      { user: 'agent', password: 'a' },
      { user: 'outside', password: 'o', gateway: true },
      { user: 'inside', password: 'i', gateway: true },
    ],
    lines: [{ number: '02180', name: 'Sentralbordet', agents: ['agent'], waitedSeconds: () => 5 }],
    resolve: (number) => (number.startsWith('+4722') ? 'inside' : null),
  });
  callers = await startCallers({
    exchange,
    outside: { user: 'outside', password: 'o' },
    inside: { user: 'inside', password: 'i' },
    agent: 'agent',
    citizens,
    colleague: (number) => ({
      temper: number.endsWith('1') ? 'busy' : number.endsWith('2') ? 'doesNotAnswer' : 'answers',
      greeting: 'kollega',
    }),
    ...quick,
    ...options,
  });
  calls = [];
  phone = await startTelephone({
    server: exchange.url,
    domain,
    user: 'agent',
    password: 'a',
    onInvite: (invitation) => {
      calls.push(invitation);
      arrived();
    },
  });
}

/** The next call that reaches the agent. */
async function nextCall(): Promise<Invitation> {
  if (calls.length === 0) {
    await new Promise<void>((resolve) => {
      arrived = resolve;
    });
  }
  const call = calls.shift();
  if (!call) throw new Error('no call');
  return call;
}

async function reaches(session: Session, state: SessionState): Promise<void> {
  if (session.state === state) return;
  await new Promise<void>((resolve) => {
    session.stateChange.addListener((now) => now === state && resolve());
  });
}

async function answered(): Promise<Invitation> {
  expect(callers.callNow()).toBe(true);
  const call = await nextCall();
  await call.accept();
  await reaches(call, SessionState.Established);
  // SIP.js drops a REFER that arrives before the other side has taken the answer in: who is heard has.
  await expect.poll(() => mediaOf(call)?.heard.packets, { timeout: 10_000 }).toBeGreaterThan(0);
  return call;
}

/** Transfers and gives what the NOTIFYs said: status and subscription state. */
async function transfer(call: Session, number: string): Promise<readonly (readonly [string, string])[]> {
  const progress: [string, string][] = [];
  const target = UserAgent.makeURI(`sip:${number}@${domain}`);
  if (!target) throw new Error('not an address');
  await new Promise<void>((resolve, reject) => {
    call
      .refer(target, {
        requestDelegate: { onReject: ({ message }) => reject(new Error(String(message.statusCode))) },
        onNotify(notification) {
          void notification.accept();
          const [, status = ''] = notification.request.body.split(' ');
          const state = notification.request.getHeader('Subscription-State')?.split(';')[0] ?? '';
          progress.push([status, state]);
          if (Number(status) >= 200) resolve();
        },
      })
      .catch(reject);
  });
  return progress;
}

beforeEach(() => {
  arrived = () => undefined;
});
afterEach(async () => {
  await phone.stop();
  await callers.stop();
  await exchange.stop();
});

test('a citizen calls with number, line and wait, and is heard by the agent, and hears the agent', async () => {
  await start();
  const call = await answered();
  expect(call.remoteIdentity.uri.user).toBe('+4792211334');
  expect(call.request.getHeader('X-Queue')).toBe('Sentralbordet');
  expect(call.request.getHeader('X-Wait')).toBe('5');
  await expect.poll(() => mediaOf(call)?.heard.loudest, { timeout: 10_000 }).toBeGreaterThan(0.05);
  await call.bye();
  await expect.poll(() => exchange.isInCall('agent')).toBe(false);
});

test('who withholds the number is anonymous', async () => {
  await start({ citizens: citizens.slice(1) });
  const call = await answered();
  expect(call.remoteIdentity.uri.toString()).toBe('sip:anonymous@anonymous.invalid');
  expect(call.request.getHeader('Privacy')).toBe('id');
});

test('nobody answers: the citizen gives up, and the ringing ends', async () => {
  await start();
  callers.callNow();
  const call = await nextCall();
  await call.progress({ statusCode: 180 });
  expect(callers.callNow()).toBe(false);
  await reaches(call, SessionState.Terminated);
  await expect.poll(() => exchange.isInCall('agent')).toBe(false);
  await expect.poll(() => callers.callNow()).toBe(true);
});

test('nobody is called who is not there', async () => {
  await start();
  await phone.stop();
  await expect.poll(() => exchange.isRegistered('agent')).toBe(false);
  expect(callers.callNow()).toBe(false);
});

test('a transfer goes through with its progress, and the citizen talks to the colleague until both are done', async () => {
  await start();
  const call = await answered();
  expect(await transfer(call, '+4722000000')).toEqual([
    ['100', 'active'],
    ['180', 'active'],
    ['200', 'terminated'],
  ]);
  await call.bye();
  expect(exchange.isInCall('inside')).toBe(true);
  await expect.poll(() => exchange.isInCall('inside'), { timeout: 30_000 }).toBe(false);
});

test.each([
  ['busy', '+4722000001', ['100', '486']],
  ['not answering', '+4722000002', ['100', '180', '480']],
  ['not existing', '+4733000000', ['100', '404']],
])('a colleague %s: the transfer is refused, and the citizen is still there and speaks', async (_, number, statuses) => {
  await start();
  const call = await answered();
  expect((await transfer(call, number)).map(([status]) => status)).toEqual(statuses);
  expect(call.state).toBe(SessionState.Established);
  const { packets } = mediaOf(call)?.heard ?? { packets: 0 };
  await expect.poll(() => mediaOf(call)?.heard.packets).toBeGreaterThan(packets);
  expect((await transfer(call, '+4722000000')).at(-1)).toEqual(['200', 'terminated']);
});

test('a colleague who is dialled answers and greets', async () => {
  await start();
  const target = UserAgent.makeURI(`sip:+4722000000@${domain}`);
  if (!target) throw new Error('not an address');
  const call = new Inviter(phone.agent, target);
  await call.invite();
  await reaches(call, SessionState.Established);
  await expect.poll(() => mediaOf(call)?.heard.loudest, { timeout: 10_000 }).toBeGreaterThan(0.05);
  await call.bye();
});

test('people call by themselves, but never into a call', async () => {
  await start({ rhythm: { first: [50, 50], next: [50, 50] } });
  const first = await nextCall();
  await first.accept();
  await reaches(first, SessionState.Established);
  await expect.poll(() => mediaOf(first)?.heard.packets ?? 0, { timeout: 10_000 }).toBeGreaterThan(50);
  expect(calls).toEqual([]);
  await first.bye();
  await (await nextCall()).reject();
});

/** Offer and answer between two parties; `change` is what a hold does to the offer. */
async function negotiate(from: Media, to: Media, change: (sdp: string) => string = (sdp) => sdp): Promise<string> {
  const offer = await from.getDescription();
  await to.setDescription(change(offer.body));
  const answer = await to.getDescription();
  await from.setDescription(answer.body);
  return /^a=(sendrecv|sendonly|recvonly|inactive)/m.exec(answer.body)?.[1] ?? '';
}

test.each(['sendonly', 'inactive'])('on hold (%s) a phrase waits, and goes on afterwards', async (direction) => {
  await start();
  const metronome = new Metronome();
  const [agent, citizen] = [new Media(metronome), new Media(metronome)];
  await negotiate(agent, citizen);
  await expect.poll(() => agent.heard.packets, { timeout: 10_000 }).toBeGreaterThan(0);
  let said = false;
  const saying = citizen.say(sound('hallo')).then((whole) => {
    said = whole;
    return whole;
  });
  expect(await negotiate(agent, citizen, (sdp) => sdp.replace('a=sendrecv', `a=${direction}`))).toBe(
    direction === 'sendonly' ? 'recvonly' : 'inactive',
  );
  // Longer than the phrase, by the clock that sends it.
  const ticks = (sound('hallo').length / 160) * 1.2;
  await new Promise<void>((resolve) => {
    let passed = 0;
    const stop = metronome.on(() => {
      passed += 1;
      if (passed < ticks) return;
      stop();
      resolve();
    });
  });
  expect(said).toBe(false);
  await negotiate(agent, citizen);
  expect(await saying).toBe(true);
  for (const media of [agent, citizen]) media.close();
  expect(await citizen.say(sound('hallo'))).toBe(false);
});

test('every phrase is there, short, and loud enough', () => {
  for (const name of soundNames) {
    const data = sound(name);
    expect(data.length / 8000).toBeLessThan(10);
    expect(loudness(data), name).toBeGreaterThan(0.03);
  }
});
