import { addressOf, contactKey, header, headersOf, reply, type Header, type SipRequest } from './message.ts';
import type { Digest } from './digest.ts';
import type { Flow } from './flow.ts';

export interface Binding {
  readonly user: string;
  /** The Contact's own address, to which requests are sent. */
  readonly uri: string;
  /** The Contact as registered, without its expiry. */
  readonly contact: string;
  readonly flow: Flow;
  readonly callId: string;
  readonly cseq: number;
  readonly expiresAt: number;
}

const longest = 3600;
const shortest = 10;
const usual = 120;
const mostBindings = 10;

/** Who can be reached where (RFC 3261 §10.3): digest-guarded, several bindings a user, each with its expiry, gone with its connection. */
export class Registrar {
  readonly #domain: string;
  readonly #digest: Digest;
  readonly #now: () => number;
  readonly #bindings = new Map<string, Binding[]>();
  readonly #authorised = new WeakMap<Flow, Set<string>>();
  readonly #changed: (user: string, reachable: boolean) => void;

  constructor(
    domain: string,
    digest: Digest,
    changed: (user: string, reachable: boolean) => void,
    now: () => number = Date.now,
  ) {
    this.#domain = domain;
    this.#digest = digest;
    this.#changed = changed;
    this.#now = now;
  }

  /** The user's live bindings, newest first. */
  bindings(user: string): readonly Binding[] {
    return (this.#bindings.get(user) ?? []).filter((b) => b.expiresAt > this.#now() && b.flow.open).toReversed();
  }

  /** The users that have signed in over this connection. */
  usersOf(flow: Flow): ReadonlySet<string> {
    return this.#authorised.get(flow) ?? new Set();
  }

  /** Answers a REGISTER. */
  register(request: SipRequest, flow: Flow, tag: string): string {
    const user = request.toUser;
    const verdict = this.#digest.check({ method: 'REGISTER', authorization: header(request, 'Authorization') });
    if (verdict.kind === 'challenge')
      return reply(request, 401, 'Unauthorized', tag, [{ name: 'WWW-Authenticate', value: verdict.header }]);
    if (verdict.user !== user) return reply(request, 403, 'Forbidden', tag);

    const contacts = headersOf(request, 'Contact');
    const asked = Number(header(request, 'Expires') ?? usual);
    const held = this.bindings(user).toReversed();
    const before = held.length > 0;
    let kept = [...held];
    if (contacts[0] === '*') {
      if (contacts.length > 1 || asked !== 0) return reply(request, 400, 'Invalid Request', tag);
      kept = [];
    }
    for (const contact of contacts.filter((c) => c !== '*')) {
      const own = /;\s*expires\s*=\s*"?(\d+)/i.exec(contact.replace(/<[^>]*>/, ''))?.[1];
      const seconds = own === undefined ? asked : Number(own);
      if (!Number.isFinite(seconds) || seconds < 0) return reply(request, 400, 'Invalid Request', tag);
      if (seconds > 0 && seconds < shortest) {
        return reply(request, 423, 'Interval Too Brief', tag, [{ name: 'Min-Expires', value: String(shortest) }]);
      }
      const uri = addressOf(contact);
      const same = kept.find((b) => contactKey(b.uri) === contactKey(uri));
      // §10.3 step 7: what arrives out of order must not undo what is newer.
      if (same && same.callId === request.callId && same.cseq >= request.cseq) return reply(request, 500, 'Out of Order', tag);
      kept = kept.filter((b) => b !== same);
      if (seconds === 0) continue;
      kept.push({
        user,
        uri,
        flow,
        contact: contact.replace(/;\s*expires\s*=\s*"?\d+"?/i, ''),
        callId: request.callId,
        cseq: request.cseq,
        expiresAt: this.#now() + Math.min(seconds, longest) * 1000,
      });
    }
    kept = kept.slice(-mostBindings);
    this.#bindings.set(user, kept);
    const signedIn = this.#authorised.get(flow) ?? new Set<string>();
    this.#authorised.set(flow, signedIn.add(user));
    const after = kept.length > 0;
    if (before !== after) this.#changed(user, after);
    const extra: Header[] = kept.map((b) => ({
      name: 'Contact',
      value: `${b.contact};expires=${Math.max(1, Math.round((b.expiresAt - this.#now()) / 1000))}`,
    }));
    return reply(request, 200, 'OK', tag, [...extra, { name: 'Date', value: new Date(this.#now()).toUTCString() }]);
  }

  /** A closed connection reaches nobody any more. */
  forget(flow: Flow): void {
    for (const [user, held] of this.#bindings) {
      const kept = held.filter((b) => b.flow !== flow);
      if (kept.length === held.length) continue;
      this.#bindings.set(user, kept);
      if (kept.length === 0) this.#changed(user, false);
    }
  }

  /** Drops what has run out; the exchange asks now and then. */
  expire(): void {
    for (const [user, held] of this.#bindings) {
      const kept = held.filter((b) => b.expiresAt > this.#now());
      if (kept.length === held.length) continue;
      this.#bindings.set(user, kept);
      if (kept.length === 0) this.#changed(user, false);
    }
  }

  /** The realm and domain that addresses belong to. */
  get domain(): string {
    return this.#domain;
  }
}
