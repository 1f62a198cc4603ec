/** The app as its web host: the very program, in a process and a data folder of its own. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import type { settingsFile } from '../../main/services/settings/schema.ts';
import { scratch, startServer, type RunningServer } from '../lab/process.ts';
import { root } from './mirror.ts';

export type AppSettings = z.input<typeof settingsFile>;

export interface AppFiles {
  readonly folder: string;
  readonly settings: string;
  /** Deleted by the app once it has taken the secrets over. */
  readonly provision: string;
}

export interface AppOptions {
  readonly settings: AppSettings;
  readonly secrets: Readonly<Partial<Record<'sip' | 'crm' | 'directory', string>>>;
}

/** Writes the settings file and the provision file of an app that has never run. */
export function writeAppFiles(options: AppOptions, folder = scratch('app')): AppFiles {
  const files = { folder, settings: join(folder, 'settings.json'), provision: join(folder, 'provision.json') };
  writeFileSync(files.settings, JSON.stringify(options.settings, null, 2));
  writeFileSync(files.provision, JSON.stringify({ secrets: options.secrets }), { mode: 0o600 });
  return files;
}

export interface App {
  readonly server: RunningServer;
  readonly files: AppFiles;
  /** Lets one browser in, once. */
  readonly url: string;
}

const address = /^http:\/\/127\.0\.0\.1:\d+\/\?token=\S+$/m;

/** Starts the web host on the files; start it again on the same ones after `server.stop` or `server.kill9`. */
export async function startApp(files: AppFiles): Promise<App> {
  const server = await startServer({
    name: 'host',
    command: process.execPath,
    args: [
      join(root, 'host/run.ts'),
      '--config',
      files.settings,
      '--provision',
      files.provision,
      '--data',
      join(files.folder, 'data'),
      // Whatever policy this machine may have is not the tests'.
      '--policy',
      join(files.folder, 'policy.json'),
    ],
    folder: files.folder,
    ready: address,
    timeoutMs: 30_000,
  });
  // The file holds the output of earlier starts too.
  const url = server
    .output()
    .split('\n')
    .findLast((line) => address.test(line));
  return { server, files, url: url! };
}
