import { Registerer, RegistererState, TransportState, UserAgentState, type URI, type UserAgent } from 'sip.js';
import type { LineState } from '../phone.ts';
import { backoff } from './outcome.ts';
import type { SocketTransport } from './transport.ts';

/** Milliseconds. */
const CONNECT_DEADLINE = 3000;
/** A booting Asterisk takes the socket and drops the REGISTER; SIP.js would wait 32 s for it. */
const REGISTER_DEADLINE = 3000;
const WATCHDOG_INTERVAL = 3000;
const WATCHDOG_DEADLINE = 2000;
/** A wrong password does not get better by asking often, and may lock the account. */
const REFUSED_RETRY = 30_000;

export interface RegistrationPorts {
  readonly agent: UserAgent;
  readonly transport: SocketTransport;
  readonly servers: readonly string[];
  /** The domain's own URI. */
  readonly registrar: URI;
  readonly expiresSeconds: number;
  onLine(state: LineState): void;
  /** Registered, for the first time or again: live calls have to be refreshed. */
  onRegistered(): void;
  readonly log: (level: 'info' | 'warn' | 'error', event: string, details: string) => void;
}

type Outcome =
  | { readonly kind: 'registered'; readonly registerer: Registerer }
  | { readonly kind: 'failed' }
  | { readonly kind: 'refused'; readonly status: number };

/** Keeps one registration alive, whatever happens to servers and network, from `run` to `stop`. */
export class Registration {
  readonly #ports: RegistrationPorts;
  readonly #stopped = new AbortController();
  #registerer: Registerer | null = null;
  #line: LineState['kind'] | null = null;

  constructor(ports: RegistrationPorts) {
    this.#ports = ports;
  }

  async run(): Promise<void> {
    const { transport, servers } = this.#ports;
    const signal = this.#stopped.signal;
    let attempt = 0;
    let lostAt: number | null = null;
    for (let server = 0; !signal.aborted; server++) {
      transport.server = servers[server % servers.length]!;
      // Later attempts are no news: it is offline until a server listens.
      if (this.#line === null) this.#say({ kind: 'connecting', since: Date.now() });
      const outcome = await this.#attempt();
      if (signal.aborted) return;
      if (outcome.kind === 'registered') {
        attempt = 0;
        lostAt = null;
        this.#say({ kind: 'registered', since: Date.now() });
        this.#ports.onRegistered();
        await this.#untilLost(outcome.registerer);
        // The server that was good is tried first again.
        server--;
      }
      if (signal.aborted) return;
      transport.drop();
      this.#forgetRegisterer();
      if (outcome.kind === 'refused') {
        this.#say({ kind: 'refused', since: Date.now(), status: outcome.status });
        await pause(REFUSED_RETRY, signal);
        continue;
      }
      lostAt ??= Date.now();
      this.#say({ kind: 'offline', since: lostAt });
      await pause(backoff(attempt++, Math.random()), signal);
    }
  }

  /** Unregisters if the server still listens (at most for a second) and closes the socket. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    const registerer = this.#registerer;
    if (registerer?.state === RegistererState.Registered && this.#ports.transport.isConnected()) {
      const gone = new Promise<void>((resolve) => registerer.stateChange.addListener(() => resolve()));
      await Promise.race([registerer.unregister().then(() => gone), pause(1000)]).catch(() => undefined);
    }
    this.#ports.transport.drop();
    this.#forgetRegisterer();
    this.#say({ kind: 'offline', since: Date.now() });
  }

  async #attempt(): Promise<Outcome> {
    const { agent, transport } = this.#ports;
    const late = setTimeout(() => transport.drop(), CONNECT_DEADLINE);
    const connected = await (agent.state === UserAgentState.Started ? transport.connect() : agent.start()).then(
      () => true,
      () => false,
    );
    clearTimeout(late);
    if (!connected || this.#stopped.signal.aborted) return { kind: 'failed' };
    if (this.#line !== 'refused') this.#say({ kind: 'connecting', since: Date.now() });
    // A registerer of an earlier socket may still wait for its answer: always a new one.
    const registerer = new Registerer(agent, {
      expires: this.#ports.expiresSeconds,
      registrar: this.#ports.registrar,
      refreshFrequency: 80,
      logConfiguration: false,
    });
    this.#registerer = registerer;
    return new Promise((resolve) => {
      const settle = (outcome: Outcome) => {
        clearTimeout(deadline);
        transport.stateChange.removeListener(onState);
        resolve(outcome);
      };
      const onState = (state: TransportState) => {
        if (state === TransportState.Disconnected) settle({ kind: 'failed' });
      };
      const deadline = setTimeout(() => {
        this.#ports.log('warn', 'telephone.register-deadline', '');
        settle({ kind: 'failed' });
      }, REGISTER_DEADLINE);
      transport.stateChange.addListener(onState);
      const sent = registerer.register({
        requestDelegate: {
          onAccept: () => settle({ kind: 'registered', registerer }),
          onReject: ({ message }) => {
            const status = message.statusCode ?? 0;
            this.#ports.log('warn', 'telephone.register-refused', String(status));
            settle(status === 401 || status === 403 || status === 407 ? { kind: 'refused', status } : { kind: 'failed' });
          },
        },
      });
      sent.catch((error: unknown) => {
        this.#ports.log('warn', 'telephone.register-failed', String(error));
        settle({ kind: 'failed' });
      });
    });
  }

  /** Resolves when the socket closes, the registration is lost, or the server stops answering. */
  #untilLost(registerer: Registerer): Promise<void> {
    const { transport, log } = this.#ports;
    return new Promise((resolve) => {
      let deadline: ReturnType<typeof setTimeout> | undefined;
      const done = () => {
        clearInterval(beat);
        clearTimeout(deadline);
        transport.stateChange.removeListener(onTransport);
        registerer.stateChange.removeListener(onRegisterer);
        this.#stopped.signal.removeEventListener('abort', done);
        resolve();
      };
      const onTransport = (state: TransportState) => {
        if (state === TransportState.Disconnected) done();
      };
      const onRegisterer = (state: RegistererState) => {
        if (state !== RegistererState.Registered) done();
      };
      // A frozen server keeps its sockets open: only a question that is not answered shows it.
      const beat = setInterval(() => {
        clearTimeout(deadline);
        deadline = setTimeout(() => {
          log('warn', 'telephone.watchdog', 'the server does not answer');
          done();
        }, WATCHDOG_DEADLINE);
        this.#ask(() => clearTimeout(deadline));
      }, WATCHDOG_INTERVAL);
      transport.stateChange.addListener(onTransport);
      registerer.stateChange.addListener(onRegisterer);
      this.#stopped.signal.addEventListener('abort', done);
      if (!transport.isConnected()) done();
    });
  }

  /** OPTIONS to the domain: any answer is a sign of life. */
  #ask(alive: () => void): void {
    const { agent, registrar } = this.#ports;
    const aor = agent.configuration.uri;
    const request = agent.userAgentCore.makeOutgoingRequestMessage('OPTIONS', registrar, aor, registrar, {}, []);
    agent.userAgentCore.request(request, {
      onAccept: alive,
      // A transport error is reported as 503 by SIP.js itself; the socket's end is noticed elsewhere.
      onReject: alive,
      onRedirect: alive,
      onProgress: alive,
      onTrying: alive,
    });
  }

  #forgetRegisterer(): void {
    const registerer = this.#registerer;
    this.#registerer = null;
    // With the socket gone this sends nothing; it ends the refreshing that would go on in the next socket.
    if (registerer !== null) void registerer.dispose();
  }

  #say(state: LineState): void {
    if (state.kind === this.#line && state.kind !== 'refused') return;
    this.#line = state.kind;
    this.#ports.onLine(state);
  }
}

/** Resolves after so many milliseconds, or when the signal aborts. */
function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal?.addEventListener('abort', done);
  });
}
