import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const md5 = (text: string) => createHash('md5').update(text).digest('hex');

function readParameters(value: string): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const [, name, quoted, bare] of value.matchAll(/([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^,\s"]+))/g)) {
    if (name !== undefined) found[name.toLowerCase()] = quoted?.replace(/\\(.)/g, '$1') ?? bare ?? '';
  }
  return found;
}

export type Verdict =
  | { readonly kind: 'accepted'; readonly user: string }
  | { readonly kind: 'challenge'; readonly header: string };

/** What a request claims to know. */
export interface Credentials {
  readonly method: string;
  /** The Authorization header, or null. */
  readonly authorization: string | null;
}

/**
 * Digest authentication (RFC 2617 with qop=auth and MD5: what SIP.js speaks). A nonce serves one client for five minutes, and each of
 * its counts once.
 */
export class Digest {
  readonly #realm: string;
  readonly #passwordOf: (user: string) => string | null;
  readonly #now: () => number;
  readonly #nonces = new Map<string, { readonly until: number; count: number }>();

  constructor(realm: string, passwordOf: (user: string) => string | null, now: () => number = Date.now) {
    this.#realm = realm;
    this.#passwordOf = passwordOf;
    this.#now = now;
  }

  check({ method, authorization }: Credentials): Verdict {
    if (authorization === null || !/^digest\s/i.test(authorization)) return this.#challenge(false);
    const given = readParameters(authorization);
    const { username = '', nonce = '', nc = '', cnonce = '', uri = '', response = '' } = given;
    const known = this.#nonces.get(nonce);
    const count = Number.parseInt(nc, 16);
    const password = this.#passwordOf(username);
    if (given['realm'] !== this.#realm || given['qop'] !== 'auth' || !/^[0-9a-f]{8}$/i.test(nc) || password === null)
      return this.#challenge(false);
    const a1 = md5(`${username}:${this.#realm}:${password}`);
    const expected = md5(`${a1}:${nonce}:${nc}:${cnonce}:auth:${md5(`${method}:${uri}`)}`);
    if (
      response.length !== expected.length ||
      !timingSafeEqual(Buffer.from(expected), Buffer.from(response.padEnd(32).slice(0, 32)))
    ) {
      return this.#challenge(false);
    }
    // The right password for a nonce that is used up: the client may try again without asking its user (stale=true).
    if (!known || known.until < this.#now() || count <= known.count) return this.#challenge(true);
    known.count = count;
    return { kind: 'accepted', user: username };
  }

  #challenge(stale: boolean): Verdict {
    for (const [nonce, { until }] of this.#nonces) if (until < this.#now()) this.#nonces.delete(nonce);
    // A flood of unauthenticated requests must not fill the memory.
    const oldest = this.#nonces.size >= 1000 ? this.#nonces.keys().next().value : undefined;
    if (oldest !== undefined) this.#nonces.delete(oldest);
    const nonce = randomBytes(16).toString('hex');
    this.#nonces.set(nonce, { until: this.#now() + 300_000, count: 0 });
    return {
      kind: 'challenge',
      header: `Digest realm="${this.#realm}", nonce="${nonce}", algorithm=MD5, qop="auth"${stale ? ', stale=true' : ''}`,
    };
  }
}
