import { on, once } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startHost, type Host } from '../../host/start.ts';
import { freePort } from '../lab/process.ts';
import { enter, get, listeningLog, realHost, type LogLine } from './host-setup.ts';

const open: Host[] = [];

async function start(...options: Parameters<typeof realHost>) {
  const started = await realHost(...options);
  open.push(started.host);
  return started;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((host) => host.close()));
});

const refusals = (lines: readonly LogLine[]) =>
  lines.filter(({ event }) => event === 'host.refused').map(({ details }) => details?.['reason']);

describe('who is let in', () => {
  it('takes the token of the address once, for a cookie that scripts and other sites cannot use', async () => {
    const { host, lines } = await start();
    const url = new URL(host.url);
    expect(url.hostname).toBe('127.0.0.1');
    const port = Number(url.port);

    const first = await get(port, url.pathname + url.search);
    expect(first.status).toBe(303);
    expect(first.headers.location).toBe('/');
    expect(first.headers['set-cookie']?.[0]).toMatch(/^samband-\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);

    const second = await get(port, url.pathname + url.search);
    expect(second.status).toBe(403);
    expect(second.headers['set-cookie']).toBeUndefined();
    expect(refusals(lines)).toEqual(['token']);
  });

  it('gives out further addresses, each good once', async () => {
    const { host } = await start();
    const { port } = await enter(host);
    const another = host.issueAddress();
    expect(another).not.toBe(host.url);
    const { cookie } = await enter(host, another);
    expect((await get(port, '/', { Cookie: cookie })).status).toBe(200);
  });

  it.each([
    ['no cookie', {}, 'cookie'],
    ['a made-up cookie', { Cookie: 'samband=1; samband-1=2' }, 'cookie'],
    ['a made-up token', { path: '/?token=AAAA' }, 'token'],
    ['an empty token', { path: '/?token=' }, 'token'],
  ] as const)('refuses %s', async (_name, { path = '/', ...headers }: { path?: string; Cookie?: string }, reason) => {
    const { host, lines } = await start();
    const answer = await get(Number(new URL(host.url).port), path, headers);
    expect(answer.status).toBe(403);
    expect(refusals(lines)).toEqual([reason]);
    expect(JSON.stringify(lines)).not.toContain(new URL(host.url).searchParams.get('token'));
  });

  it('refuses a name that was bent to this machine (DNS rebinding), even with the cookie', async () => {
    const { host, lines } = await start();
    const { port, cookie } = await enter(host);
    for (const name of [`evil.example:${port}`, `localhost:${port}`, '127.0.0.1', `127.0.0.1:${port + 1}`]) {
      expect((await get(port, '/', { Cookie: cookie, Host: name })).status).toBe(403);
    }
    expect(refusals(lines)).toEqual(['host', 'host', 'host', 'host']);
    expect((await get(port, new URL(host.issueAddress()).pathname, { Host: 'evil.example' })).status).toBe(403);
  });

  it('listens on loopback only', async () => {
    const { host } = await start();
    expect(new URL(host.url).hostname).toBe('127.0.0.1');
    // A second address of this machine's loopback is not listened on either.
    const elsewhere = new WebSocket(`ws://127.0.0.2:${new URL(host.url).port}/wire`);
    const [error] = await once(elsewhere, 'error');
    expect(error).toMatchObject({ code: 'ECONNREFUSED' });
  });
});

describe('what is served', () => {
  let host: Host;
  let port: number;
  let cookie: string;

  beforeAll(async () => {
    ({ host } = await realHost());
    ({ port, cookie } = await enter(host));
  });

  afterAll(() => host.close());

  it('serves the page with the bridge before everything else, and the headers on everything', async () => {
    const page = await get(port, '/', { Cookie: cookie });
    expect(page.status).toBe(200);
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(page.body.indexOf('/samband-bridge.js')).toBeGreaterThan(0);
    expect(page.body.indexOf('/samband-bridge.js')).toBeLessThan(page.body.indexOf('./assets/index-abc.js'));
    expect(page.body).not.toMatch(/<script(?![^>]*\ssrc=)/);
    for (const path of ['/', '/samband-bridge.js', '/assets/index-abc.js', '/no-such-file', '/elsewhere']) {
      const { headers } = await get(port, path, { Cookie: cookie });
      expect(headers['content-security-policy']).toContain("default-src 'none'");
      expect(headers['content-security-policy']).not.toContain('unsafe-inline');
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['referrer-policy']).toBe('no-referrer');
    }
    const script = await get(port, '/assets/index-abc.js', { Cookie: cookie });
    expect(script.headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect(script.headers['cache-control']).toContain('immutable');
    expect((await get(port, '/assets/ring-abc.wav', { Cookie: cookie })).headers['content-type']).toBe('audio/wav');
  });

  it.each([
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/%2e%2e%2fsecret.txt',
    '/..%5csecret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/link.txt',
    '/assets/up/secret.txt',
    '/assets',
    '/assets/',
    '/%00',
    '/%',
    '//127.0.0.1/secret.txt',
    '/package.json',
  ])('does not serve %s', async (path) => {
    const answer = await get(port, path, { Cookie: cookie });
    expect(answer.status).toBe(404);
    expect(answer.body).toBe('Not found');
  });

  it('answers no other method', async () => {
    expect((await get(port, '/', { Cookie: cookie }, 'POST')).status).toBe(405);
    expect((await get(port, '/wire', { Cookie: cookie }, 'DELETE')).status).toBe(405);
  });
});

describe('the line', () => {
  const inbox = new WeakMap<WebSocket, ReturnType<typeof on>>();

  async function connect(host: Host, headers: Readonly<Record<string, string>>, path = '/wire'): Promise<WebSocket | number> {
    const socket = new WebSocket(`ws://127.0.0.1:${new URL(host.url).port}${path}`, { headers });
    // From the beginning: the welcome comes in one packet with the handshake's answer.
    inbox.set(socket, on(socket, 'message', { close: ['close'] }));
    return new Promise((resolve, reject) => {
      socket.once('open', () => resolve(socket));
      socket.once('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
      socket.once('error', reject);
    });
  }

  /** The socket after its welcome, a way to ask, and what comes, in order. */
  async function line(host: Host) {
    const { port, cookie } = await enter(host, host.issueAddress());
    const socket = await connect(host, { Cookie: cookie, Origin: `http://127.0.0.1:${port}` });
    if (typeof socket === 'number') throw new Error(`refused with ${socket}`);
    const messages = inbox.get(socket);
    const next = async () => String((await messages?.next())?.value?.[0]);
    expect(await next()).toBe('welcome');
    /** The next message of that kind and name; the services have other things to tell, too. */
    const heard = async (kind: 'answer' | 'event', name: string | number): Promise<unknown> => {
      for (;;) {
        const message: unknown = JSON.parse(await next());
        if (Array.isArray(message) && message[0] === kind && message[1] === name) return message;
      }
    };
    return {
      socket,
      heard,
      ask: (id: number, name: string, input: unknown): Promise<unknown> => {
        socket.send(JSON.stringify([id, name, input]));
        return heard('answer', id);
      },
    };
  }

  it('carries calls to the real services, and their faults as values', async () => {
    const { host } = await start();
    const { ask } = await line(host);
    expect(await ask(7, 'session.start', null)).toMatchObject(['answer', 7, { ok: true, value: { version: '0.0.0-test' } }]);
    expect(await ask(8, 'no.such', null)).toMatchObject(['answer', 8, { ok: false, error: { code: 'unknown-call' } }]);
    expect(await ask(9, 'window.attention', { wanted: 1 })).toMatchObject([
      'answer',
      9,
      { ok: false, error: { code: 'invalid-input' } },
    ]);
  });

  it('brings events, and the number of a link once the page has begun', async () => {
    const { host } = await start({ dial: '+4722051014' });
    const { ask, heard } = await line(host);
    expect(await ask(1, 'session.start', null)).toMatchObject(['answer', 1, { ok: true }]);
    expect(await heard('event', 'dial.requested')).toEqual(['event', 'dial.requested', { number: '+4722051014' }]);
  });

  it.each([
    ['another origin', (_port: number) => ({ Origin: 'http://evil.example' }), 'origin'],
    ['no origin', () => ({}), 'origin'],
    ['another port of this machine', (port: number) => ({ Origin: `http://127.0.0.1:${port + 1}` }), 'origin'],
    ['https instead', (port: number) => ({ Origin: `https://127.0.0.1:${port}` }), 'origin'],
    ['another host', (port: number) => ({ Origin: `http://127.0.0.1:${port}`, Host: 'evil.example' }), 'host'],
    ['no cookie', (port: number) => ({ Origin: `http://127.0.0.1:${port}`, Cookie: 'x=1' }), 'cookie'],
  ])('is refused to %s', async (_name, headersOf: (port: number) => Record<string, string>, reason) => {
    const { host, lines } = await start();
    const { port, cookie } = await enter(host);
    expect(await connect(host, { Cookie: cookie, ...headersOf(port) })).toBe(403);
    expect(refusals(lines)).toEqual([reason]);
  });

  it('is at its own path only', async () => {
    const { host } = await start();
    const { port, cookie } = await enter(host);
    expect(await connect(host, { Cookie: cookie, Origin: `http://127.0.0.1:${port}` }, '/')).toBe(403);
  });

  it('is kept by the window that has it: a second one is sent away', async () => {
    const { host, lines } = await start();
    const first = await line(host);
    const { port, cookie } = await enter(host, host.issueAddress());
    const second = await connect(host, { Cookie: cookie, Origin: `http://127.0.0.1:${port}` });
    if (typeof second === 'number') throw new Error('refused at the gate');
    const [code] = await once(second, 'close');
    expect(code).toBe(4009);
    expect(lines.some(({ event }) => event === 'host.second-window-refused')).toBe(true);
    expect(await first.ask(1, 'session.start', null)).toMatchObject(['answer', 1, { ok: true }]);
  });

  it('passes to the next window when the first is gone, however it went', async () => {
    const { host } = await start();
    const first = await line(host);
    first.socket.terminate();
    const second = await line(host);
    expect(await second.ask(1, 'session.start', null)).toMatchObject(['answer', 1, { ok: true }]);
    // One that no longer answers a ping (its machine sleeps, its process hangs) has lost the line after a second.
    second.socket.pause();
    const third = await line(host);
    expect(await third.ask(1, 'session.start', null)).toMatchObject(['answer', 1, { ok: true }]);
  });

  it.each([
    ['what is no JSON', 'hello', 4400],
    ['another shape', '{"id":1}', 4400],
    ['an endless name', JSON.stringify([1, 'x'.repeat(101), null]), 4400],
    ['bytes', Buffer.from('[1,"session.start",null]'), 4400],
    ['more than a message may hold', JSON.stringify([1, 'log.write', 'x'.repeat(1_000_001)]), 1009],
  ])('is cut for %s', async (_name, message, expected) => {
    const { host } = await start();
    const { socket } = await line(host);
    socket.send(message);
    const [code] = await once(socket, 'close');
    expect(code).toBe(expected);
  });

  it('ends with the host, and so does the server', async () => {
    const { host } = await start();
    const { socket } = await line(host);
    const closed = once(socket, 'close');
    await host.close();
    await closed;
    await expect(get(Number(new URL(host.url).port), '/')).rejects.toThrow('ECONNREFUSED');
    await host.close();
  });
});

describe('what keeps it from starting', () => {
  it('says when the window is not built, and leaves the data as they were', async () => {
    const { folder, host } = await start();
    await host.close();
    const { log } = listeningLog();
    const options = { folder: `${folder}/data`, settingsFile: `${folder}/settings.json`, policyFile: null, log, version: '0' };
    const missing = await startHost({ ...options, rendererFolder: `${folder}/data` });
    expect(missing).toMatchObject({ ok: false, error: { code: 'not-found' } });
    const again = await startHost({ ...options, rendererFolder: `${folder}/renderer` });
    expect(again.ok).toBe(true);
    if (again.ok) open.push(again.value);
  });

  it('says when the port is taken', async () => {
    const port = await freePort();
    await start({ port });
    await expect(realHost({ port })).rejects.toThrow('conflict');
  });

  it('passes on what is wrong with the settings', async () => {
    const { folder } = await start();
    const { log } = listeningLog();
    const wrong = await startHost({
      folder: `${folder}/other`,
      settingsFile: `${folder}/renderer/index.html`,
      policyFile: null,
      rendererFolder: `${folder}/renderer`,
      log,
      version: '0',
    });
    expect(wrong).toMatchObject({ ok: false, error: { code: 'invalid-input' } });
  });
});
