import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startExchange, type Account, type Exchange, type ExchangeEvent } from '../../demo/exchange/index.ts';
import { addressOf, header, headersOf } from '../../demo/exchange/message.ts';
import { domain, RawClient } from './raw.ts';

const accounts: readonly Account[] = [
  ...['anna', 'bo', 'kari'].map((user) => ({ user, password: `${user}-secret` })),
  { user: 'gate', password: 'gate-secret', gateway: true },
];
let exchange: Exchange;
let events: ExchangeEvent[];
const clients: RawClient[] = [];

async function client(user?: string): Promise<RawClient> {
  const made = await RawClient.connect(exchange.url);
  clients.push(made);
  if (user) expect((await made.register(user, `${user}-secret`)).status).toBe(200);
  return made;
}

async function start(timers?: { b: number; c: number; f: number }): Promise<void> {
  exchange = await startExchange({
    domain,
    accounts,
    lines: [{ number: '02180', name: 'Fagopplæring', agents: ['anna', 'bo'], waitedSeconds: () => 42 }],
    resolve: (number) => (number.startsWith('+4722') ? 'gate' : null),
    ...(timers ? { timers } : {}),
  });
  events = [];
  exchange.on((event) => events.push(event));
}

beforeEach(() => start());
afterEach(async () => {
  for (const c of clients.splice(0)) c.close();
  await exchange.stop();
});

const invite = (to: string, from = 'anna') => ({ method: 'INVITE', uri: `sip:${to}@${domain}`, from, to });

describe('registrar', () => {
  test('the right password registers, and the contact is given back with its expiry', async () => {
    const anna = await RawClient.connect(exchange.url);
    clients.push(anna);
    const answer = await anna.register('anna', 'anna-secret', ['Expires: 77']);
    expect(answer.status).toBe(200);
    expect(header(answer, 'Contact')).toBe(`<${anna.contact}>;expires=77`);
    expect(exchange.isRegistered('anna')).toBe(true);
    expect(events).toEqual([{ type: 'registered', user: 'anna' }]);
  });

  test.each([
    ['anna', 'wrong', 401],
    ['nobody', 'anna-secret', 401],
  ])('%s with password %s is challenged again', async (user, password, status) => {
    const anna = await client();
    const answer = await anna.register(user, password);
    expect(answer.status).toBe(status);
    expect(header(answer, 'WWW-Authenticate')).not.toContain('stale');
    expect(exchange.isRegistered(user)).toBe(false);
  });

  test('a stranger’s address cannot be registered with one’s own password', async () => {
    const anna = await client();
    const base = { method: 'REGISTER', uri: `sip:${domain}`, from: 'bo', to: 'bo', callId: 'x' };
    anna.request(base);
    const challenge = await anna.final('REGISTER');
    anna.request({ ...base, cseq: 2, extra: [anna.authorization(challenge, 'anna', 'anna-secret')] });
    expect((await anna.final('REGISTER')).status).toBe(403);
  });

  test('an answer to a challenge serves once', async () => {
    const anna = await client();
    const base = { method: 'REGISTER', uri: `sip:${domain}`, from: 'anna', to: 'anna', callId: 'x' };
    anna.request(base);
    const challenge = await anna.final('REGISTER');
    const proof = anna.authorization(challenge, 'anna', 'anna-secret');
    anna.request({ ...base, cseq: 2, extra: [proof] });
    expect((await anna.final('REGISTER')).status).toBe(200);
    anna.request({ ...base, cseq: 3, extra: [proof] });
    const again = await anna.final('REGISTER');
    expect(again.status).toBe(401);
    expect(header(again, 'WWW-Authenticate')).toContain('stale=true');
  });

  test('too short an expiry is refused with the shortest that goes', async () => {
    const answer = await (await client()).register('anna', 'anna-secret', ['Expires: 3']);
    expect([answer.status, header(answer, 'Min-Expires')]).toEqual([423, '10']);
  });

  test('a closed connection and an expiry of nought both end it', async () => {
    const first = await client('anna');
    const second = await client('anna');
    first.close();
    await second.register('anna', 'anna-secret', ['Expires: 0']);
    await expect.poll(() => exchange.isRegistered('anna')).toBe(false);
    expect(events.map((e) => e.type)).toEqual(['registered', 'unregistered']);
  });
});

describe('whom a call reaches', () => {
  test.each([
    ['a number that nobody has', '+4755000000', 404],
    ['a user who is not there', 'kari', 480],
    ['a directory number whose gateway is away', '+4722000000', 480],
    ['another domain’s user', 'x', 404],
  ])('%s', async (_, to, status) => {
    const anna = await client('anna');
    anna.request({ ...invite(to), ...(to === 'x' ? { uri: 'sip:x@elsewhere.test' } : {}) });
    expect((await anna.final('INVITE')).status).toBe(status);
  });

  test('who has not signed in cannot call, and nobody calls in another’s name', async () => {
    const stranger = await client();
    await client('bo');
    stranger.request(invite('bo'));
    expect((await stranger.final('INVITE')).status).toBe(403);
    const anna = await client('anna');
    anna.request(invite('bo', 'kari'));
    expect((await anna.final('INVITE')).status).toBe(403);
  });

  test('a service line rings every agent, with the line’s name and the wait, which a caller cannot forge', async () => {
    const [anna, bo, gate] = [await client('anna'), await client('bo'), await client('gate')];
    gate.request({ ...invite('02180', '+4792211334'), extra: ['X-Queue: Forged', 'X-Wait: 0'] });
    for (const agent of [anna, bo]) {
      const ringing = await agent.receive('INVITE');
      expect(headersOf(ringing, 'X-Queue')).toEqual(['Fagopplæring']);
      expect(headersOf(ringing, 'X-Wait')).toEqual(['42']);
      expect(ringing.fromUser).toBe('+4792211334');
      expect(ringing.uri).toBe(agent.contact);
    }
  });

  test('a request that has gone round too often ends', async () => {
    const anna = await client('anna');
    await client('bo');
    const text = `INVITE sip:bo@${domain} SIP/2.0\r\nVia: SIP/2.0/WS x.invalid;branch=z9hG4bKhop\r\nMax-Forwards: 0\r\nFrom: <sip:anna@${domain}>;tag=a\r\nTo: <sip:bo@${domain}>\r\nCall-ID: hop\r\nCSeq: 1 INVITE\r\n\r\n`;
    anna.sendText(text);
    expect((await anna.final('INVITE')).status).toBe(483);
  });

  test('the exchange answers OPTIONS to itself, and a keep-alive', async () => {
    const anna = await client('anna');
    anna.request({ method: 'OPTIONS', uri: `sip:${domain}`, from: 'anna', to: 'anna' });
    expect((await anna.final('OPTIONS')).status).toBe(200);
    anna.request({ method: 'PUBLISH', uri: `sip:anna@${domain}`, from: 'anna', to: 'anna' });
    expect((await anna.final('PUBLISH')).status).toBe(489);
  });
});

describe('a call', () => {
  test('rings, is answered, and both sides end up in one dialog through the exchange', async () => {
    const [anna, bo] = [await client('anna'), await client('bo')];
    anna.request({ ...invite('bo'), body: 'v=0\r\n', extra: ['Content-Type: application/sdp'] });
    await anna.status(100);
    const ringing = await bo.receive('INVITE');
    expect(ringing.body).toBe('v=0\r\n');
    expect(header(ringing, 'Max-Forwards')).toBe('69');
    expect(headersOf(ringing, 'Via')).toHaveLength(2);
    expect(headersOf(ringing, 'Record-Route')).toHaveLength(1);
    bo.respond(ringing, 180, 'Ringing');
    const progress = await anna.status(180);
    expect(headersOf(progress, 'Via')).toHaveLength(1);
    expect(exchange.isInCall('bo')).toBe(true);
    bo.respond(ringing, 200, 'OK');
    const answer = await anna.final('INVITE');
    anna.within('ACK', answer, 1);
    const ack = await bo.receive('ACK');
    expect(headersOf(ack, 'Route')).toEqual([]);
    // The callee ends it: over the route that the INVITE brought.
    bo.request({
      method: 'BYE',
      uri: addressOf(header(ringing, 'Contact') ?? ''),
      from: 'bo',
      to: 'anna',
      toTag: ringing.fromTag,
      callId: ringing.callId,
      extra: headersOf(ringing, 'Record-Route').map((route) => `Route: ${route}`),
    });
    anna.respond(await anna.receive('BYE'), 200, 'OK');
    expect((await bo.final('BYE')).status).toBe(200);
    expect(exchange.isInCall('bo')).toBe(false);
    expect(exchange.pending().branches).toBe(0);
  });

  test('that is refused is acknowledged hop by hop, and leaves nothing behind', async () => {
    const [anna, bo] = [await client('anna'), await client('bo')];
    const sent = anna.request(invite('bo'));
    bo.respond(await bo.receive('INVITE'), 486, 'Busy Here');
    const refusal = await anna.final('INVITE');
    expect(refusal.status).toBe(486);
    expect((await bo.receive('ACK')).cseqMethod).toBe('ACK');
    const before = exchange.pending().transactions;
    anna.request({ ...invite('bo'), ...sent, method: 'ACK', toTag: refusal.toTag ?? '' });
    await expect.poll(() => exchange.pending().transactions).toBe(before - 1);
    expect(exchange.pending().branches).toBe(0);
    expect(bo.unread).toEqual([]);
    expect(exchange.isInCall('anna')).toBe(false);
  });

  test('answered at one place stops ringing at the other, which is told why', async () => {
    const [anna, one, two] = [await client('anna'), await client('bo'), await client('bo')];
    anna.request(invite('bo'));
    const [atOne, atTwo] = [await one.receive('INVITE'), await two.receive('INVITE')];
    one.respond(atOne, 180, 'Ringing');
    two.respond(atTwo, 180, 'Ringing');
    two.respond(atTwo, 200, 'OK');
    expect((await anna.final('INVITE')).status).toBe(200);
    const cancel = await one.receive('CANCEL');
    expect(header(cancel, 'Reason')).toContain('Call completed elsewhere');
    expect(cancel.branch).toBe(atOne.branch);
    one.respond(cancel, 200, 'OK');
    one.respond(atOne, 487, 'Request Terminated');
    await one.receive('ACK');
    await expect.poll(() => exchange.pending().branches).toBe(0);
    expect(anna.unread.filter((m) => m.kind === 'response' && m.status >= 300)).toEqual([]);
  });

  test('that both places refuse fails with the answer that says most', async () => {
    const [anna, one, two] = [await client('anna'), await client('bo'), await client('bo')];
    anna.request(invite('bo'));
    one.respond(await one.receive('INVITE'), 480, 'Temporarily Unavailable');
    two.respond(await two.receive('INVITE'), 486, 'Busy Here');
    expect((await anna.final('INVITE')).status).toBe(486);
  });
});

describe('a call that is cancelled', () => {
  test('while it rings ends on both sides', async () => {
    const [anna, bo] = [await client('anna'), await client('bo')];
    const sent = anna.request(invite('bo'));
    const ringing = await bo.receive('INVITE');
    bo.respond(ringing, 180, 'Ringing');
    await anna.status(180);
    anna.request({ ...invite('bo'), ...sent, method: 'CANCEL', extra: ['Reason: SIP;cause=600'] });
    expect((await anna.final('CANCEL')).status).toBe(200);
    const cancel = await bo.receive('CANCEL');
    expect(header(cancel, 'Reason')).toBe('SIP;cause=600');
    bo.respond(cancel, 200, 'OK');
    bo.respond(ringing, 487, 'Request Terminated');
    expect((await anna.final('INVITE')).status).toBe(487);
    expect(exchange.isInCall('bo')).toBe(false);
  });

  test('before anything was heard of the other side is cancelled there as soon as something is', async () => {
    const [anna, bo] = [await client('anna'), await client('bo')];
    const sent = anna.request(invite('bo'));
    const ringing = await bo.receive('INVITE');
    anna.request({ ...invite('bo'), ...sent, method: 'CANCEL' });
    await anna.final('CANCEL');
    expect(bo.unread).toEqual([]);
    bo.respond(ringing, 100, 'Trying');
    await bo.receive('CANCEL');
    bo.respond(ringing, 487, 'Request Terminated');
    expect((await anna.final('INVITE')).status).toBe(487);
  });

  test('in the moment of the answer is answered: the caller hears it and hangs up', async () => {
    const [anna, bo] = [await client('anna'), await client('bo')];
    const sent = anna.request(invite('bo'));
    const ringing = await bo.receive('INVITE');
    bo.respond(ringing, 180, 'Ringing');
    anna.request({ ...invite('bo'), ...sent, method: 'CANCEL' });
    bo.respond(ringing, 200, 'OK');
    const answer = await anna.final('INVITE');
    expect(answer.status).toBe(200);
    anna.within('ACK', answer, 1);
    await bo.receive('ACK');
    anna.within('BYE', answer, 2);
    bo.respond(await bo.receive('BYE'), 200, 'OK');
    expect((await anna.final('BYE')).status).toBe(200);
  });

  test('that does not exist is said so', async () => {
    const anna = await client('anna');
    anna.request({ ...invite('bo'), method: 'CANCEL' });
    expect((await anna.final('CANCEL')).status).toBe(481);
  });
});

describe('a connection that dies', () => {
  test('takes a ringing callee away: the caller is told', async () => {
    const [anna, bo] = [await client('anna'), await client('bo')];
    anna.request(invite('bo'));
    await bo.receive('INVITE');
    bo.close();
    expect((await anna.final('INVITE')).status).toBe(480);
  });

  test('takes a caller away: the ringing ends', async () => {
    const [anna, bo] = [await client('anna'), await client('bo')];
    anna.request(invite('bo'));
    const ringing = await bo.receive('INVITE');
    bo.respond(ringing, 180, 'Ringing');
    await anna.status(180);
    anna.close();
    await bo.receive('CANCEL');
    await expect.poll(() => exchange.isInCall('bo')).toBe(false);
  });

  test('and comes back takes its calls along: the contact moves to the new connection', async () => {
    const [anna, bo] = [await client('anna'), await client('bo')];
    anna.request(invite('bo'));
    bo.respond(await bo.receive('INVITE'), 200, 'OK');
    const answer = await anna.final('INVITE');
    anna.within('ACK', answer, 1);
    await bo.receive('ACK');
    bo.close();
    await expect.poll(() => exchange.isRegistered('bo')).toBe(false);
    const back = await RawClient.connect(exchange.url);
    clients.push(back);
    Object.assign(back, { contact: bo.contact });
    expect((await back.register('bo', 'bo-secret')).status).toBe(200);
    anna.within('INVITE', answer, 2);
    expect((await back.receive('INVITE')).toTag).toBe(answer.toTag);
  });
});

describe('silence', () => {
  beforeEach(async () => {
    await exchange.stop();
    await start({ b: 150, c: 150, f: 150 });
  });

  test.each([
    ['from the beginning', false],
    ['after ringing', true],
  ])('of the callee %s ends the call with 408', async (_, rings) => {
    const [anna, bo] = [await client('anna'), await client('bo')];
    anna.request(invite('bo'));
    const ringing = await bo.receive('INVITE');
    if (rings) bo.respond(ringing, 180, 'Ringing');
    expect((await anna.final('INVITE')).status).toBe(408);
    if (rings) await bo.receive('CANCEL');
    await expect.poll(() => exchange.pending()).toEqual({ transactions: 0, branches: 0 });
  });

  test('to a message ends with 408', async () => {
    const [anna, bo] = [await client('anna'), await client('bo')];
    anna.request({ ...invite('bo'), method: 'MESSAGE', body: 'hei' });
    await bo.receive('MESSAGE');
    expect((await anna.final('MESSAGE')).status).toBe(408);
  });
});
