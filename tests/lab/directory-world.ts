import type { CallInput, CallName, CallOutput, DirectoryStatus, SearchResult } from '#contract';
import { openDatabase } from '../../main/db/client.ts';
import { createDirectory, type DirectoryPorts } from '../../main/services/directory/index.ts';
import type { Log, Secrets } from '../../main/services/ports.ts';
import { settingsFile, type DirectorySettings } from '../../main/services/settings/schema.ts';
import { systemClock, systemRandom } from '../../main/services/system.ts';
import { scratch, waitFor } from './process.ts';
import type { Slapd } from './servers/slapd.ts';

export interface World {
  readonly folder: string;
  search(query: string, limit?: number): Promise<SearchResult>;
  refresh(): Promise<DirectoryStatus>;
  status(): Promise<DirectoryStatus>;
  call<N extends 'directory.person'>(name: N, input: CallInput<N>): Promise<CallOutput<N>>;
  until(state: DirectoryStatus['state']): Promise<DirectoryStatus>;
  /** A password is typed. */
  type(password: string): void;
  /** Every status that was told. */
  readonly told: DirectoryStatus[];
  /** Ends the service and the database; the folder stays. */
  close(): Promise<void>;
}

const quiet: Log = { info() {}, warn() {}, error() {} };
const key = '0123456789abcdef'.repeat(4);

/** The settings of a directory as a settings file has them, defaults filled in. */
export function directorySettings(directory: object): DirectorySettings {
  const parsed = settingsFile.parse({ directory }).directory;
  if (!parsed) throw new Error('no directory');
  return parsed;
}

/** LDAP settings for a lab server; nothing is refreshed but by a test's wish. */
export function ldapSettings(slapd: Slapd, change: object = {}): DirectorySettings {
  return directorySettings({
    kind: 'ldap',
    url: slapd.url,
    bindDn: slapd.bindDn,
    baseDn: slapd.baseDn,
    refreshSeconds: 86_400,
    ...change,
  });
}

/** The directory service on its real database, over a source. */
export async function openWorld(options: {
  settings: DirectorySettings;
  password?: string | null;
  folder?: string;
  ports?: Partial<DirectoryPorts>;
}): Promise<World> {
  const folder = options.folder ?? scratch('directory');
  const opened = await openDatabase({ folder, key, worker: new URL('../../main/db/worker.ts', import.meta.url) });
  if (!opened.ok) throw new Error(opened.error.message);
  let password = options.password ?? null;
  const secrets: Secrets = { get: async () => password, async set() {}, async remove() {} };
  const told: DirectoryStatus[] = [];
  const feature = createDirectory({
    database: opened.value,
    settings: { directory: options.settings, policy: { country: 'NO' } },
    secrets,
    clock: systemClock,
    random: systemRandom,
    log: quiet,
    emit(name, data) {
      if (name === 'directory.changed') told.push(data as DirectoryStatus);
    },
    ...options.ports,
  });
  async function value<T>(result: Promise<{ ok: true; value: T } | { ok: false; error: { message: string } }>): Promise<T> {
    const settled = await result;
    if (!settled.ok) throw new Error(settled.error.message);
    return settled.value;
  }
  const { handlers } = feature;
  return {
    folder,
    told,
    search: (query, limit = 20) => value(handlers['directory.search']({ query, limit, line: null })),
    refresh: () => value(handlers['directory.refresh'](null)),
    status: () => value(handlers['directory.status'](null)),
    call: <N extends 'directory.person'>(name: N, input: CallInput<N>) =>
      value((handlers[name] as (given: CallInput<CallName>) => Promise<never>)(input)),
    until: (state) =>
      waitFor(
        async () => {
          const status = await value(handlers['directory.status'](null));
          return status.state === state ? status : null;
        },
        { timeoutMs: 60_000, what: `the directory to be ${state}` },
      ),
    type(text) {
      password = text;
      feature.secretChanged?.('directory');
    },
    async close() {
      await feature.close();
      await opened.value.close();
    },
  };
}
