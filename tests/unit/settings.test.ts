import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Secrets, StoredSecret } from '../../main/services/ports.ts';
import { createSettings, provisionSecrets, type Settings } from '../../main/services/settings/index.ts';
import { merge } from '../../main/services/settings/merge.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'samband-settings-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (name: string) => join(folder, name);
const write = (name: string, content: unknown) =>
  writeFileSync(at(name), typeof content === 'string' ? content : JSON.stringify(content, null, 2));

async function settings(user?: unknown, policy?: unknown): Promise<Settings> {
  if (user !== undefined) write('settings.json', user);
  if (policy !== undefined) write('policy.json', policy);
  const result = await createSettings({
    settingsFile: at('settings.json'),
    policyFile: policy === undefined ? null : at('policy.json'),
  });
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

async function refusal(user: unknown, policy?: unknown): Promise<string> {
  write('settings.json', user);
  if (policy !== undefined) write('policy.json', policy);
  const result = await createSettings({
    settingsFile: at('settings.json'),
    policyFile: policy === undefined ? null : at('policy.json'),
  });
  if (result.ok) throw new Error('These settings were taken.');
  expect(result.error.code).toBe('invalid-input');
  return result.error.message.replaceAll(`${folder}/`, '');
}

const telephone = { uri: 'sip:agent1@lab.test', servers: ['ws://127.0.0.1:5066'] };
const crm = {
  kind: 'request-tracker',
  url: 'http://127.0.0.1:8080',
  queue: 'General',
  tagField: 'Tags',
  clientIdField: 'Client',
};

describe('reading', () => {
  test('no file at all is a Samband without servers, every default filled in', async () => {
    const value = await settings();
    expect(value).toMatchObject({ telephone: null, crm: null, directory: null, demo: null });
    expect(value.preferences()).toEqual({
      preferences: {
        language: 'nb',
        theme: 'system',
        compact: false,
        shortcuts: {},
        devices: { microphone: '', speaker: '', ringer: '' },
        ringVolume: 0.7,
      },
      fixed: [],
    });
    expect(value.policy).toMatchObject({ requiredTags: 0, suggestedTags: {}, answerWithinSeconds: 30, country: 'NO' });
  });

  test('an empty file, comments, a trailing comma and a byte order mark are fine', async () => {
    expect((await settings('')).telephone).toBe(null);
    expect(
      (
        await settings(
          '\uFEFF{\n // the exchange of bydel Frogner\n "telephone": {"uri":"sip:a@b","servers":["wss://b/"],},\n}',
        )
      ).telephone,
    ).toMatchObject({
      uri: 'sip:a@b',
      registerExpiresSeconds: 120,
      headers: { line: 'X-Queue', waitedSeconds: 'X-Wait' },
    });
  });

  test('the policy wins key by key, and its preferences are fixed', async () => {
    const value = await settings(
      {
        agent: { id: 'a1', name: 'Kari' },
        telephone: { ...telephone, registerExpiresSeconds: 60 },
        preferences: { theme: 'dark', language: 'en' },
      },
      { telephone: { servers: ['wss://sip.oslo.test'] }, preferences: { language: 'nn' }, policy: { requiredTags: 1 } },
    );
    expect(value.telephone).toMatchObject({ uri: telephone.uri, servers: ['wss://sip.oslo.test'], registerExpiresSeconds: 60 });
    expect(value.preferences()).toMatchObject({ preferences: { language: 'nn', theme: 'dark' }, fixed: ['language'] });
    expect(value.policy.requiredTags).toBe(1);
    expect(value.agent).toEqual({ id: 'a1', name: 'Kari' });
  });

  test("a policy that names another kind of directory replaces the user's altogether", async () => {
    const value = await settings(
      { directory: { kind: 'ldap', url: 'ldap://127.0.0.1', bindDn: '', baseDn: 'dc=test' } },
      { directory: { kind: 'csv', file: '/srv/people.csv' } },
    );
    expect(value.directory).toEqual({
      kind: 'csv',
      file: '/srv/people.csv',
      refreshSeconds: 300,
      delimiter: 'auto',
      encoding: 'auto',
      columns: {},
      unitNames: {},
    });
  });

  test('a policy file that is not there fixes nothing; one that cannot be read is refused', async () => {
    expect((await createSettings({ settingsFile: at('s'), policyFile: at('nothing') })).ok).toBe(true);
    const result = await createSettings({ settingsFile: at('s'), policyFile: folder });
    expect(result).toMatchObject({ ok: false, error: { code: 'invalid-input', message: expect.stringContaining(folder) } });
  });
});

describe('a bad file is refused with its path, the key and what was expected', () => {
  test.each<[string, unknown, string]>([
    [
      'a wrong address',
      { telephone: { ...telephone, servers: ['http://x'] } },
      'settings.json, line 5: telephone.servers[0]: expected an address that begins with ws:// or wss://.',
    ],
    [
      'a wrong kind of value',
      { policy: { requiredTags: 'two' } },
      'settings.json, line 3: policy.requiredTags: expected a number.',
    ],
    [
      'something missing',
      { telephone: { uri: 'sip:a@b' } },
      'settings.json, line 2: telephone.servers: is missing; expected a list [ … ].',
    ],
    [
      'something unknown',
      { telephone: { ...telephone, server: 'x' } },
      'settings.json, line 7: telephone: there is no setting named "server" here.',
    ],
    [
      'a word that is none',
      { preferences: { language: 'sv' } },
      'settings.json, line 3: preferences.language: expected "nb" or "nn" or "en".',
    ],
    [
      'a number out of range',
      { policy: { requiredTags: 99 } },
      'settings.json, line 3: policy.requiredTags: expected a number of at most 10.',
    ],
    [
      'an empty list',
      { telephone: { ...telephone, servers: [] } },
      'settings.json, line 4: telephone.servers: expected at least 1 entries.',
    ],
    [
      'an unknown kind',
      { directory: { kind: 'ad' } },
      'settings.json, line 3: directory.kind: expected "ldap" or "active-directory" or "csv".',
    ],
    ['not an object', [1], 'settings.json, line 1: (the whole file): expected an object { … }.'],
  ])('%s', async (_, user, words) => {
    expect(await refusal(user)).toBe(words);
  });

  test("the file at fault is named: what the policy says is the policy's", async () => {
    expect(await refusal({ telephone }, { telephone: { registerExpiresSeconds: 1 } })).toBe(
      'policy.json, line 3: telephone.registerExpiresSeconds: expected a number of at least 20.',
    );
    expect(await refusal({ crm: { ...crm, url: 'ftp://x' } }, { crm: { queue: 'X' } })).toBe(
      'settings.json, line 4: crm.url: expected an address that begins with http:// or https://.',
    );
  });

  test('several faults are told at once', async () => {
    expect((await refusal({ telephone: { uri: 'x' }, crm: { kind: 'request-tracker' } })).split('\n').length).toBeGreaterThan(
      3,
    );
  });

  test.each([
    [
      '{\n  "agent": {\n    "id": "a"\n    "name": "b"\n  }\n}',
      'settings.json, line 4, column 5: this is not JSON: expected a comma before this.',
    ],
    ['{\n  "agent": ', 'settings.json, line 2, column 12: this is not JSON: expected a value.'],
    ['{ agent: 1 }', 'settings.json, line 1, column 3: this is not JSON: something that is no JSON value.'],
    [
      '{ "agent": "a',
      'settings.json, line 1, column 12: this is not JSON: a text that is not closed with a double quote on its line.',
    ],
  ])('what is no JSON: %j', async (text, words) => {
    expect(await refusal(text)).toBe(words);
  });

  test('no value is quoted: it could be a password in the wrong place', async () => {
    expect(await refusal({ telephone: { ...telephone, password: 'hemmelig', uri: 'hemmelig' } })).not.toContain('hemmelig');
  });
});

describe('changing preferences', () => {
  test('only what was changed changes in the file; comments and order stay', async () => {
    const text =
      '{\n    // ours\n    "agent": { "id": "a",   "name": "b" },\n    "preferences": {\n        "theme": "dark", // at night\n        "ringVolume": 0.2\n    }\n}\n';
    const value = await settings(text);
    expect(await value.changePreferences({ theme: 'light', compact: true })).toMatchObject({
      ok: true,
      value: { preferences: { theme: 'light', compact: true, ringVolume: 0.2 } },
    });
    expect(readFileSync(at('settings.json'), 'utf8')).toBe(
      text.replace('"dark"', '"light"').replace('"ringVolume": 0.2', '"ringVolume": 0.2,\n        "compact": true'),
    );
    expect((await settings()).preferences().preferences).toMatchObject({ theme: 'light', compact: true, ringVolume: 0.2 });
  });

  test('a file is made where there was none, and what somebody edits meanwhile stays', async () => {
    const value = await settings();
    expect(await value.changePreferences({ language: 'nn' })).toMatchObject({ ok: true });
    const edited = JSON.parse(readFileSync(at('settings.json'), 'utf8')) as object;
    write('settings.json', { ...edited, agent: { id: 'x', name: 'y' } });
    await Promise.all([value.changePreferences({ ringVolume: 1 }), value.changePreferences({ shortcuts: { answer: 'F9' } })]);
    expect(JSON.parse(readFileSync(at('settings.json'), 'utf8'))).toEqual({
      agent: { id: 'x', name: 'y' },
      preferences: { language: 'nn', ringVolume: 1, shortcuts: { answer: 'F9' } },
    });
  });

  test('what the policy has fixed is refused, and nothing is written', async () => {
    const value = await settings(undefined, { preferences: { theme: 'light' } });
    expect(await value.changePreferences({ theme: 'dark', compact: true })).toMatchObject({
      ok: false,
      error: { code: 'refused' },
    });
    expect(existsSync(at('settings.json'))).toBe(false);
    expect(value.preferences().preferences).toMatchObject({ theme: 'light', compact: false });
  });

  test('a file that was broken meanwhile is left as it is', async () => {
    const value = await settings({});
    write('settings.json', '{ broken');
    expect(await value.changePreferences({ compact: true })).toMatchObject({ ok: false, error: { code: 'invalid-input' } });
    expect(readFileSync(at('settings.json'), 'utf8')).toBe('{ broken');
    write('settings.json', {});
    expect(await value.changePreferences({ compact: true })).toMatchObject({ ok: true });
  });
});

test('merging with nothing changes nothing; what is over wins everywhere', () => {
  const json = fc.dictionary(
    fc.constantFrom('a', 'b', 'c'),
    fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        fc.integer(),
        fc.array(fc.integer(), { maxLength: 2 }),
        fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('value'), { maxKeys: 3 }),
      ),
    })).value,
  );
  fc.assert(
    fc.property(json, (value) => {
      expect(merge(value, {})).toEqual(value);
      expect(merge({}, value)).toEqual(value);
    }),
  );
  fc.assert(
    fc.property(json, json, (under, over) => {
      const merged = merge(under, over);
      expect(merge(merged, over)).toEqual(merged);
    }),
  );
});

describe('provisioning', () => {
  function memory(): Secrets & { readonly stored: Map<StoredSecret, string> } {
    const stored = new Map<StoredSecret, string>();
    return {
      stored,
      get: async (name) => stored.get(name) ?? null,
      set: async (name, value) => void stored.set(name, value),
      remove: async (name) => void stored.delete(name),
    };
  }

  test('the secrets are taken over and the file is deleted; a second start finds nothing to do', async () => {
    const secrets = memory();
    write('secrets.json', { secrets: { sip: 'one', crm: 'two' } });
    expect(await provisionSecrets(at('secrets.json'), secrets)).toEqual({ ok: true, value: ['sip', 'crm'] });
    expect(Object.fromEntries(secrets.stored)).toEqual({ sip: 'one', crm: 'two' });
    expect(existsSync(at('secrets.json'))).toBe(false);
    expect(await provisionSecrets(at('secrets.json'), secrets)).toEqual({ ok: true, value: [] });
  });

  test.each([
    [{ secrets: { sip: 1 } }, 'secrets.sip'],
    [{ secrets: { database: 'mine' } }, 'secrets'],
    [{ sip: 'hemmelig' }, 'secrets'],
    ['{"secrets": {"sip": "hemmelig"', 'not JSON'],
  ])('%j is refused, kept, and not quoted', async (content, words) => {
    const secrets = memory();
    write('secrets.json', content);
    const result = await provisionSecrets(at('secrets.json'), secrets);
    expect(result).toMatchObject({ ok: false, error: { code: 'invalid-input', message: expect.stringContaining(words) } });
    expect(JSON.stringify(result)).not.toContain('hemmelig');
    expect(secrets.stored.size).toBe(0);
    expect(existsSync(at('secrets.json'))).toBe(true);
  });

  test('a store that fails keeps the file', async () => {
    write('secrets.json', { secrets: { sip: 'one' } });
    const failing = { ...memory(), set: () => Promise.reject(new Error('the key store is locked')) };
    expect(await provisionSecrets(at('secrets.json'), failing)).toMatchObject({ ok: false, error: { code: 'internal' } });
    expect(existsSync(at('secrets.json'))).toBe(true);
  });
});
