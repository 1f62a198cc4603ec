import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { startServices } from '../../main/services/compose.ts';
import { temporaryFolder } from './folders.ts';
import { note, optionsFor, start } from './started.ts';
import { callNumber } from './support.ts';

const folder = temporaryFolder();

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
        hold: 'client',
        dtmf: 'rfc4733',
        voicemail: null,
        transfer: { way: 'safe', answerSeconds: 20, nextCall: true },
        lineState: 'off',
        lineStateLimit: 50,
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
    await call('log.write', { level: 'warn', event: 'phone.lost', details: 'code 1006 ' });
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
