import { array, assert, constantFrom, nat, oneof, property, record, sample, string } from 'fast-check';
import { expect, test } from 'vitest';
import { startExchange } from '../../demo/exchange/index.ts';
import { contactKey, parse, splitList, unescapeUser, writeRequest } from '../../demo/exchange/message.ts';
import { domain, RawClient } from './raw.ts';

const valid = [
  `INVITE sip:bo@${domain} SIP/2.0`,
  'Via: SIP/2.0/WS a.invalid;branch=z9hG4bKx, SIP/2.0/WS b.invalid;branch=z9hG4bKy',
  'Max-Forwards: 70',
  `f: "Anna, Å" <sip:anna@${domain}>;tag=1`,
  `t: <sip:bo@${domain}>`,
  'i: call-1',
  'CSeq: 1 INVITE',
  'm: <sip:a@a.invalid;transport=ws>;expires=60',
  'X-Unknown: kept as it is, commas and all',
  'Subject: folded',
  ' over two lines',
  'Content-Length: 0',
].join('\r\n');

/** Something that once was SIP: bytes changed, cut out, doubled, or put in. */
const damaged = array(
  record({
    at: nat(valid.length),
    cut: nat(20),
    put: oneof(string({ unit: 'binary', maxLength: 12 }), constantFrom('\r\n', ';', '<', '"', ':', '\0', '<<<<', 'sip:%zz@')),
  }),
  { minLength: 1, maxLength: 6 },
).map((changes) =>
  changes.reduce((text, { at, cut, put }) => text.slice(0, at) + put + text.slice(at + cut), `${valid}\r\n\r\n`),
);

test('reads a message: list headers one a row, compact names long, folded lines whole, the rest untouched', () => {
  const message = parse(`${valid}\r\n\r\nbody`);
  expect(message).toMatchObject({
    kind: 'request',
    method: 'INVITE',
    branch: 'z9hG4bKx',
    callId: 'call-1',
    cseq: 1,
    fromUser: 'anna',
    toTag: null,
  });
  expect(message?.headers.map((h) => `${h.name}: ${h.value}`)).toEqual([
    'Via: SIP/2.0/WS a.invalid;branch=z9hG4bKx',
    'Via: SIP/2.0/WS b.invalid;branch=z9hG4bKy',
    'Max-Forwards: 70',
    `From: "Anna, Å" <sip:anna@${domain}>;tag=1`,
    `To: <sip:bo@${domain}>`,
    'Call-ID: call-1',
    'CSeq: 1 INVITE',
    'Contact: <sip:a@a.invalid;transport=ws>;expires=60',
    'X-Unknown: kept as it is, commas and all',
    'Subject: folded over two lines',
    'Content-Length: 0',
  ]);
});

test('what is written is read back alike', () => {
  const message = parse(`${valid}\r\n\r\nbody`);
  if (message?.kind !== 'request') throw new Error('not read');
  const again = parse(writeRequest('INVITE', message.uri, message.headers, 'æøå'));
  expect(again?.headers.filter((h) => h.name !== 'Content-Length')).toEqual(
    message.headers.filter((h) => h.name !== 'Content-Length'),
  );
  expect(again?.body).toBe('æøå');
});

test.each([
  '',
  '\r\n\r\n',
  'GET / HTTP/1.1\r\n\r\n',
  `${valid.replace('CSeq: 1 INVITE', 'CSeq: 1 BYE')}\r\n\r\n`,
  `${valid.replace(/^f:.*$/m, 'f: <sip:x>')}\r\n\r\n`,
])('what a proxy cannot use is nothing: %j', (text) => expect(parse(text)).toBeNull());

test('no text whatever makes the parser throw', () => {
  assert(
    property(oneof(damaged, string({ unit: 'binary', maxLength: 300 })), (text) => {
      const message = parse(text);
      if (message) expect(typeof message.branch).toBe('string');
      splitList(text);
      contactKey(text);
      unescapeUser(text);
    }),
    { numRuns: 2000 },
  );
});

test('no frame whatever takes the exchange down, and a good one is still answered', async () => {
  const exchange = await startExchange({
    domain,
    accounts: [{ user: 'anna', password: 'secret' }],
    lines: [],
    resolve: () => null,
  });
  try {
    const client = await RawClient.connect(exchange.url);
    expect((await client.register('anna', 'secret')).status).toBe(200);
    for (const text of sample(oneof(damaged, string({ unit: 'binary', maxLength: 200 })), 1500)) client.sendText(text);
    client.sendText(`${valid}\r\nX-Deep: ${'('.repeat(50_000)}\r\n\r\n`);
    client.request({ method: 'OPTIONS', uri: `sip:${domain}`, from: 'anna', to: 'anna' });
    for (;;) {
      const answer = await client.final('OPTIONS');
      if (answer.fromUser === 'anna' && answer.status === 200) break;
    }
    // Larger than any message may be: that connection ends, the exchange does not.
    client.sendText('x'.repeat(100_000));
    const other = await RawClient.connect(exchange.url);
    expect((await other.register('anna', 'secret')).status).toBe(200);
    other.close();
  } finally {
    await exchange.stop();
  }
});

test('only clients that speak SIP get a connection', async () => {
  const exchange = await startExchange({ domain, accounts: [], lines: [], resolve: () => null });
  const { WebSocket } = await import('ws');
  const failure = await new Promise<Error>((resolve) => new WebSocket(exchange.url, 'chat').once('error', resolve));
  expect(failure.message).toContain('401');
  await exchange.stop();
});
