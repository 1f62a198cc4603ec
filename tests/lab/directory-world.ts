import type { CallInput, CallName, CallOutput, DirectoryStatus, Person, SearchResult } from '#contract';
import { openDatabase } from '../../main/db/client.ts';
import { createDirectory, type DirectoryPorts } from '../../main/services/directory/index.ts';
import type { Log, Secrets } from '../../main/services/ports.ts';
import { settingsFile, type DirectorySettings } from '../../main/services/settings/schema.ts';
import { systemClock, systemRandom } from '../../main/services/system.ts';
import { scratch, waitFor } from './process.ts';
import type { Slapd } from './servers/slapd.ts';

export interface Cursor {
  readonly way: string;
  readonly [name: string]: unknown;
}

export interface World {
  readonly folder: string;
  search(query: string, limit?: number): Promise<SearchResult>;
  refresh(): Promise<DirectoryStatus>;
  status(): Promise<DirectoryStatus>;
  call<N extends 'directory.person'>(name: N, input: CallInput<N>): Promise<CallOutput<N>>;
  until(state: DirectoryStatus['state']): Promise<DirectoryStatus>;
  /** Where the next delta begins. */
  cursor(): Promise<Cursor>;
  /** Has the next delta begin elsewhere. */
  setCursor(cursor: Cursor): Promise<void>;
  /** Everybody in the copy, as a search would show them. */
  everybody(): Promise<Person[]>;
  /** A password is typed. */
  type(password: string): void;
  /** Every status that was told. */
  readonly told: DirectoryStatus[];
  /** How often everybody was read. */
  loads(): number;
  /** Ends the service and the database; the folder stays. */
  close(): Promise<void>;
}

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
  let loads = 0;
  const log: Log = {
    info: (event) => void (loads += event === 'directory.loaded' ? 1 : 0),
    warn() {},
    error() {},
  };
  const feature = createDirectory({
    database: opened.value,
    settings: { directory: options.settings, policy: { country: 'NO' } },
    secrets,
    clock: systemClock,
    random: systemRandom,
    log,
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
    loads: () => loads,
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
    async cursor() {
      const copy = await opened.value.run('people.copy', null);
      return JSON.parse(copy?.cursor ?? '{"way":"none"}') as Cursor;
    },
    async setCursor(cursor) {
      const now = new Date().toISOString();
      const done = { cursor: JSON.stringify(cursor), asOf: now };
      await opened.value.run('people.apply', { upserts: [], removals: [], readAt: now, done });
    },
    async everybody() {
      const database = opened.value;
      // Of nobody who is present, everybody is missing.
      const { missing } = await database.run('people.missing', { ids: [] });
      const now = new Date().toISOString();
      const people = await Promise.all(missing.map((id) => database.run('people.get', { id, now })));
      return people.filter((person) => person !== null);
    },
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
