/** What every source that speaks LDAP needs before it can ask. */
import { createHash } from 'node:crypto';
import { fail, type Result } from '#contract';
import type { Clock, Log, Secrets } from '../../ports.ts';
import type { ServerSettings } from '../../settings/index.ts';
import type { TellTrouble, Trouble } from '../source.ts';
import { defaultLimits, withConnection, type Connection, type Limits } from './connection.ts';

export interface ServerPorts<S extends ServerSettings> {
  readonly settings: S;
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly log: Log;
  /** What a number without a country code is taken for (ISO 3166). */
  readonly country: string;
  readonly limits?: Limits;
}

/** Names the source by everything that decides whom and what it gives. */
export function identityOf({ settings, country }: ServerPorts<ServerSettings>, attributes: readonly string[]): string {
  const { kind, url, baseDn, filter, mapping, unitNames } = settings;
  return createHash('sha256')
    .update(JSON.stringify([kind, url, baseDn, filter, mapping, unitNames, country, attributes]))
    .digest('hex');
}

/** A filter as RFC 4515 wants it. */
export function inBrackets(filter: string): string {
  return filter.startsWith('(') ? filter : `(${filter})`;
}

const RELOAD_AFTER_MS = 24 * 3_600_000;

/**
 * Whether everything is to be read again: once a day, so that whatever a server failed to tell (rights that were taken and given back, a
 * backup that was played in) does not stay wrong for good.
 */
export function reloadIsDue(loadedAt: string, clock: Clock): boolean {
  const age = clock.now().getTime() - Date.parse(loadedAt);
  return !(age >= 0 && age < RELOAD_AFTER_MS);
}

/** Does `work` on a bound connection. The secret `directory` is the password of `bindDn`. */
export async function connected<T>(
  ports: ServerPorts<ServerSettings>,
  signal: AbortSignal,
  work: (connection: Connection) => Promise<T>,
): Promise<Result<T>> {
  const { settings, limits = defaultLimits } = ports;
  const options = { settings, limits, signal };
  if (settings.authentication === 'certificate') return withConnection({ ...options, password: null }, work);
  const password = await ports.secrets.get('directory');
  // An empty password, or an empty name, would be an anonymous bind that succeeds (RFC 4513 section 5.1.2).
  if (settings.bindDn === '') return fail('rejected', 'The settings have no directory.bindDn.');
  if (password === null || password === '') {
    return fail('secret-missing', `The password of ${settings.bindDn} has not been typed yet.`);
  }
  return withConnection({ ...options, password }, work);
}

/** Counts what could not be taken for the log, which names nobody, and passes it on. */
export function countTroubles(log: Log, tell: TellTrouble | undefined): { tell: TellTrouble; write(): void } {
  const counts: Partial<Record<Trouble['what'], number>> = {};
  return {
    tell(trouble) {
      counts[trouble.what] = (counts[trouble.what] ?? 0) + 1;
      tell?.(trouble);
    },
    write() {
      if (Object.keys(counts).length > 0) log.warn('directory.not-taken', counts);
    },
  };
}
