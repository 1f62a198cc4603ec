/** WebDAV over HTTP: one account, a deadline, a bound on what is taken in, and every failure as a code. */
import { fail, ok, type Result } from '#contract';
import type { Clock, Fetch } from '../../ports.ts';
import { parseMultistatus, type Resource } from './multistatus.ts';

export interface DavOptions {
  readonly user: string;
  readonly password: () => Promise<string | null>;
  readonly timeoutMs: number;
  readonly fetch: Fetch;
  readonly clock: Clock;
}

export interface DavRequest {
  readonly method: 'PROPFIND' | 'REPORT';
  readonly url: URL;
  readonly depth: 0 | 1;
  readonly body: string;
}

/** Null: there is nothing at this address. */
export type Dav = (request: DavRequest, signal: AbortSignal) => Promise<Result<readonly Resource[] | null>>;

/** A fortnight of a busy person's is some hundred kilobytes. */
const MOST_BYTES = 8 * 1024 * 1024;

/** The body as text; null: it is longer than anybody's calendar. */
async function bounded(response: Response): Promise<string | null> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  if (!response.body) return text;
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    bytes += value.byteLength;
    if (bytes > MOST_BYTES) {
      await reader.cancel();
      return null;
    }
    text += decoder.decode(value, { stream: true });
  }
}

function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'no connection';
  const { cause } = error;
  if (cause instanceof Error) return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.name;
  return error.name;
}

function refusal(status: number): ReturnType<typeof fail> {
  const said = `The calendar server answered ${status}`;
  if (status === 401) return fail('unauthorized', `${said}: it does not take the account or its password.`);
  if (status >= 500 || status === 429 || status === 408) return fail('unreachable', `${said}.`);
  // A sign-in page or another place: the password is not carried there.
  if (status < 400) return fail('unreachable', `${said}, not as a calendar server does.`);
  return fail('rejected', `${said} for a person's calendar.`);
}

export function createDav(options: DavOptions): Dav {
  return async ({ method, url, depth, body }, signal) => {
    const password = await options.password();
    if (password === null) return fail('secret-missing', 'No password for the calendar server is stored.');
    const abort = new AbortController();
    let late = false;
    const cancel = options.clock.after(options.timeoutMs, () => {
      late = true;
      abort.abort();
    });
    try {
      const response = await options.fetch(url, {
        method,
        headers: {
          Authorization: `Basic ${Buffer.from(`${options.user}:${password}`).toString('base64')}`,
          'Content-Type': 'application/xml; charset=utf-8',
          Depth: String(depth),
        },
        body,
        redirect: 'manual',
        signal: AbortSignal.any([signal, abort.signal]),
      });
      const { status } = response;
      if (status !== 207) {
        await response.body?.cancel();
        return status === 404 || status === 410 ? ok(null) : refusal(status);
      }
      const text = await bounded(response);
      if (text === null) return fail('rejected', `A person's calendar is longer than ${MOST_BYTES} bytes.`);
      const resources = parseMultistatus(text);
      return resources ? ok(resources) : fail('unreachable', 'The calendar server answered something that is not WebDAV.');
    } catch (error) {
      return late
        ? fail('timeout', `The calendar server did not answer within ${options.timeoutMs} ms.`)
        : fail('unreachable', `The calendar server cannot be reached (${causeOf(error)}).`);
    } finally {
      cancel();
    }
  };
}
