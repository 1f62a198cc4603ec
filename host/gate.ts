import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** Why a request is turned away: for the log. */
export type GateRefusal = 'host' | 'origin' | 'token' | 'cookie';

function same(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

const secret = () => randomBytes(32).toString('base64url');

/**
 * Who may speak to the host at 127.0.0.1:`port`: a browser that was started with a one-time token, and has since shown the cookie that it
 * got for it. The Host header is checked against DNS rebinding, the Origin of a WebSocket against other pages in the same browser.
 */
export class Gate {
  readonly #host: string;
  readonly #cookieName: string;
  readonly #tokens = new Set<string>();
  readonly #visitors = new Set<string>();

  constructor(port: number) {
    this.#host = `127.0.0.1:${port}`;
    // Browsers send cookies to every port of a host: two hosts of one user must not overwrite each other's.
    this.#cookieName = `samband-${port}`;
  }

  get origin(): string {
    return `http://${this.#host}`;
  }

  /** An address that lets one browser in, once. */
  issueAddress(): string {
    const token = secret();
    this.#tokens.add(token);
    return `${this.origin}/?token=${token}`;
  }

  /** The Set-Cookie that a good token is worth; null for one that is wrong or was used. */
  exchange(token: string): string | null {
    const match = [...this.#tokens].find((candidate) => same(candidate, token));
    if (match === undefined) return null;
    this.#tokens.delete(match);
    const visitor = secret();
    this.#visitors.add(visitor);
    return `${this.#cookieName}=${visitor}; Path=/; HttpOnly; SameSite=Strict`;
  }

  /** What is wrong with a request's Host; null: nothing. */
  refuseHost(headers: IncomingHttpHeaders): GateRefusal | null {
    return headers.host === this.#host ? null : 'host';
  }

  /** What is wrong with a request for a page or a file. */
  refuse(headers: IncomingHttpHeaders): GateRefusal | null {
    return this.refuseHost(headers) ?? (this.#hasCookie(headers) ? null : 'cookie');
  }

  /** What is wrong with the opening of a WebSocket. */
  refuseLine(headers: IncomingHttpHeaders): GateRefusal | null {
    return this.refuseHost(headers) ?? (headers.origin === this.origin ? null : 'origin') ?? this.refuse(headers);
  }

  #hasCookie(headers: IncomingHttpHeaders): boolean {
    const prefix = `${this.#cookieName}=`;
    const values = (headers.cookie ?? '')
      .split(';')
      .map((part) => part.trim())
      .filter((part) => part.startsWith(prefix))
      .map((part) => part.slice(prefix.length));
    return values.some((value) => [...this.#visitors].some((visitor) => same(visitor, value)));
  }
}
