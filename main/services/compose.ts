import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import {
  ok,
  type EventData,
  type EventName,
  type Notice,
  type Person,
  type Result,
  type SecretName,
  type Session as AgentSession,
} from '#contract';
import { openDatabase } from '../db/client.ts';
import { databaseFiles } from '../db/files.ts';
import { createCallLog } from './call-log/index.ts';
import { caldavSource, createCalendars } from './calendars/index.ts';
import { createCases } from './cases/index.ts';
import { createColleagues, createSharedCounts } from './colleagues/index.ts';
import { contentSecurityPolicy } from './content-security-policy.ts';
import { createRequestTracker, type CrmPort } from './crm/index.ts';
import { createDemo } from './demo.ts';
import { createDirectory } from './directory/index.ts';
import { createHours } from './hours/index.ts';
import { createNotes, recoverOutbox } from './notes/index.ts';
import type { Clock, Emit, Fetch, Log, Platform, Random, Secrets } from './ports.ts';
import { createRouter, type Dispatch, type Feature, type Handlers } from './router.ts';
import { databaseKey } from './secrets/database-key.ts';
import { finishWipe, forgetPasswords, keepSessions, wipe, type Session, type SignOut } from './session/index.ts';
import { createSettings, provisionSecrets, type Settings } from './settings/index.ts';
import { openStore } from './store/index.ts';
import { ownNumber, telephoneAccount } from './telephone.ts';
import { systemZone } from './time/zone.ts';

export interface ServicesOptions {
  /** Where everything that is kept lies; made when it does not exist. */
  readonly folder: string;
  /** The user's settings; need not exist. */
  readonly settingsFile: string;
  /** The machine's policy over them; null: none. A file that is not there fixes nothing. */
  readonly policyFile: string | null;
  /** Secrets to take over once (main/services/settings/provision.ts). */
  readonly provisionFile?: string | null;
  readonly secrets: Secrets;
  /** main/db/worker.ts, or what it was bundled into. */
  readonly databaseWorker: URL;
  readonly clock: Clock;
  readonly random: Random;
  readonly fetch: Fetch;
  /** Flushed when the services close; it stays the composition root's. */
  readonly log: Log & { flush?(): void };
  readonly platform: Platform;
  readonly version: string;
  /** Hold every answer against its schema too; for tests' hosts. */
  readonly checkOutput?: boolean;
}

export interface Services {
  readonly dispatch: Dispatch;
  /** Returns a function that stops listening. */
  onEvent(listener: <N extends EventName>(name: N, data: EventData<N>) => void): () => void;
  /** A number for the dial field, from outside: a link or the command line. */
  requestDial(number: string): void;
  /** What the user must be told, so far. */
  readonly notices: readonly Notice[];
  /** The window's policy: it names the telephone's servers. */
  readonly contentSecurityPolicy: string;
  /** Schemes of links that the system is to hand to Samband. */
  readonly linkSchemes: readonly string[];
  /** Ends the background work, closes the database, flushes the log. Idempotent and bounded: a few seconds at most. */
  close(): Promise<void>;
}

/** How long the features may take to end, and how long the database. */
const closeWithinMs = 2000;

function soon(clock: Clock, work: Promise<unknown>): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(closeWithinMs, resolve);
    void work
      .catch(() => undefined)
      .then(() => {
        cancel();
        resolve();
      });
  });
}

/** The case system that the settings name; null: none. */
function createCrm(settings: Settings, options: ServicesOptions): CrmPort | null {
  const { crm, policy } = settings;
  if (!crm) return null;
  const { fetch, clock, log, secrets } = options;
  return createRequestTracker({ settings: crm, token: () => secrets.get('crm'), fetch, clock, log, country: policy.country });
}

/** What the window is told of a person beside the copy's own row. */
function personDresser({ directory, policy }: Settings, clock: Clock) {
  const hours = createHours({ units: directory?.openingHours ?? {}, zone: systemZone(), country: policy.country });
  return (person: Person) => hours(person, clock.now());
}

/** Secrets that the configured servers need and nobody has typed yet. */
async function missingSecrets(settings: Settings, secrets: Secrets): Promise<SecretName[]> {
  const needed: SecretName[] = [];
  if (settings.telephone) needed.push('sip');
  if (settings.crm) needed.push('crm');
  const { directory } = settings;
  if (directory && directory.kind !== 'csv' && directory.authentication === 'password') needed.push('directory');
  if (settings.calendars) needed.push('calendar');
  const stored = await Promise.all(needed.map((name) => secrets.get(name)));
  return needed.filter((_, index) => stored[index] === null);
}

/**
 * Everything that lasts, put together: what both composition roots call.
 * Errors: invalid-input (a settings, policy or provision file; the message says where and what), wrong-key, newer-schema, conflict
 * (another process has the data open), internal.
 */
export async function startServices(options: ServicesOptions): Promise<Result<Services>> {
  const { folder, secrets, log } = options;
  const listeners = new Set<Parameters<Services['onEvent']>[0]>();
  const emit: Emit = (name, data) => {
    for (const listener of listeners) {
      try {
        listener(name, data);
      } catch (error) {
        log.error('wire.listener-threw', { about: name, cause: error instanceof Error ? error.message : String(error) });
      }
    }
  };
  const sessions = await keepSessions<Running>({
    open: (signOut) => start(options, emit, signOut),
    forgetPasswords: () => forgetPasswords(secrets),
    wipe: () => wipe(folder, secrets),
    log,
  });
  if (!sessions.ok) return sessions;
  const { current, dispatch } = sessions.value;
  const first = current();
  const close = async () => {
    await sessions.value.close();
    listeners.clear();
    log.info('services.closed');
    log.flush?.();
  };
  let closing: Promise<void> | null = null;
  return ok({
    dispatch,
    onEvent(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    requestDial: (number) => emit('dial.requested', { number }),
    get notices() {
      return current()?.notices ?? [];
    },
    contentSecurityPolicy: first?.contentSecurityPolicy ?? '',
    linkSchemes: first?.linkSchemes ?? [],
    close: () => (closing ??= close()),
  });
}

type Running = Session & Pick<Services, 'notices' | 'contentSecurityPolicy' | 'linkSchemes'>;

/** One agent's session. */
async function start(options: ServicesOptions, emit: Emit, signOut: SignOut): Promise<Result<Running>> {
  const { secrets, clock, log } = options;
  if (await finishWipe(options.folder, secrets)) log.info('session.wipe-finished');
  const settings = await createSettings(options);
  if (!settings.ok) return settings;
  if (options.provisionFile) {
    const provisioned = await provisionSecrets(options.provisionFile, secrets);
    if (!provisioned.ok) return provisioned;
    log.info('secrets.provisioned', { secrets: provisioned.value });
  }

  const notices: Notice[] = [];
  const onNotice = (notice: Notice) => {
    notices.push(notice);
    emit('notice.raised', notice);
  };

  const files = databaseFiles(options.folder);
  const key = await databaseKey(secrets, existsSync(files.database) || existsSync(files.outboxExport));
  if (!key.ok) return key;
  let onReopened: (() => void) | null = null;
  const store = await openStore({
    clock,
    log,
    onNotice,
    open: () => openDatabase({ folder: options.folder, key: key.value, worker: options.databaseWorker, closeWithinMs }),
    async onOpened(opened) {
      const recovered = await recoverOutbox(opened, clock);
      if (recovered > 0) onNotice({ code: 'outbox-recovered', details: `${recovered} notes` });
      onReopened?.();
    },
  });
  if (!store.ok) return store;
  const database = store.value;

  const policy = settings.value.policy;
  const callLog = createCallLog({ database, clock, keepDays: policy.keepCasesDays });
  const crm = createCrm(settings.value, options);
  const common = { database, crm, clock, log, emit, keepDays: policy.keepCasesDays };
  const notes = createNotes({ ...common, random: options.random });
  // The CRM has answered a question: then it can take what waits for it, too.
  const cases = createCases({ ...common, country: policy.country, onAnswer: () => notes.wake() });
  const dress = personDresser(settings.value, clock);
  const calendarSettings = settings.value.calendars;
  const calendars = createCalendars({
    ...common,
    source: calendarSettings
      ? caldavSource({ settings: calendarSettings, secrets, fetch: options.fetch, clock, zone: systemZone() })
      : null,
    settings: calendarSettings,
    random: options.random,
    onFault: () => directory.tell(),
  });
  const around = { dress, shown: calendars.shown };
  const directory = createDirectory({
    ...common,
    ...around,
    settings: settings.value,
    secrets,
    random: options.random,
    calendarFault: () => calendars.fault()?.message ?? null,
    expired: (details) => onNotice({ code: 'directory-expired', details }),
  });
  const colleagues = createColleagues({
    ...common,
    ...around,
    agent: settings.value.agent,
    ownNumber: ownNumber(settings.value),
    country: policy.country,
    calendars: calendarSettings !== null,
    messages: settings.value.directory?.messages ?? [],
    reports: settings.value.directory?.reports ?? null,
    submit: notes.handlers['notes.submit'],
  });
  const sharedCounts = createSharedCounts({
    ...common,
    folder: policy.sharedFolder,
    owner: `${settings.value.agent.id}\n${hostname()}`,
    random: options.random,
  });
  // A database that came back while running may have forgotten what was being sent, and who works here.
  onReopened = () => {
    notes.wake();
    directory.reopened();
    calendars.reopened();
  };
  const features: readonly Feature<never>[] = [callLog, directory, calendars, colleagues, cases, notes];
  const endings = [...features, sharedCounts];

  const session = async (): Promise<Result<AgentSession>> =>
    ok({
      agent: { id: settings.value.agent.id, name: settings.value.agent.name },
      version: options.version,
      preferences: settings.value.preferences(),
      missingSecrets: await missingSecrets(settings.value, secrets),
      notices: [...notices],
      policy: {
        requiredTags: policy.requiredTags,
        suggestedTags: policy.suggestedTags,
        answerWithinSeconds: policy.answerWithinSeconds,
        wipeOnSignOut: policy.wipeOnSignOut,
      },
      demo: settings.value.demo !== null,
    });

  const handlers: Handlers = {
    ...callLog.handlers,
    ...directory.handlers,
    ...colleagues.handlers,
    ...cases.handlers,
    ...notes.handlers,
    ...createDemo({ demo: settings.value.demo, fetch: options.fetch }).handlers,
    'session.start': session,
    'session.signOut': signOut,
    async 'secrets.set'({ name, value }) {
      await secrets.set(name, value);
      log.info('secrets.set', { secret: name });
      for (const feature of features) feature.secretChanged?.(name);
      return ok(null);
    },
    async 'preferences.change'(patch) {
      const changed = await settings.value.changePreferences(patch);
      if (changed.ok) emit('preferences.changed', changed.value);
      return changed;
    },
    'telephone.account': () => telephoneAccount(settings.value, secrets),
    async 'window.attention'({ wanted }) {
      options.platform.requestAttention(wanted);
      return ok(null);
    },
    async 'log.write'({ level, event, details }) {
      log[level](`window.${event}`, { details: details.trim() });
      return ok(null);
    },
  };

  const onlyHere = () => database.run('outbox.onlyHere', null);
  const end = async () => {
    await soon(clock, Promise.allSettled(endings.map((one) => one.close())));
    // Asked last: whatever was acknowledged was asked before it, and nothing can be asked after the close.
    const [left] = await Promise.allSettled([onlyHere(), database.close()]);
    // A database that cannot say what is in it may hold something.
    return left.status === 'fulfilled' ? left.value : { notes: 1, drafts: 0 };
  };
  let ending: ReturnType<typeof end> | null = null;
  return ok({
    dispatch: createRouter(handlers, {
      log,
      ...(options.checkOutput === undefined ? {} : { checkOutput: options.checkOutput }),
    }),
    wipes: policy.wipeOnSignOut,
    onlyHere,
    end: () => (ending ??= end()),
    notices,
    contentSecurityPolicy: contentSecurityPolicy({ telephoneServers: settings.value.telephone?.servers ?? [] }),
    linkSchemes: settings.value.links,
  });
}
