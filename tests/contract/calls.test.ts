/** The whole table, served by the real services on a real database: every call, well and badly asked. */
import * as fc from 'fast-check';
import { WebSocket } from 'ws';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { calls, type CallInput, type CallName, type FaultCode, type Result } from '#contract';
import { startHost, type Host } from '../../host/start.ts';
import { startServices, type Services } from '../../main/services/compose.ts';
import { note, optionsFor, start } from '../database/started.ts';
import { freePort, scratch } from '../lab/process.ts';
import { root } from '../lib/mirror.ts';
import type { AppSettings } from '../lib/app.ts';

type Answer = 'ok' | FaultCode;

/** A good question for each call, and what an app answers that has no server at all, and one whose servers are all down. A new call needs its line. */
const table: {
  readonly [N in CallName]: { readonly input: CallInput<N>; readonly alone: Answer; readonly serversDown: Answer };
} = {
  'session.start': { input: null, alone: 'ok', serversDown: 'ok' },
  'secrets.set': { input: { name: 'crm', value: 'a-token' }, alone: 'ok', serversDown: 'ok' },
  'preferences.change': { input: { language: 'nn', ringVolume: 0.5 }, alone: 'ok', serversDown: 'ok' },
  'telephone.account': { input: null, alone: 'not-configured', serversDown: 'secret-missing' },
  'callLog.add': {
    input: {
      id: 'a',
      direction: 'incoming',
      number: '+4792211334',
      name: 'Nora Bø',
      line: 'Barnehageopptak',
      startedAt: '2026-11-22T10:00:00.000Z',
      answeredAt: '2026-11-22T10:00:05.000Z',
      endedAt: '2026-11-22T10:02:00.000Z',
      outcome: 'answered',
      transferredTo: null,
      wrapUpSeconds: 12,
    },
    alone: 'ok',
    serversDown: 'ok',
  },
  'callLog.today': { input: null, alone: 'ok', serversDown: 'ok' },
  'directory.search': { input: { query: 'barnehage', limit: 20, line: null }, alone: 'ok', serversDown: 'ok' },
  'directory.person': { input: { id: 'nobody' }, alone: 'not-found', serversDown: 'not-found' },
  'directory.status': { input: null, alone: 'ok', serversDown: 'ok' },
  'directory.refresh': { input: null, alone: 'not-configured', serversDown: 'ok' },
  'directory.transferred': {
    input: { personId: 'nobody', number: '+4792211334', line: 'Barnehageopptak' },
    alone: 'ok',
    serversDown: 'ok',
  },
  'directory.favourite': { input: { personId: 'nobody', on: true }, alone: 'ok', serversDown: 'ok' },
  'directory.suggested': { input: { number: '+4792211334', line: 'Barnehageopptak' }, alone: 'ok', serversDown: 'ok' },
  'directory.alternatives': { input: { personId: 'nobody' }, alone: 'not-found', serversDown: 'not-found' },
  'directory.report': {
    input: { id: '5f0c7a52-5d0e-4a6e-9f5a-000000000002', personId: 'nobody', kind: 'wrongNumber', text: 'Ingen svarer der' },
    alone: 'not-configured',
    serversDown: 'not-found',
  },
  'directory.profile': { input: null, alone: 'not-found', serversDown: 'not-found' },
  'directory.messages': { input: null, alone: 'ok', serversDown: 'ok' },
  'directory.message': {
    input: { templateId: 'ring', personId: 'nobody', number: '+4792211334', name: 'Nora Bø' },
    alone: 'not-found',
    serversDown: 'not-found',
  },
  'pop.open': { input: { callId: 'a', number: '+4792211334' }, alone: 'ok', serversDown: 'ok' },
  'cases.mine': { input: null, alone: 'not-configured', serversDown: 'unreachable' },
  'contact.get': { input: { id: '17' }, alone: 'not-found', serversDown: 'unreachable' },
  'drafts.list': { input: null, alone: 'ok', serversDown: 'ok' },
  'drafts.save': { input: { callId: 'b', target: null, text: 'Påbegynt', tags: [] }, alone: 'ok', serversDown: 'ok' },
  'notes.submit': { input: { ...note, target: { ...note.target, kind: 'newCase' } }, alone: 'ok', serversDown: 'ok' },
  'outbox.status': { input: null, alone: 'ok', serversDown: 'ok' },
  'outbox.retry': { input: { noteId: note.id }, alone: 'ok', serversDown: 'ok' },
  'window.attention': { input: { wanted: true }, alone: 'ok', serversDown: 'ok' },
  'log.write': { input: { level: 'info', event: 'test', details: '' }, alone: 'ok', serversDown: 'ok' },
  'demo.call': { input: null, alone: 'refused', serversDown: 'refused' },
  // The last: afterwards nobody is signed in.
  'session.signOut': { input: { discardDrafts: false }, alone: 'ok', serversDown: 'ok' },
};
const rows = Object.entries(table);
const answerOf = (result: Result<unknown>): Answer => (result.ok ? 'ok' : result.error.code);

/** Settings whose every server is a closed port of this machine. */
async function serversDown(at: string): Promise<void> {
  const port = await freePort();
  const settings: AppSettings = {
    agent: { id: 'agent1', name: 'Åse Agent' },
    telephone: { uri: 'sip:agent1@lab.test', servers: [`ws://127.0.0.1:${port}`] },
    crm: {
      kind: 'request-tracker',
      url: `http://127.0.0.1:${port}`,
      queue: 'a',
      tagField: 'b',
      clientIdField: 'c',
      timeoutMs: 2000,
    },
    directory: { kind: 'ldap', url: `ldap://127.0.0.1:${port}`, bindDn: 'cn=a', baseDn: 'dc=b', reports: { by: 'crm' } },
  };
  writeFileSync(join(at, 'settings.json'), JSON.stringify(settings));
}

describe('every call, well asked', () => {
  test('the table has a line for each call', () => {
    expect(Object.keys(table).toSorted()).toEqual(Object.keys(calls).toSorted());
  });

  // What is answered is held against its schema on the way out (checkOutput); a breach would be `internal`.
  test('of an app that knows no server', async () => {
    const { call } = await start(scratch('contract'));
    const answers: Record<string, Answer> = {};
    for (const [name, { input }] of rows) answers[name] = answerOf(await call(name, input));
    expect(answers).toEqual(Object.fromEntries(rows.map(([name, { alone }]) => [name, alone])));
  });

  test('of an app whose servers are all down', async () => {
    const at = scratch('contract');
    await serversDown(at);
    const { call } = await start(at);
    const answers: Record<string, Answer> = {};
    for (const [name, { input }] of rows) answers[name] = answerOf(await call(name, input));
    expect(answers).toEqual(Object.fromEntries(rows.map(([name, row]) => [name, row.serversDown])));
  });
});

describe('every call, badly asked', () => {
  const names = Object.keys(calls);
  let services: Services;
  const call = (name: string, input: unknown) => services.dispatch(name, input);

  beforeAll(async () => {
    const started = await startServices(optionsFor(scratch('contract')));
    if (!started.ok) throw new Error(started.error.message);
    services = started.value;
  });
  afterAll(() => services.close());

  test.each(names)('%s answers whatever it is asked with a value', async (name) => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (input) => {
        const code = answerOf(await call(name, input));
        expect(code).not.toBe('internal');
        expect(code).not.toBe('unknown-call');
      }),
      { numRuns: 60 },
    );
  });

  const withParts = rows.flatMap(([name, { input }]) => (input === null ? [] : [[name, { ...input }] as const]));

  test.each(withParts)('%s, with one part of a good question exchanged', async (name, good) => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...Object.keys(good)), fc.jsonValue(), async (key, value) => {
        expect(answerOf(await call(name, { ...good, [key]: value }))).not.toBe('internal');
      }),
      { numRuns: 60 },
    );
  });
});

describe('the same table through the web host’s line', () => {
  let host: Host | null = null;
  afterAll(() => host?.close());

  test('gives the same answers', async () => {
    const at = scratch('contract-host');
    const started = await startHost({ ...optionsFor(at), rendererFolder: join(root, 'tests/contract/page') });
    if (!started.ok) throw new Error(started.error.message);
    host = started.value;
    const entered = await fetch(host.url, { redirect: 'manual' });
    const cookie = entered.headers.get('set-cookie')?.split(';')[0] ?? '';
    const { origin, host: authority } = new URL(host.url);
    const socket = new WebSocket(`ws://${authority}/wire`, { origin, headers: { cookie } });
    const waiting = new Map<number, (answer: Result<unknown>) => void>();
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.on('message', (data: Buffer) => {
        const text = data.toString();
        if (text === 'welcome') return resolve();
        const [kind, id, answer] = JSON.parse(text) as [string, number, Result<unknown>];
        if (kind === 'answer') waiting.get(id)?.(answer);
      });
    });
    const answers: Record<string, Answer> = {};
    for (const [index, [name, { input }]] of rows.entries()) {
      const answer = new Promise<Result<unknown>>((resolve) => waiting.set(index, resolve));
      socket.send(JSON.stringify([index, name, input]));
      answers[name] = answerOf(await answer);
    }
    socket.close();
    expect(answers).toEqual(Object.fromEntries(rows.map(([name, { alone }]) => [name, alone])));
  });
});
