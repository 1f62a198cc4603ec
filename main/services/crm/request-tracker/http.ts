import { z } from 'zod';
import type { Clock, Fetch } from '../../ports.ts';
import { crmFail, type CrmResult } from '../port.ts';

export interface HttpOptions {
  /** RT's web address, with its path where it has one. */
  readonly url: string;
  readonly timeoutMs: number;
  readonly token: () => Promise<string | null>;
  readonly fetch: Fetch;
  readonly clock: Clock;
}

export interface Request {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Below REST/2.0/, without a leading slash. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly ifMatch?: string | null;
}

export interface Answer<T> {
  readonly body: T;
  readonly etag: string | null;
}

export type Http = <S extends z.ZodType>(request: Request, schema: S) => Promise<CrmResult<Answer<z.infer<S>>>>;

const errorBody = z.object({ message: z.string() });

/** Retry-After (RFC 9110 section 10.2.3), seconds or a date, as milliseconds from `now`; null when absent or unreadable. */
export function retryAfterMs(header: string | null, now: Date): number | null {
  if (header === null) return null;
  if (/^\s*\d+\s*$/.test(header)) return Number(header) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, at - now.getTime());
}

/** No connection was made, so nothing was sent. */
const neverConnected = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT)$|^ERR_TLS|CERT/;

function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'no connection';
  const { cause } = error;
  if (cause instanceof Error) return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.name;
  return error.name;
}

/**
 * RT's REST 2.0 over HTTP: token, deadline, and every failure as one of the port's codes.
 *
 * A 403 can mean "this token may nothing" (a proxy in front, a disabled user) or "not this ticket". The first stops all sending,
 * the second only concerns one note, so a 403 is told apart by asking for something that every valid token may read.
 */
export function createHttp(options: HttpOptions): Http {
  const base = new URL('REST/2.0/', options.url.endsWith('/') ? options.url : `${options.url}/`);

  async function send(request: Request, token: string): Promise<CrmResult<{ response: Response; text: string }>> {
    const url = new URL(request.path, base);
    for (const [name, value] of Object.entries(request.query ?? {})) url.searchParams.set(name, value);
    const write = request.method !== 'GET';
    const abort = new AbortController();
    let late = false;
    const cancel = options.clock.after(options.timeoutMs, () => {
      late = true;
      abort.abort();
    });
    try {
      const response = await options.fetch(url, {
        method: request.method,
        headers: {
          Accept: 'application/json',
          Authorization: `token ${token}`,
          ...(request.body === undefined ? {} : { 'Content-Type': 'application/json; charset=utf-8' }),
          ...(request.ifMatch ? { 'If-Match': request.ifMatch } : {}),
        },
        ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
        // RT's API never redirects; whoever does (a sign-in page) must not be taken for RT.
        redirect: 'manual',
        signal: abort.signal,
      });
      return { ok: true, value: { response, text: await response.text() } };
    } catch (error) {
      if (late)
        return crmFail('timeout', `Request Tracker did not answer within ${options.timeoutMs} ms.`, { mayHaveArrived: write });
      const cause = causeOf(error);
      return crmFail('unreachable', `Request Tracker cannot be reached (${cause}).`, {
        mayHaveArrived: write && !neverConnected.test(cause),
      });
    } finally {
      cancel();
    }
  }

  function failure(status: number, text: string, headers: Headers, write: boolean): ReturnType<typeof crmFail> {
    const parsed = errorBody.safeParse(parseJson(text));
    const said = parsed.success ? `${status}: ${parsed.data.message.trim().slice(0, 300)}` : `${status}`;
    const wait = { retryAfterMs: retryAfterMs(headers.get('retry-after'), options.clock.now()) };
    if (status === 401) return crmFail('unauthorized', `Request Tracker answered ${said}.`);
    if (status === 412) return crmFail('conflict', `Request Tracker answered ${said}.`);
    // A proxy's 502 or 504 says nothing about what the server behind it did.
    if (status >= 500) return crmFail('unreachable', `Request Tracker answered ${said}.`, { ...wait, mayHaveArrived: write });
    if (status === 429 || status === 408) return crmFail('unreachable', `Request Tracker answered ${said}.`, wait);
    if (status < 400)
      return crmFail('unreachable', `The address of Request Tracker answers ${status}, not as its API does.`, wait);
    return crmFail('rejected', `Request Tracker answered ${said}.`);
  }

  return async (request, schema) => {
    const token = await options.token();
    if (token === null) return crmFail('secret-missing', 'No token for Request Tracker is stored.');
    const sent = await send(request, token);
    if (!sent.ok) return sent;
    const { response, text } = sent.value;
    const write = request.method !== 'GET';
    if (response.status === 403) {
      const check = await send({ method: 'GET', path: 'rt' }, token);
      if (!check.ok) return check;
      const refusal = failure(403, text, response.headers, write);
      return check.value.response.status === 200 ? refusal : crmFail('unauthorized', refusal.error.message);
    }
    if (response.status < 200 || response.status > 299) return failure(response.status, text, response.headers, write);
    const json = parseJson(text);
    // A page of a proxy or of maintenance: RT itself always answers JSON.
    if (json === undefined) {
      return crmFail('unreachable', 'The address of Request Tracker answers something that is not its API.', {
        mayHaveArrived: write,
      });
    }
    const parsed = schema.safeParse(json);
    if (!parsed.success) {
      const where = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.code}`).join('; ');
      return crmFail(
        'internal',
        `Request Tracker's answer to ${request.method} ${request.path.split('/')[0]} is not as known (${where}).`,
        {
          mayHaveArrived: write,
        },
      );
    }
    return { ok: true, value: { body: parsed.data, etag: response.headers.get('etag') } };
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
