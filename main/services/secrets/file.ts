import { chmod, lstat, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import type { Secrets, StoredSecret } from '../ports.ts';

const content = z.strictObject({
  sip: z.string().optional(),
  crm: z.string().optional(),
  directory: z.string().optional(),
  calendar: z.string().optional(),
  database: z.string().optional(),
});

const causeCode = (error: unknown) => (error instanceof Error && 'code' in error ? error.code : undefined);

/** Null for what Samband did not write: neither JSON.parse's words nor zod's are passed on, they may quote it. */
function parse(text: string): z.infer<typeof content> | null {
  try {
    return content.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/**
 * Secrets in a file that only its owner can read: for the web host and the tests, where no system key store is at hand.
 * `folder` should hold nothing else; it is made with mode 0700, the file in it with 0600. On POSIX, wider permissions than that
 * are refused (a throw): somebody else may have read what is inside.
 */
export function createFileSecrets(options: { readonly folder: string }): Secrets {
  const file = join(options.folder, 'secrets.json');
  let writing: Promise<unknown> = Promise.resolve();

  const checkPermissions = async (path: string) => {
    if (process.platform === 'win32') return;
    const { mode } = await lstat(path);
    if (mode & 0o077) {
      throw new Error(
        `${path} can be read by others (mode ${(mode & 0o777).toString(8)}). Make it yours alone: chmod go= '${path}', and change what is in it.`,
      );
    }
  };
  const read = async (): Promise<z.infer<typeof content>> => {
    let text: string;
    try {
      await checkPermissions(options.folder);
      await checkPermissions(file);
      text = await readFile(file, 'utf8');
    } catch (error) {
      if (causeCode(error) === 'ENOENT') return {};
      throw error;
    }
    const secrets = parse(text);
    if (secrets === null) throw new Error(`${file} does not hold what Samband wrote.`);
    return secrets;
  };
  const change = (edit: (secrets: z.infer<typeof content>) => void): Promise<void> => {
    const done = writing.then(async () => {
      const made = await mkdir(options.folder, { recursive: true, mode: 0o700 });
      // The process's umask may have taken more away; nothing may be added.
      if (made !== undefined) await chmod(options.folder, 0o700);
      const secrets = await read();
      edit(secrets);
      await writeFileAtomic(file, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
    });
    writing = done.catch(() => undefined);
    return done;
  };

  return {
    get: async (name: StoredSecret) => (await read())[name] ?? null,
    set: (name, value) => change((secrets) => void (secrets[name] = value)),
    remove: (name) => change((secrets) => void delete secrets[name]),
  };
}
