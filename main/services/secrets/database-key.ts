import { randomBytes } from 'node:crypto';
import { fail, ok, type Result } from '#contract';
import type { Secrets } from '../ports.ts';

/**
 * The database's key: 32 random bytes in hexadecimal, made at the first start.
 * Errors: wrong-key, when there are data already but their key is gone: a new key would only hide them.
 */
export async function databaseKey(secrets: Secrets, dataExist: boolean): Promise<Result<string>> {
  const stored = await secrets.get('database');
  if (stored !== null) return ok(stored);
  if (dataExist) {
    return fail(
      'wrong-key',
      'There are stored data, but the key that this computer kept for them is gone. Restore the key, or move the folder of the ' +
        'stored data away to begin afresh (notes that were not sent are in it). Nothing has been changed.',
    );
  }
  const made = randomBytes(32).toString('hex');
  await secrets.set('database', made);
  return ok(made);
}
