/** One bound connection to a directory server. It never comes back by itself: what it was would not be who it was. */
import {
  BindRequest,
  ExtendedRequest,
  FilterParser,
  PagedResultsControl,
  SearchRequest,
  UnbindRequest,
  type Control,
  type Filter,
} from 'ldapts';
import { ok, type Result } from '#contract';
import type { ServerSettings } from '../../settings/index.ts';
import { Ber } from './ber.ts';
import { faultOf, LdapFault, LdapResult, RESULT } from './faults.ts';
import { RawControl, type Controls, type Entry, type Reply } from './messages.ts';
import { openLine, type Limits, type Line, type Request } from './socket.ts';
import { tlsOptions } from './tls.ts';

export type { Limits } from './socket.ts';

export const defaultLimits: Limits = { connectMs: 5000, answerMs: 30_000 };

export interface Search {
  /** RFC 4515, or as ldapts builds one. */
  readonly filter?: string | Filter;
  readonly scope?: 'base' | 'sub';
  /** `1.1`: none. */
  readonly attributes: readonly string[];
  readonly controls?: readonly Control[];
  /** No more entries than this are wanted. */
  readonly most?: number;
}

export interface Connection {
  /** One search that answers with all of it. */
  search(base: string, search: Search): Promise<Entry[]>;
  /** A search in pages (RFC 2696), in batches. Ends only when the server has said that there is no more. */
  pages(base: string, search: Search, pageSize: number): AsyncGenerator<Entry[], void, void>;
  /** A search as it arrives; the last reply is `done`, with success. */
  replies(base: string, search: Search): AsyncGenerator<Reply[], void, void>;
}

const START_TLS = '1.3.6.1.4.1.1466.20037';
/** draft-behera-ldap-password-policy: why a password is refused. */
const PASSWORD_POLICY = '1.3.6.1.4.1.42.2.27.8.5.1';
const POLICY_ERRORS = ['the password has expired', 'the account is locked', 'the password must be changed first'];

/** What the password policy says is wrong; null: nothing. */
function policyError(controls: Controls): string | null {
  const value = controls.get(PASSWORD_POLICY);
  if (value === undefined || value.length === 0) return null;
  const inside = new Ber(value).next(0x30).inside();
  while (inside.more) if (inside.next().tag === 0x81) return POLICY_ERRORS[inside.integer()] ?? null;
  return null;
}

/** Where the next page begins; null: that was the last. */
function pageCookie(controls: Controls): Buffer | null {
  const value = controls.get(PagedResultsControl.type);
  if (value === undefined) return null;
  const inside = new Ber(value).next(0x30).inside();
  inside.next(0x02);
  const cookie = inside.next(0x04).octets();
  return cookie.length === 0 ? null : Buffer.from(cookie);
}

function connectionOver(line: Line, nextId: () => number): Connection {
  const request = (base: string, search: Search, controls: readonly Control[]) =>
    new SearchRequest({
      messageId: nextId(),
      baseDN: base,
      scope: search.scope ?? 'sub',
      filter:
        search.filter === undefined || typeof search.filter === 'string'
          ? FilterParser.parseString(search.filter ?? '(objectClass=*)')
          : search.filter,
      attributes: [...search.attributes],
      // The deadline on silence is ours; the server's own limit may be shorter.
      timeLimit: 0,
      sizeLimit: search.most ?? 0,
      controls: [...(search.controls ?? []), ...controls],
    });

  async function* replies(base: string, search: Search): AsyncGenerator<Reply[], void, void> {
    for await (const batch of line.exchange(request(base, search, []))) {
      const last = batch.at(-1);
      const enough = last?.kind === 'done' && last.code === RESULT.sizeLimit && search.most !== undefined;
      if (last?.kind === 'done' && last.code !== 0 && !enough) throw new LdapResult(last.code, last.diagnostic);
      yield batch;
    }
  }

  return {
    replies,
    async search(base, search) {
      const entries: Entry[] = [];
      for await (const batch of replies(base, search)) {
        for (const reply of batch) if (reply.kind === 'entry') entries.push(reply.entry);
      }
      return entries;
    },
    async *pages(base, search, pageSize) {
      const page = (cookie: Buffer | null) =>
        line.exchange(
          request(base, search, [
            new PagedResultsControl({ value: { size: pageSize, ...(cookie ? { cookie } : {}) }, critical: true }),
          ]),
        );
      let current: AsyncGenerator<Reply[], void, void> | null = page(null);
      while (current !== null) {
        let next: AsyncGenerator<Reply[], void, void> | null = null;
        for await (const batch of current) {
          const entries: Entry[] = [];
          for (const reply of batch) {
            if (reply.kind === 'entry') entries.push(reply.entry);
            if (reply.kind !== 'done') continue;
            if (reply.code !== 0) throw new LdapResult(reply.code, reply.diagnostic);
            const cookie = pageCookie(reply.controls);
            next = cookie === null ? null : page(cookie);
          }
          if (entries.length > 0) yield entries;
        }
        current = next;
      }
    },
  };
}

/** The only reply of an operation that is answered once. */
async function answer(line: Line, request: Request): Promise<Extract<Reply, { kind: 'done' }>> {
  let done: Extract<Reply, { kind: 'done' }> | null = null;
  for await (const batch of line.exchange(request)) for (const reply of batch) if (reply.kind === 'done') done = reply;
  if (done === null) throw new LdapFault('unreachable', 'The directory server did not answer.');
  return done;
}

/** Opens, encrypts, binds, does `work`, and always unbinds. `password`: null with `authentication: certificate`. */
export async function withConnection<T>(
  options: { settings: ServerSettings; password: string | null; limits: Limits; signal: AbortSignal },
  work: (connection: Connection) => Promise<T>,
): Promise<Result<T>> {
  const { settings, password, limits, signal } = options;
  let line: Line | null = null;
  let id = 0;
  const nextId = () => (id += 1);
  try {
    const url = new URL(settings.url);
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const secure = url.protocol === 'ldaps:';
    const tls = secure || settings.startTls ? await tlsOptions(settings) : null;
    const port = url.port === '' ? (secure ? 636 : 389) : Number(url.port);
    line = await openLine({ host, port, tls: secure ? tls : null, limits, signal });
    if (tls && !secure) {
      const started = await answer(line, new ExtendedRequest({ messageId: nextId(), oid: START_TLS }));
      if (started.code !== 0)
        throw new LdapFault('rejected', `${settings.url} does not know StartTLS (LDAP error ${started.code}).`);
      await line.upgrade(tls);
    }
    const bound = await answer(
      line,
      new BindRequest({
        messageId: nextId(),
        controls: [new RawControl(PASSWORD_POLICY, false, null)],
        ...(password === null ? { mechanism: 'EXTERNAL' } : { dn: settings.bindDn, password }),
      }),
    );
    const refusal = policyError(bound.controls);
    if (refusal !== null)
      throw new LdapFault('unauthorized', `${settings.url} refused the account: ${refusal} (unauthorized).`);
    if (bound.code !== 0) throw new LdapResult(bound.code, bound.diagnostic);
    return ok(await work(connectionOver(line, nextId)));
  } catch (error) {
    const { code, message } = faultOf(error, settings.url);
    return { ok: false, error: { code, message } };
  } finally {
    line?.close(new UnbindRequest({ messageId: nextId() }).write());
  }
}

/** Whether a server that answers so does not know, or does not allow, what was asked; something else may do. */
export function isRefusal(error: unknown): boolean {
  const refusals: readonly number[] = [
    RESULT.protocolError,
    RESULT.sizeLimit,
    RESULT.adminLimit,
    RESULT.unavailableCriticalExtension,
    RESULT.insufficientAccess,
    RESULT.unwilling,
  ];
  return error instanceof LdapResult && refusals.includes(error.result);
}
