/** The directory: keeps the local copy up to date in the background, and searches it. */
import { fail, ok, type DirectoryStatus, type Person, type Result, type SecretName } from '#contract';
import type { Database } from '../../db/client.ts';
import type { Clock, Emit, Log, Random, Secrets } from '../ports.ts';
import type { Feature } from '../router.ts';
import type { DirectorySettings } from '../settings/index.ts';
import { activeDirectorySource } from './active-directory/index.ts';
import { csvSource } from './csv/index.ts';
import { ldapSource } from './ldap/index.ts';
import type { DirectorySource } from './source.ts';
import { createSynonyms } from './synonyms.ts';
import { refresh, sweep, type Synced } from './sync.ts';
import { expired, nextRefreshMs } from './timing.ts';

export type { Delta, DirectorySource, Loaded, TakePeople } from './source.ts';

export interface DirectoryPorts {
  readonly database: Database;
  /** The parts of the settings that are the directory's. */
  readonly settings: {
    readonly directory: DirectorySettings | null;
    readonly policy: { readonly country: string; readonly keepDirectoryDays?: number | null };
  };
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly emit: Emit;
  /** A person as the window is told: with opening hours. */
  readonly dress?: (person: Person) => Person;
  /** These are shown: what is known of them should be fresh. */
  readonly shown?: (ids: readonly string[]) => void;
  /** Why calendars cannot be read; null: they can, or none are. */
  readonly calendarFault?: () => string | null;
  /** The copy was older than policy allows, and is emptied: what the user must be told. */
  readonly expired?: (details: string) => void;
  /** Another source than the settings name; for tests. */
  readonly source?: DirectorySource;
}

export interface Directory extends Feature<Calls> {
  /** Tells the windows how it stands: something that the status tells has changed elsewhere. */
  tell(): void;
  /** The database was opened anew, perhaps as an empty file: asks what is in it, and reads the source at once. */
  reopened(): void;
}

type Calls = 'directory.search' | 'directory.person' | 'directory.status' | 'directory.refresh';

/** People a step of filling the index: a search in between waits for one step at most. */
const WARM_ROWS = 500;
/** Refreshes missed in a row after which the copy counts as old even when none has failed outright. */
const STALE_AFTER_REFRESHES = 3;

/** The source that the settings name; null: none. */
export function directorySource(ports: Pick<DirectoryPorts, 'settings' | 'secrets' | 'clock' | 'log'>): DirectorySource | null {
  const { settings } = ports;
  const { country } = settings.policy;
  switch (settings.directory?.kind) {
    case 'ldap':
      return ldapSource({ ...ports, settings: settings.directory, country });
    case 'active-directory':
      return activeDirectorySource({ ...ports, settings: settings.directory, country });
    case 'csv':
      return csvSource({ ...ports, settings: settings.directory, country });
    case undefined:
      return null;
  }
}

/** The directory's calls. Begins to refresh at once; close() ends that. */
export function createDirectory(ports: DirectoryPorts): Directory {
  const { database, clock, random, log, emit, dress = (person: Person) => person } = ports;
  const source = ports.source ?? directorySource(ports);
  const refreshSeconds = ports.settings.directory?.refreshSeconds ?? 60;
  const ending = new AbortController();
  let people = 0;
  let asOf: string | null = null;
  let fault: string | null = null;
  let loading = false;
  let failures = 0;
  let running: Promise<void> | null = null;
  let again = false;
  /** How often the database was opened anew. */
  let reopenings = 0;
  let cancelTimer: (() => void) | null = null;

  function status(): DirectoryStatus {
    const age = asOf === null ? Infinity : clock.now().getTime() - Date.parse(asOf);
    const old = source !== null && age > refreshSeconds * 1000 * STALE_AFTER_REFRESHES;
    const state = asOf === null ? (loading ? 'loading' : 'empty') : fault !== null || old ? 'stale' : 'fresh';
    return { people, asOf, state, fault: fault ?? ports.calendarFault?.() ?? synonyms.fault() };
  }

  const changed = () => {
    if (!ending.signal.aborted) emit('directory.changed', status());
  };

  const synonyms = createSynonyms({
    database,
    file: ports.settings.directory?.synonymsFile ?? null,
    clock,
    log,
    onChange: changed,
  });

  /** What is stored from before. */
  async function open(): Promise<void> {
    const copy = await database.run('people.copy', null);
    people = copy?.people ?? 0;
    asOf = copy?.asOf ?? null;
    // Of a copy that was emptied, a kill may have left the rows.
    if (copy === null) await sweep(database, ending.signal);
    await expire();
    changed();
  }

  /** Empties a copy that is older than policy allows; to be called between refreshes. */
  async function expire(): Promise<void> {
    const keepDays = ports.settings.policy.keepDirectoryDays ?? null;
    if (asOf === null || keepDays === null || !expired(asOf, clock.now(), keepDays)) return;
    await database.run('people.empty', null);
    log.warn('directory.expired', { people, asOf, keepDays });
    ports.expired?.(`${people} people, as of ${asOf}; policy.keepDirectoryDays is ${keepDays}`);
    people = 0;
    asOf = null;
    await sweep(database, ending.signal);
  }

  /** Fills the index in small steps, so that other queries come in between. */
  async function warm(): Promise<void> {
    while (!ending.signal.aborted && !(await database.run('people.warm', { rows: WARM_ROWS })));
  }

  async function once(from: DirectorySource): Promise<void> {
    const before = reopenings;
    const result: Result<Synced> = await refresh({ database, source: from, clock, log }, ending.signal, () => {
      loading = true;
      changed();
    });
    if (ending.signal.aborted) return;
    // What it came to is about a file that is no more, and it is done again.
    if (reopenings !== before) return;
    loading = false;
    if (result.ok) {
      ({ people, asOf } = result.value);
      fault = null;
      failures = 0;
    } else {
      fault = result.error.message;
      failures++;
      log.warn('directory.refresh-fault', { code: result.error.code, failures });
      await expire().catch(logged('directory.expire-failed'));
    }
    changed();
    const refused = !result.ok && (result.error.code === 'unauthorized' || result.error.code === 'secret-missing');
    cancelTimer = clock.after(nextRefreshMs(refreshSeconds, { failures, refused }, random.fraction()), () => void refreshNow());
  }

  function refreshNow(): Promise<void> {
    if (source === null || ending.signal.aborted) return Promise.resolve();
    if (running) return running;
    cancelTimer?.();
    running = once(source).finally(() => {
      running = null;
      if (!again) return;
      again = false;
      void refreshNow();
    });
    return running;
  }

  const logged = (event: string) => (error: unknown) => {
    log.error(event, { cause: error instanceof Error ? error.message : String(error) });
  };
  let opened = open().catch(logged('directory.open-failed'));
  let warmed = opened.then(warm).catch(logged('directory.warm-failed'));
  void opened.then(refreshNow);

  return {
    handlers: {
      async 'directory.search'({ query, limit, line }) {
        const found = await database.run('people.search', { query, limit, line, now: clock.now().toISOString() });
        ports.shown?.(found.hits.map(({ person }) => person.id));
        return ok({ ...found, hits: found.hits.map((hit) => ({ ...hit, person: dress(hit.person) })), status: status() });
      },
      async 'directory.person'({ id }) {
        const person = await database.run('people.get', { id, now: clock.now().toISOString() });
        if (person) ports.shown?.([id]);
        return person ? ok(dress(person)) : fail('not-found', 'Nobody in the directory has this id.');
      },
      async 'directory.status'() {
        await opened;
        return ok(status());
      },
      async 'directory.refresh'() {
        if (source === null) return fail('not-configured', 'The settings name no directory.');
        await opened;
        await refreshNow();
        return ok(status());
      },
    },
    secretChanged(name: SecretName) {
      if (name !== 'directory') return;
      // A refresh under way has read the old password.
      if (running) again = true;
      else void opened.then(refreshNow);
    },
    tell: changed,
    reopened() {
      reopenings++;
      // At once: an answer from an empty file must not stand beside the number of people in the old one.
      people = 0;
      asOf = null;
      loading = source !== null;
      changed();
      again = running !== null;
      opened = opened.then(open).catch(logged('directory.open-failed'));
      warmed = opened.then(warm).catch(logged('directory.warm-failed'));
      void opened.then(refreshNow);
      synonyms.reopened();
    },
    async close() {
      cancelTimer?.();
      ending.abort();
      await Promise.allSettled([opened, warmed, running, synonyms.close()]);
    },
  };
}
