import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { Digest } from './digest.ts';
import { realAfter, type Flow } from './flow.ts';
import { addressOf, contactKey, header, headersOf, parse, unescapeUser, withoutFirst, type SipRequest } from './message.ts';
import { Proxy } from './proxy.ts';
import { Registrar } from './registrar.ts';
import { usualTimers, type Target, type Timers } from './transaction.ts';

export interface Account {
  readonly user: string;
  readonly password: string;
  /** A gateway may say that anybody calls; others only themselves. */
  readonly gateway?: boolean;
}

/** A service line: a number that citizens call, and who answers it. */
export interface Line {
  readonly number: string;
  /** What the agent sees (X-Queue). */
  readonly name: string;
  readonly agents: readonly string[];
  /** Seconds that this caller has waited (X-Wait). */
  readonly waitedSeconds: () => number;
}

export interface ExchangeOptions {
  readonly domain: string;
  /** 0 or absent: any free one. */
  readonly port?: number;
  readonly accounts: readonly Account[];
  readonly lines: readonly Line[];
  /** The account that a number is delivered to; null: nobody has it. */
  readonly resolve: (number: string) => string | null;
  readonly timers?: Timers;
}

export type ExchangeEvent =
  | { readonly type: 'registered' | 'unregistered'; readonly user: string }
  | { readonly type: 'callStarted' | 'callEnded'; readonly users: readonly string[] };

export interface Exchange {
  /** `ws://127.0.0.1:…` */
  readonly url: string;
  readonly domain: string;
  isRegistered(user: string): boolean;
  /** Rings or talks: any call of this user that has not ended. */
  isInCall(user: string): boolean;
  /** Listens until the returned function is called. */
  on(listener: (event: ExchangeEvent) => void): () => void;
  /** What is still under way; a quiet exchange has none. */
  pending(): { readonly transactions: number; readonly branches: number };
  stop(): Promise<void>;
}

/** Targets, or the status that says why there are none. */
type Reached = { readonly targets: readonly Target[] } | { readonly status: number; readonly reason: string };

const allow = 'INVITE, ACK, CANCEL, BYE, REFER, NOTIFY, OPTIONS, INFO, MESSAGE, UPDATE';
const known = new Set(['INVITE', 'ACK', 'BYE', 'REFER', 'NOTIFY', 'OPTIONS', 'INFO', 'MESSAGE', 'UPDATE', 'PRACK']);
const newTag = () => randomBytes(6).toString('hex');

/** Starts a small SIP exchange (registrar and proxy) for WebSocket clients (RFC 7118), on the loopback interface only. */
export async function startExchange(options: ExchangeOptions): Promise<Exchange> {
  const server = new WebSocketServer({
    host: '127.0.0.1',
    port: options.port ?? 0,
    maxPayload: 65_536,
    handleProtocols: (offered) => (offered.has('sip') ? 'sip' : false),
    verifyClient: ({ req }: { req: { headers: Record<string, string | string[] | undefined> } }) =>
      /(^|,)\s*sip\s*(,|$)/.test(String(req.headers['sec-websocket-protocol'] ?? '')),
  });
  await new Promise<void>((resolve, reject) => {
    server.once('listening', resolve);
    server.once('error', reject);
  });
  const hostport = `127.0.0.1:${(server.address() as AddressInfo).port}`;

  const listeners = new Set<(event: ExchangeEvent) => void>();
  const tell = (event: ExchangeEvent) => {
    for (const listener of listeners) listener(event);
  };
  const accounts = new Map(options.accounts.map((a) => [a.user, a]));
  const digest = new Digest(options.domain, (user) => accounts.get(user)?.password ?? null);
  const registrar = new Registrar(options.domain, digest, (user, on) =>
    tell({ type: on ? 'registered' : 'unregistered', user }),
  );
  const contacts = new Map<string, Flow>();
  const calls = new Map<string, readonly string[]>();

  const endCall = (callId: string) => {
    const users = calls.get(callId);
    if (users && calls.delete(callId)) tell({ type: 'callEnded', users });
  };
  const proxy = new Proxy(
    hostport,
    realAfter,
    options.timers ?? usualTimers,
    (request, status) => {
      if (request.method === 'INVITE' && request.toTag === null && status >= 300) endCall(request.callId);
      if (request.method === 'BYE') endCall(request.callId);
    },
    learn,
  );

  /** A contact moves to another connection only when its own is gone: nobody can take over a stranger's calls. */
  function learn(contact: string, flow: Flow): void {
    if (!contacts.get(contact)?.open) contacts.set(contact, flow);
  }

  /** Whom a request that begins something reaches: targets, or the status that says why not. */
  function reach(request: SipRequest): Reached {
    const direct = contacts.get(contactKey(request.uri));
    if (direct?.open) return { targets: [{ uri: request.uri, flow: direct }] };
    const local = [options.domain, '127.0.0.1', 'localhost'].includes(request.uriHost);
    const user = request.uriUser === null || !local ? null : unescapeUser(request.uriUser);
    const line = options.lines.find((l) => l.number === user);
    if (line) {
      const extra = [
        { name: 'X-Queue', value: line.name },
        { name: 'X-Wait', value: String(Math.max(0, Math.round(line.waitedSeconds()))) },
      ];
      const targets = line.agents.flatMap((a) => registrar.bindings(a)).map((b) => ({ uri: b.uri, flow: b.flow, extra }));
      return targets.length > 0 ? { targets } : { status: 480, reason: 'Temporarily Unavailable' };
    }
    const account = user === null ? null : accounts.has(user) ? user : options.resolve(user);
    if (account === null) return { status: 404, reason: 'Not Found' };
    const targets = registrar.bindings(account).map(({ uri, flow }) => ({ uri, flow }));
    return targets.length > 0 ? { targets } : { status: 480, reason: 'Temporarily Unavailable' };
  }

  function usersAt(targets: readonly Target[]): readonly string[] {
    return options.accounts
      .map((a) => a.user)
      .filter((u) => registrar.bindings(u).some((b) => targets.some((t) => t.flow === b.flow)));
  }

  function begin(flow: Flow, request: SipRequest): void {
    const signedIn = registrar.usersOf(flow);
    const trusted = [...signedIn].some((user) => accounts.get(user)?.gateway === true);
    if (!trusted && !signedIn.has(request.fromUser)) return proxy.answer(flow, request, 403, 'Forbidden');
    if (!known.has(request.method)) {
      const events = request.method === 'SUBSCRIBE' || request.method === 'PUBLISH';
      return proxy.answer(flow, request, events ? 489 : 501, events ? 'Bad Event' : 'Not Implemented', [
        { name: 'Allow', value: allow },
      ]);
    }
    const found = reach(request);
    if ('status' in found) return proxy.answer(flow, request, found.status, found.reason);
    const { targets } = found;
    if (request.method === 'ACK') return targets[0] && proxy.acknowledge(request, targets[0]);
    if (request.method === 'INVITE') {
      const users = [...new Set([...signedIn, ...usersAt(targets)])];
      calls.set(request.callId, users);
      tell({ type: 'callStarted', users });
    }
    proxy.forward(flow, request, targets);
  }

  function within(flow: Flow, request: SipRequest): void {
    const peer = contacts.get(contactKey(request.uri));
    if (!peer?.open) {
      if (request.method === 'BYE') endCall(request.callId);
      return proxy.answer(flow, request, 481, 'Call/Transaction Does Not Exist');
    }
    const target = { uri: request.uri, flow: peer };
    if (request.method === 'ACK') proxy.acknowledge(request, target);
    else proxy.forward(flow, request, [target]);
  }

  function onRequest(flow: Flow, received: SipRequest): void {
    if (proxy.absorb(flow, received)) return;
    // §16.4: our own Record-Route comes back as the topmost Route and is taken off.
    let request = received;
    while (contactKey(addressOf(headersOf(request, 'Route')[0] ?? '')) === hostport) {
      request = { ...request, headers: withoutFirst(request.headers, 'Route') };
    }
    const contact = header(request, 'Contact');
    if (contact !== null && request.method !== 'REGISTER') learn(contactKey(addressOf(contact)), flow);
    const toUs = request.uriUser === null && [options.domain, '127.0.0.1', 'localhost'].includes(request.uriHost);
    if (request.method === 'REGISTER') {
      flow.send(registrar.register(request, flow, newTag()));
      for (const b of registrar.bindings(request.toUser)) if (b.flow === flow) learn(contactKey(b.uri), flow);
    } else if (Number(header(request, 'Max-Forwards') ?? 70) <= 0) proxy.answer(flow, request, 483, 'Too Many Hops');
    else if (header(request, 'Proxy-Require') !== null) {
      proxy.answer(flow, request, 420, 'Bad Extension', [
        { name: 'Unsupported', value: header(request, 'Proxy-Require') ?? '' },
      ]);
    } else if (request.toTag !== null) within(flow, request);
    else if (request.method === 'OPTIONS' && toUs) proxy.answer(flow, request, 200, 'OK', [{ name: 'Allow', value: allow }]);
    else begin(flow, request);
  }

  server.on('connection', (socket) => {
    const flow: Flow = {
      get open() {
        return socket.readyState === socket.OPEN;
      },
      send(text) {
        if (socket.readyState !== socket.OPEN) return false;
        socket.send(text);
        return true;
      },
    };
    socket.on('message', (data: Buffer) => {
      const text = data.toString('utf8');
      // RFC 5626 §3.5.1 keep-alive: a double CRLF is answered by a single one.
      if (/^(\r\n)+$/.test(text)) {
        if (text === '\r\n\r\n') flow.send('\r\n');
        return;
      }
      const message = parse(text);
      if (message?.kind === 'request') onRequest(flow, message);
      else if (message?.kind === 'response') proxy.respond(flow, message);
    });
    // A broken frame closes its own connection and nothing else.
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      registrar.forget(flow);
      for (const [contact, owner] of contacts) if (owner === flow) contacts.delete(contact);
      proxy.closed(flow);
    });
  });
  const sweep = setInterval(() => registrar.expire(), 1000).unref();

  return {
    url: `ws://${hostport}`,
    domain: options.domain,
    isRegistered: (user) => registrar.bindings(user).length > 0,
    isInCall: (user) => [...calls.values()].some((users) => users.includes(user)),
    on(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    pending: () => proxy.pending,
    async stop() {
      clearInterval(sweep);
      proxy.stop();
      for (const client of server.clients) client.terminate();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}
