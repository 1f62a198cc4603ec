import { readFile } from 'node:fs/promises';
import type { SafeStorage } from 'electron';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { fail, ok, type Result } from '#contract';
import type { Secrets, StoredSecret } from '../services/ports.ts';

const stored = z.record(z.string(), z.base64());

type Keeper = Pick<
  SafeStorage,
  'isAsyncEncryptionAvailable' | 'getSelectedStorageBackend' | 'encryptStringAsync' | 'decryptStringAsync'
>;

export interface SecretsOptions {
  /** Where the encrypted values are kept; only the system's own key store can open them. */
  readonly file: string;
  readonly safeStorage: Keeper;
  readonly platform: NodeJS.Platform;
}

async function read(file: string): Promise<Record<string, string>> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    throw error;
  }
  return stored.parse(JSON.parse(text));
}

/**
 * Secrets in a JSON file, each value encrypted by the system's key store (DPAPI, Keychain, libsecret or KWallet). To be opened once
 * Electron is ready. `refused` when the system has no key store: Chromium would then encrypt with a key that everybody knows.
 */
export async function openSecrets({ file, safeStorage, platform }: SecretsOptions): Promise<Result<Secrets>> {
  if (!(await safeStorage.isAsyncEncryptionAvailable())) {
    return fail('refused', 'The system offers no encryption for secrets (safeStorage is not available).');
  }
  if (platform === 'linux' && safeStorage.getSelectedStorageBackend() === 'basic_text') {
    return fail(
      'refused',
      'No key store was found (GNOME Keyring or KWallet), so secrets would lie in plain text. Start one, or name it with --password-store.',
    );
  }
  let values: Record<string, string>;
  try {
    values = await read(file);
  } catch (error) {
    return fail('damaged', `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }

  // One change after the other: each writes the whole file.
  let last: Promise<void> = Promise.resolve();
  const change = (edit: (current: Record<string, string>) => Record<string, string>): Promise<void> => {
    const before = last;
    const write = async () => {
      await before;
      const next = edit(values);
      await writeFileAtomic(file, `${JSON.stringify(next, null, 2)}\n`, { mode: 0o600 });
      values = next;
    };
    const done = write();
    last = done.catch(() => undefined);
    return done;
  };
  const encrypt = async (name: StoredSecret, value: string): Promise<void> => {
    const encrypted = (await safeStorage.encryptStringAsync(value)).toString('base64');
    await change((current) => ({ ...current, [name]: encrypted }));
  };

  return ok({
    async get(name) {
      const value = values[name];
      if (value === undefined) return null;
      const { result, shouldReEncrypt } = await safeStorage.decryptStringAsync(Buffer.from(value, 'base64'));
      // The system has changed its key: what was encrypted with the old one must not be lost with it.
      if (shouldReEncrypt) await encrypt(name, result);
      return result;
    },
    set: encrypt,
    remove: (name) => change(({ [name]: _removed, ...rest }) => rest),
  });
}
