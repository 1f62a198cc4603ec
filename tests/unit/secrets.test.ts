import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createFileSecrets, databaseKey } from '../../main/services/secrets/index.ts';

let parent = '';
let folder = '';
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'samband-secrets-'));
  folder = join(parent, 'secrets');
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));
const file = () => join(folder, 'secrets.json');
const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);
const posix = process.platform !== 'win32';

describe('secrets in a file', () => {
  test('what was set is there for the next process, and gone once removed', async () => {
    const first = createFileSecrets({ folder });
    expect(await first.get('sip')).toBe(null);
    await Promise.all([
      first.set('sip', 'blåbær'),
      first.set('crm', 'token'),
      first.set('directory', 'x'),
      first.remove('directory'),
    ]);
    const second = createFileSecrets({ folder });
    expect([await second.get('sip'), await second.get('crm'), await second.get('directory')]).toEqual([
      'blåbær',
      'token',
      null,
    ]);
    await second.remove('sip');
    await second.remove('sip');
    expect(await first.get('sip')).toBe(null);
    expect(await first.get('crm')).toBe('token');
  });

  test('asking writes nothing', async () => {
    await createFileSecrets({ folder }).get('database');
    expect(existsSync(folder)).toBe(false);
  });

  test('nobody else can read it, whatever the umask says', async () => {
    const umask = process.umask(0);
    try {
      await createFileSecrets({ folder }).set('sip', 'x');
    } finally {
      process.umask(umask);
    }
    if (posix) expect([modeOf(folder), modeOf(file())]).toEqual(['700', '600']);
  });

  test.each([
    ['file', 0o640],
    ['file', 0o604],
    ['folder', 0o750],
    ['folder', 0o701],
  ])('a %s with mode %o is refused: somebody else may have read it', async (which, mode) => {
    const secrets = createFileSecrets({ folder });
    await secrets.set('sip', 'x');
    if (!posix) return;
    chmodSync(which === 'file' ? file() : folder, mode);
    await expect(secrets.get('sip')).rejects.toThrow(/can be read by others/);
    await expect(secrets.set('sip', 'y')).rejects.toThrow(/can be read by others/);
    chmodSync(which === 'file' ? file() : folder, 0o700);
    expect(await secrets.get('sip')).toBe('x');
  });

  test.each(['', '{', '[]', '{"sip": 1}', '{"sip": "hemmelig", "other": "hemmelig"'])(
    'a file that holds %j is refused and not quoted',
    async (content) => {
      mkdirSync(folder, { mode: 0o700 });
      writeFileSync(file(), content, { mode: 0o600 });
      const secrets = createFileSecrets({ folder });
      const error: unknown = await secrets.get('sip').catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(Error);
      expect(String(error)).toContain(file());
      expect(String(error)).not.toContain('hemmelig');
      await expect(secrets.set('sip', 'x')).rejects.toThrow();
      expect(readFileSync(file(), 'utf8')).toBe(content);
    },
  );
});

describe("the database's key", () => {
  test('is made once and stays', async () => {
    const secrets = createFileSecrets({ folder });
    const made = await databaseKey(secrets, false);
    expect(made).toMatchObject({ ok: true, value: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(await databaseKey(secrets, true)).toEqual(made);
    expect(await databaseKey(createFileSecrets({ folder }), false)).toEqual(made);
  });

  test('is not made anew over data that need the old one', async () => {
    const secrets = createFileSecrets({ folder });
    expect(await databaseKey(secrets, true)).toMatchObject({ ok: false, error: { code: 'wrong-key' } });
    expect(await secrets.get('database')).toBe(null);
  });
});
