/** One bound LDAP connection that fails rather than going on without being who it was. */
import { readFile } from 'node:fs/promises';
import { connect as connectTcp } from 'node:net';
import { connect as connectTls, rootCertificates, type ConnectionOptions } from 'node:tls';
import { Client, ResultCodeError, type Entry, type SearchOptions } from 'ldapts';
import { fail, ok, type FaultCode, type Result } from '#contract';
import type { LdapSettings } from '../../settings/index.ts';

export interface Limits {
  readonly connectMs: number;
  /** For one answer, such as a page. */
  readonly answerMs: number;
}

export const defaultLimits: Limits = { connectMs: 5000, answerMs: 30_000 };

/** What went wrong, with a code; told apart where it happens and made a value at the source's edge. */
export class LdapFault extends Error {
  readonly code: FaultCode;

  constructor(code: FaultCode, message: string) {
    super(message);
    this.name = 'LdapFault';
    this.code = code;
  }
}

export interface Connection {
  /** One search that answers with all of it. */
  search(base: string, options: SearchOptions): Promise<Entry[]>;
  /** A search in pages (RFC 2696). Ends only when the server has said that there is no more. */
  pages(base: string, options: SearchOptions): AsyncGenerator<Entry[]>;
}

const INVALID_CREDENTIALS = 49;
const SIZE_LIMIT = 4;
const CERTIFICATE = /^(CERT_|ERR_TLS|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|HOSTNAME_MISMATCH|INVALID_CA|PATH_LENGTH)/;

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** A fault in the helpdesk's words. */
function faultOf(error: unknown, url: string): LdapFault {
  if (error instanceof LdapFault) return error;
  const text = error instanceof Error ? error.message : String(error);
  if (error instanceof ResultCodeError) {
    if (error.code === INVALID_CREDENTIALS) {
      return new LdapFault('unauthorized', `${url} refused the user name or the password (unauthorized, LDAP error 49).`);
    }
    if (error.code === SIZE_LIMIT) {
      return new LdapFault(
        'rejected',
        `${url} does not let this account read everybody (LDAP error 4, size limit). Raise the account's limit.`,
      );
    }
    return new LdapFault('rejected', `${url} said no: LDAP error ${error.code}, ${error.name}.`);
  }
  const code = codeOf(error);
  if (CERTIFICATE.test(code)) {
    return new LdapFault('unreachable', `${url} shows a certificate that is not trusted (${code}). Check directory.caFile.`);
  }
  if (/timeout/i.test(text)) return new LdapFault('timeout', `${url} did not answer in time.`);
  return new LdapFault('unreachable', `${url} cannot be reached${code ? ` (${code})` : ', or the connection was lost'}.`);
}

async function tlsOptions(settings: LdapSettings): Promise<ConnectionOptions> {
  if (settings.caFile === null) return {};
  try {
    return { ca: [...rootCertificates, await readFile(settings.caFile, 'utf8')] };
  } catch (error) {
    throw new LdapFault('rejected', `directory.caFile ${settings.caFile} cannot be read (${codeOf(error)}).`);
  }
}

/**
 * Opens a connection once. ldapts would open another by itself when the first is lost: after StartTLS an unencrypted one, and the
 * next to be sent could be the password.
 */
function once<F extends (...parameters: never[]) => unknown>(open: F): F {
  let opened = false;
  const guarded = (...parameters: never[]): unknown => {
    if (opened) throw new LdapFault('unreachable', 'The connection to the directory server was lost.');
    opened = true;
    return open(...parameters);
  };
  return guarded as F;
}

function guard(client: Client, signal: AbortSignal): void {
  if (signal.aborted) throw new LdapFault('unreachable', 'The reading was ended.');
  // ldapts connects again by itself, but as nobody: such an answer is no answer.
  if (!client.isBound) throw new LdapFault('unreachable', 'The connection to the directory server was lost.');
}

/** Opens, encrypts, binds, does `work`, and always unbinds. */
export async function withConnection<T>(
  options: { settings: LdapSettings; password: string; limits: Limits; signal: AbortSignal },
  work: (connection: Connection) => Promise<T>,
): Promise<Result<T>> {
  const { settings, password, limits, signal } = options;
  let client: Client | null = null;
  const hangUp = () => void client?.unbind().catch(() => undefined);
  // A connection that is hung up while it is being opened never settles.
  const aborted = Promise.withResolvers<never>();
  aborted.promise.catch(() => undefined);
  const abort = () => {
    hangUp();
    aborted.reject(new LdapFault('unreachable', 'The reading was ended.'));
  };
  try {
    if (signal.aborted) throw new LdapFault('unreachable', 'The reading was ended.');
    const tls = await tlsOptions(settings);
    const secure = settings.url.toLowerCase().startsWith('ldaps:');
    const bound = (client = new Client({
      url: settings.url,
      timeout: limits.answerMs,
      connectTimeout: limits.connectMs,
      // Given for ldap:// too, ldapts would speak TLS from the first byte.
      ...(secure ? { tlsOptions: { ...tls, minVersion: 'TLSv1.2' } } : {}),
      createConnection: once(connectTcp),
      createSecureConnection: once(connectTls),
    }));
    signal.addEventListener('abort', abort, { once: true });
    const speak = async () => {
      if (settings.startTls && !secure) {
        // The name in the certificate is checked against the host that was asked for (RFC 4513 section 3.1.3).
        const host = new URL(settings.url).hostname.replace(/^\[|\]$/g, '');
        await bound.startTLS({ ...tls, host, minVersion: 'TLSv1.2' });
      }
      await bound.bind(settings.bindDn, password);
      return work({
        async search(base, search) {
          guard(bound, signal);
          const { searchEntries } = await bound.search(base, search);
          guard(bound, signal);
          return searchEntries;
        },
        async *pages(base, search) {
          guard(bound, signal);
          for await (const { searchEntries } of bound.searchPaginated(base, search)) {
            guard(bound, signal);
            yield searchEntries;
            guard(bound, signal);
          }
          guard(bound, signal);
        },
      });
    };
    const value = await Promise.race([speak(), aborted.promise]);
    return ok(value);
  } catch (error) {
    const fault = faultOf(error, settings.url);
    return fail(fault.code, fault.message);
  } finally {
    signal.removeEventListener('abort', abort);
    // Not waited for: a server that is silent keeps nobody.
    hangUp();
  }
}
