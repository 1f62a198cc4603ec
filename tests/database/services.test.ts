import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createSilent, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { events, type EventName, type Result } from '#contract';
import { databaseFiles } from '../../main/db/files.ts';
import { startServices, type Services, type ServicesOptions } from '../../main/services/compose.ts';
import { createFileSecrets } from '../../main/services/secrets/index.ts';
import { systemClock, systemRandom } from '../../main/services/system.ts';
import { temporaryFolder } from './folders.ts';
import { callNumber, fingerprint, scribble, workerUrl } from './support.ts';

const folder = temporaryFolder();
const running: Services[] = [];
afterEach(async () => {
  for (const services of running.splice(0)) await services.close();
});

interface Started {
  readonly services: Services;
  readonly at: string;
  /** What the window was told under a name, so far. */
  readonly told: (name: EventName) => unknown[];
  readonly call: (name: string, input?: unknown) => Promise<Result<unknown>>;
}

function optionsFor(at: string, more: Partial<ServicesOptions> = {}): ServicesOptions {
  return {
    folder: join(at, 'data'),
    settingsFile: join(at, 'settings.json'),
    policyFile: join(at, 'policy.json'),
    secrets: createFileSecrets({ folder: join(at, 'secrets') }),
    databaseWorker: workerUrl,
    clock: systemClock,
    random: systemRandom,
    fetch: globalThis.fetch,
    log: { info() {}, warn() {}, error() {} },
    platform: { requestAttention() {} },
    version: '0.0.0',
    checkOutput: true,
    ...more,
  };
}

/** Starts everything under plain Node, as a composition root does; what the window is told is held against its schema. */
async function start(at: string, more: Partial<ServicesOptions> = {}): Promise<Started> {
  const started = await startServices(optionsFor(at, more));
  if (!started.ok) throw new Error(`${started.error.code}: ${started.error.message}`);
  const services = started.value;
  running.push(services);
  const told: { name: EventName; data: unknown }[] = [];
  services.onEvent((name, data) => told.push({ name, data: events[name].parse(data) }));
  const toldOf = (name: EventName) => told.filter((one) => one.name === name).map(({ data }) => data);
  return { services, at, told: toldOf, call: (name, input = null) => services.dispatch(name, input) };
}

const sample = {
  agent: { id: 'agent1', name: 'Kari Ødegård' },
  telephone: {
    uri: 'sip:agent1@lab.test',
    servers: ['wss://sip.lab.test:7443', 'ws://127.0.0.1:5066'],
    greetings: { Barnehage: 'Barnehageinntaket, du snakker med Kari.' },
  },
  policy: { requiredTags: 1, suggestedTags: { '*': ['annet'], Barnehage: ['opptak'] }, answerWithinSeconds: 20 },
  preferences: { language: 'nn' },
};
const note = {
  id: '5f0c7a52-5d0e-4a6e-9f5a-000000000001',
  callId: 'a',
  target: { kind: 'newCase', subject: 'Plass', contactId: null, number: '+4792211334' },
  text: 'Ringer igjen',
  tags: ['opptak'],
};

describe('an empty folder', () => {
  test('is enough to start', async () => {
    const { call, services } = await start(folder());
    expect(await call('session.start')).toMatchObject({
      ok: true,
      value: { demo: false, missingSecrets: [], notices: [], preferences: { fixed: [] }, policy: { requiredTags: 0 } },
    });
    expect(await call('callLog.today')).toEqual({
      ok: true,
      value: { calls: 0, transferred: 0, averageWrapUpSeconds: null, recent: [] },
    });
    expect(await call('telephone.account')).toMatchObject({ ok: false, error: { code: 'not-configured' } });
    expect(await call('pop.open', { callId: 'a', number: '+4792211334' })).toMatchObject({
      ok: true,
      value: { kind: 'unknown' },
    });
    expect(await call('outbox.status')).toMatchObject({ ok: true, value: { pending: 0, parked: 0 } });
    expect(await call('drafts.list')).toEqual({ ok: true, value: [] });
    expect(await call('demo.call')).toMatchObject({ ok: false, error: { code: 'refused' } });
    expect(services.contentSecurityPolicy).toContain("connect-src 'self';");
  });

  test('what is kept is there after the next start', async () => {
    const at = folder();
    const first = await start(at);
    const today = { ...callNumber(1), startedAt: new Date().toISOString(), wrapUpSeconds: 12 };
    expect(await first.call('callLog.add', today)).toEqual({ ok: true, value: null });
    expect(await first.call('callLog.add', { ...today, outcome: 'transferred', wrapUpSeconds: 14 })).toEqual({
      ok: true,
      value: null,
    });
    expect(await first.call('drafts.save', { callId: 'a', target: null, text: 'Hei', tags: ['x'] })).toEqual({
      ok: true,
      value: null,
    });
    expect(await first.call('notes.submit', { ...note, callId: 'b' })).toMatchObject({ ok: true, value: { state: 'pending' } });
    await first.services.close();
    await first.services.close();
    expect(await first.call('callLog.today')).toMatchObject({ ok: false });

    const second = await start(at);
    expect(await second.call('callLog.today')).toMatchObject({
      ok: true,
      value: { calls: 1, transferred: 1, averageWrapUpSeconds: 14 },
    });
    expect(await second.call('drafts.list')).toMatchObject({ ok: true, value: [{ callId: 'a', text: 'Hei' }] });
    expect(await second.call('outbox.status')).toMatchObject({ ok: true, value: { pending: 1 } });
  });
});

describe('settings', () => {
  test('say who the agent is, how the telephone signs in and what the window may reach', async () => {
    const at = folder();
    writeFileSync(join(at, 'settings.json'), JSON.stringify(sample));
    const { call, services } = await start(at);
    expect(await call('session.start')).toMatchObject({
      ok: true,
      value: {
        agent: sample.agent,
        missingSecrets: ['sip'],
        policy: sample.policy,
        preferences: { preferences: { language: 'nn' } },
      },
    });
    expect(await call('telephone.account')).toMatchObject({ ok: false, error: { code: 'secret-missing' } });
    expect(await call('secrets.set', { name: 'sip', value: 'hemmelig' })).toEqual({ ok: true, value: null });
    expect(await call('telephone.account')).toEqual({
      ok: true,
      value: {
        uri: 'sip:agent1@lab.test',
        displayName: 'Kari Ødegård',
        authorizationUser: 'agent1',
        password: 'hemmelig',
        servers: sample.telephone.servers,
        registerExpiresSeconds: 120,
        iceGatheringTimeoutMs: 500,
        headers: { line: 'X-Queue', waitedSeconds: 'X-Wait' },
        greetings: sample.telephone.greetings,
      },
    });
    expect(await call('session.start')).toMatchObject({ ok: true, value: { missingSecrets: [] } });
    expect(services.contentSecurityPolicy).toContain("connect-src 'self' wss://sip.lab.test:7443 ws://127.0.0.1:5066;");
  });

  test('that are wrong are refused before anything is made', async () => {
    const at = folder();
    writeFileSync(join(at, 'settings.json'), '{"telephone": {"uri": "agent1"}}');
    expect(await startServices(optionsFor(at))).toMatchObject({
      ok: false,
      error: { code: 'invalid-input', message: expect.stringContaining('telephone.uri: expected a SIP address') },
    });
    expect(readdirSync(at)).toEqual(['settings.json']);
  });

  test('preferences are changed, told and kept; what the policy fixed is refused', async () => {
    const at = folder();
    writeFileSync(join(at, 'policy.json'), '{"preferences": {"language": "nb"}}');
    const { call, told } = await start(at);
    expect(await call('preferences.change', { theme: 'dark' })).toMatchObject({
      ok: true,
      value: { preferences: { theme: 'dark', language: 'nb' }, fixed: ['language'] },
    });
    expect(told('preferences.changed')).toMatchObject([{ preferences: { theme: 'dark' } }]);
    expect(await call('preferences.change', { language: 'en' })).toMatchObject({ ok: false, error: { code: 'refused' } });
    const again = await start(at, { folder: join(at, 'other') });
    expect(await again.call('session.start')).toMatchObject({
      ok: true,
      value: { preferences: { preferences: { theme: 'dark' } } },
    });
  });

  test('secrets are provisioned once', async () => {
    const at = folder();
    const provisionFile = join(at, 'provision.json');
    writeFileSync(join(at, 'settings.json'), JSON.stringify(sample));
    writeFileSync(provisionFile, '{"secrets": {"sip": "hemmelig"}}');
    const { call } = await start(at, { provisionFile });
    expect(existsSync(provisionFile)).toBe(false);
    expect(await call('telephone.account')).toMatchObject({ ok: true, value: { password: 'hemmelig' } });
  });

  test('the demo is asked for a caller', async () => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      response.writeHead(asked.length === 1 ? 204 : 503).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const at = folder();
    const control = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    writeFileSync(join(at, 'settings.json'), JSON.stringify({ demo: { control } }));
    const { call } = await start(at);
    expect(await call('session.start')).toMatchObject({ ok: true, value: { demo: true } });
    expect(await call('demo.call')).toEqual({ ok: true, value: null });
    expect(await call('demo.call')).toMatchObject({ ok: false, error: { code: 'rejected' } });
    await new Promise((resolve) => server.close(resolve));
    expect(await call('demo.call')).toMatchObject({ ok: false, error: { code: 'unreachable' } });
    expect(asked).toEqual(['POST /call', 'POST /call']);
  });
});

describe('the window', () => {
  test('is told of numbers from outside, wants attention, and writes to the log', async () => {
    const wanted: boolean[] = [];
    const lines: unknown[] = [];
    const { call, services, told } = await start(folder(), {
      platform: { requestAttention: (on) => void wanted.push(on) },
      log: { info() {}, warn: (...line) => void lines.push(line), error() {} },
    });
    services.requestDial('+4722051014');
    expect(told('dial.requested')).toEqual([{ number: '+4722051014' }]);
    await call('window.attention', { wanted: true });
    await call('window.attention', { wanted: false });
    expect(wanted).toEqual([true, false]);
    await call('log.write', { level: 'warn', event: 'phone.lost', details: 'code 1006' });
    expect(lines).toEqual([['window.phone.lost', { details: 'code 1006' }]]);
  });

  test('a listener that throws does not keep the others from hearing', async () => {
    const { services } = await start(folder());
    const heard: string[] = [];
    services.onEvent((name) => {
      if (name !== 'dial.requested') return;
      throw new Error('x');
    });
    const stop = services.onEvent((name) => {
      if (name === 'dial.requested') heard.push(name);
    });
    services.requestDial('1');
    stop();
    services.requestDial('2');
    expect(heard).toEqual(['dial.requested']);
  });
});

describe('the worst', () => {
  test('a database that is lost loses no note that was not sent, and both are told', async () => {
    const at = folder();
    const first = await start(at);
    expect(await first.call('notes.submit', note)).toMatchObject({ ok: true });
    await first.services.close();
    scribble(databaseFiles(join(at, 'data')).database, 0, 200);

    const second = await start(at);
    expect(await second.call('session.start')).toMatchObject({
      ok: true,
      value: { notices: [{ code: 'database-moved-aside' }, { code: 'outbox-recovered' }] },
    });
    expect(await second.call('outbox.status')).toMatchObject({
      ok: true,
      value: { pending: 1, unsent: [{ id: note.id, text: note.text }] },
    });
    await second.services.close();

    const third = await start(at);
    expect(await third.call('session.start')).toMatchObject({ ok: true, value: { notices: [] } });
    expect(await third.call('outbox.status')).toMatchObject({ ok: true, value: { pending: 1 } });
  });

  test('damage that only reading shows is mended while running', async () => {
    const at = folder();
    const { database } = databaseFiles(join(at, 'data'));
    const first = await start(at);
    expect(await first.call('notes.submit', note)).toMatchObject({ ok: true });
    for (let index = 0; index < 400; index += 1)
      await first.call('callLog.add', { ...callNumber(index), startedAt: new Date().toISOString() });
    await first.services.close();
    const pages = Math.floor(readFileSync(database).length / 4096);
    // All but the schema's: what is read first meets it, be it the outbox at the start or the call list later.
    for (let page = Math.floor(pages / 2); page < pages; page += 1) scribble(database, page * 4096 + 100, 32);

    const second = await start(at);
    expect(await second.call('callLog.today')).toMatchObject({ ok: true, value: { calls: 0 } });
    expect(second.services.notices.map(({ code }) => code)).toEqual(['database-moved-aside', 'outbox-recovered']);
    expect(await second.call('outbox.status')).toMatchObject({ ok: true, value: { pending: 1 } });
  });

  test('a key that is gone is told, and nothing is touched', async () => {
    const at = folder();
    await (await start(at)).services.close();
    const before = fingerprint(join(at, 'data'));
    const secrets = createFileSecrets({ folder: join(at, 'empty') });
    expect(await startServices(optionsFor(at, { secrets }))).toMatchObject({ ok: false, error: { code: 'wrong-key' } });
    await secrets.set('database', 'f'.repeat(64));
    expect(await startServices(optionsFor(at, { secrets }))).toMatchObject({ ok: false, error: { code: 'wrong-key' } });
    expect(fingerprint(join(at, 'data'))).toEqual(before);
  });

  test('two programs on one folder: the second is told', async () => {
    const at = folder();
    await start(at);
    expect(await startServices(optionsFor(at))).toMatchObject({ ok: false, error: { code: 'conflict' } });
  });

  test('servers that take the connection and say nothing do not hold up the end', async () => {
    const sockets: Socket[] = [];
    const silent = createSilent((socket) => void sockets.push(socket));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    const at = folder();
    const crm = {
      kind: 'request-tracker',
      url: `http://127.0.0.1:${port}`,
      queue: 'General',
      tagField: 'Tags',
      clientIdField: 'Client',
    };
    const directory = { kind: 'ldap', url: `ldap://127.0.0.1:${port}`, bindDn: 'cn=reader', baseDn: 'dc=test' };
    writeFileSync(join(at, 'settings.json'), JSON.stringify({ crm, directory }));
    const { call, services } = await start(at);
    for (const name of ['crm', 'directory']) await call('secrets.set', { name, value: 'x' });
    expect(await call('notes.submit', note)).toMatchObject({ ok: true, value: { state: 'pending' } });
    const mine = call('cases.mine');
    await expect.poll(() => sockets.length).toBeGreaterThanOrEqual(2);
    await services.close();
    await mine;
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => silent.close(resolve));
    const again = await start(at, { settingsFile: join(at, 'none.json') });
    expect(await again.call('outbox.status')).toMatchObject({ ok: true, value: { pending: 1 } });
  });

  test('a key store that cannot be read is a fault', async () => {
    const at = folder();
    mkdirSync(join(at, 'secrets'), { mode: 0o755 });
    writeFileSync(join(at, 'secrets', 'secrets.json'), '{}', { mode: 0o644 });
    expect(await startServices(optionsFor(at))).toMatchObject({ ok: false, error: { code: 'internal' } });
  });
});
