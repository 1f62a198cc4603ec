import { readFile, rm } from 'node:fs/promises';
import { z } from 'zod';
import { fail, ok, secretName, type Result, type SecretName } from '#contract';
import type { Secrets } from '../ports.ts';
import { explain, parseSource } from './plain.ts';

const secret = z.string().min(1).max(1000).optional();
const provisionFile = z.strictObject({
  secrets: z.strictObject({ sip: secret, crm: secret, directory: secret, calendar: secret }),
});

const causeOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

type Provisioned = z.infer<typeof provisionFile>['secrets'];

/** What a provision file holds; null: it is not there. The file stays. Errors: invalid-input (what the file should hold). */
export async function readProvision(file: string): Promise<Result<Provisioned | null>> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ok(null);
    return fail('invalid-input', `${file}: cannot be read: ${causeOf(error)}`);
  }
  const source = parseSource(file, text.replace(/^\uFEFF/, ''));
  if ('problem' in source) return fail('invalid-input', source.problem);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return fail('invalid-input', `${file}: expected plain JSON without comments.`);
  }
  const parsed = provisionFile.safeParse(value);
  return parsed.success ? ok(parsed.data.secrets) : fail('invalid-input', explain(parsed.error.issues, [source.source]));
}

/**
 * Takes `{"secrets":{"sip":…,"crm":…,"directory":…,"calendar":…}}` into the Secrets port and deletes the file. One that is not there has been
 * taken before: a start with the same arguments is no error. Answers which secrets were set.
 * Errors: invalid-input (what the file should hold), internal (it could not be stored, or not be deleted).
 */
export async function provisionSecrets(file: string, secrets: Secrets): Promise<Result<readonly SecretName[]>> {
  const provisioned = await readProvision(file);
  if (!provisioned.ok) return provisioned;
  if (provisioned.value === null) return ok([]);
  const set: SecretName[] = [];
  try {
    for (const name of secretName.options) {
      const given = provisioned.value[name];
      if (given === undefined) continue;
      await secrets.set(name, given);
      set.push(name);
    }
    await rm(file);
  } catch (error) {
    return fail('internal', `${file}: the secrets could not be taken over: ${causeOf(error)}`);
  }
  return ok(set);
}
