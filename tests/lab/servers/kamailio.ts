import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePorts, scratch, startServer, type RunningServer } from '../process.ts';
import type { Rtpengine } from './rtpengine.ts';

export interface Line {
  /** What the X-Queue header says. */
  readonly queue: string;
  /** The user who gets the line's calls. */
  readonly agent: string;
  /** What the X-Wait header says. */
  readonly waitSeconds?: number;
}

export interface KamailioOptions {
  readonly rtpengine: Rtpengine;
  readonly domain?: string;
  /** wss beside ws, with a certificate of its own making. */
  readonly tls?: boolean;
  /** User → password. Default: agent1 and agent2. */
  readonly users?: Readonly<Record<string, string>>;
  /** Number → `sip:number@127.0.0.1:port` of the telephone that has it. */
  readonly numbers?: Readonly<Record<string, string>>;
  /** Called user → line: the header fields are added and the agent is called. */
  readonly lines?: Readonly<Record<string, Line>>;
  /** Presence and dialog events (RFC 3856, RFC 4235), granted for so many seconds at most. */
  readonly presence?: { readonly expiresSeconds: number };
}

export interface Kamailio {
  readonly domain: string;
  readonly sipPort: number;
  readonly wsUrl: string;
  readonly wssUrl: string | null;
  readonly server: RunningServer;
  /** From now on, through restarts too. */
  routeNumber(number: string, contact: string): Promise<void>;
  /** SUBSCRIBE and PUBLISH about this user are refused with this status from now on; null: taken again. */
  refuseEvents(user: string, status: number | null): Promise<void>;
  /** How many SUBSCRIBE or PUBLISH about a user have come since the start; refreshes apart. */
  asked(what: 'SUBSCRIBE' | 'PUBLISH' | 'REFRESH', user: string): Promise<number>;
  /** How many contacts a user has now. */
  contacts(user: string): Promise<number>;
  /** Starts it again on the same ports after `server.stop` or `server.kill9`. Registrations are gone, as in a real crash. */
  restart(): Promise<void>;
}

/** Registrar and proxy for the lab's domain, on free ports. */
export async function startKamailio(options: KamailioOptions): Promise<Kamailio> {
  const folder = scratch('kamailio');
  const ports = await freePorts(3);
  const sipPort = ports[0]!;
  const wsPort = ports[1]!;
  const wssPort = ports[2]!;
  const domain = options.domain ?? 'lab.test';
  const users = options.users ?? { agent1: 'pw-agent1', agent2: 'pw-agent2' };
  const numbers = new Map(Object.entries(options.numbers ?? {}));
  const tls = options.tls === true;
  if (tls) makeCertificate(folder);

  const render = () => {
    const template = readFileSync(fileURLToPath(new URL('kamailio/kamailio.cfg', import.meta.url)), 'utf8');
    const lines = Object.entries(options.lines ?? {});
    const values: Record<string, string> = {
      DOMAIN: domain,
      TLS: tls ? 'yes' : 'no',
      SIP_PORT: String(sipPort),
      WS_PORT: String(wsPort),
      WSS_PORT: String(wssPort),
      WSS_LISTEN: tls ? `listen=tls:127.0.0.1:${wssPort}` : '',
      TLS_MODULE: tls ? `loadmodule "tls.so"\nmodparam("tls", "config", "${join(folder, 'tls.cfg')}")` : '',
      RTPENGINE_PORT: String(options.rtpengine.port),
      USERS: Object.entries(users)
        .map(([user, password]) => set('users', user, password))
        .join('\n'),
      NUMBERS: [...numbers].map(([number, contact]) => set('numbers', number, contact)).join('\n'),
      LINES: lines
        .flatMap(([user, line]) => [
          set('lines', user, line.queue),
          set('agents', user, line.agent),
          set('waits', user, String(line.waitSeconds ?? 0)),
        ])
        .join('\n'),
      PRESENCE: options.presence === undefined ? '' : '#!define WITH_PRESENCE',
      PRESENCE_DB: join(folder, 'presence.db'),
      PRESENCE_EXPIRES: String(options.presence?.expiresSeconds ?? 600),
      LINE_HEADER: 'X-Queue',
      WAIT_HEADER: 'X-Wait',
    };
    const text = template.replaceAll(/@([A-Z_]+)@/g, (whole, name: string) => values[name] ?? whole);
    writeFileSync(join(folder, 'kamailio.cfg'), text);
  };

  const start = () => {
    render();
    if (options.presence !== undefined) makePresenceTables(join(folder, 'presence.db'));
    mkdirSync(join(folder, 'run'), { recursive: true });
    return startServer({
      name: 'kamailio',
      command: 'kamailio',
      args: ['-f', join(folder, 'kamailio.cfg'), '-Y', join(folder, 'run'), '-m', '64', '-M', '8', '-DD', '-E'],
      folder,
      // The port opens before the modules' initialisation can still fail; an answer to a call cannot lie.
      ready: async () => (await rpc(wsPort, 'core.version', [])) !== undefined,
      timeoutMs: 15_000,
    });
  };

  let server = await start();
  return {
    domain,
    sipPort,
    wsUrl: `ws://127.0.0.1:${wsPort}`,
    wssUrl: tls ? `wss://127.0.0.1:${wssPort}` : null,
    get server() {
      return server;
    },
    async routeNumber(number, contact) {
      numbers.set(number, contact);
      await rpc(wsPort, 'htable.sets', ['numbers', number, contact]);
    },
    async refuseEvents(user, status) {
      if (status === null) await rpc(wsPort, 'htable.delete', ['deaf', user]);
      else await rpc(wsPort, 'htable.sets', ['deaf', user, String(status)]);
    },
    async asked(what, user) {
      const found = await rpc(wsPort, 'htable.get', ['asked', `${what} ${user}`]);
      return Number(/"value"\s*:\s*"?(\d+)/.exec(JSON.stringify(found ?? {}))?.[1] ?? 0);
    },
    async contacts(user) {
      const result = await rpc(wsPort, 'ul.lookup', ['location', `${user}@${domain}`]).catch(() => undefined);
      return JSON.stringify(result ?? {}).split('"Address"').length - 1;
    },
    async restart() {
      server = await start();
    },
  };
}

function set(table: string, key: string, value: string): string {
  return `    $sht(${table}=>${key}) = "${value}";`;
}

/** Kamailio's own control port: JSON-RPC over HTTP. Undefined when it says no. */
async function rpc(port: number, method: string, params: readonly string[]): Promise<unknown> {
  const response = await fetch(`http://127.0.0.1:${port}/RPC`, {
    method: 'POST',
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    signal: AbortSignal.timeout(1000),
  });
  const answer: unknown = await response.json();
  return typeof answer === 'object' && answer !== null && 'result' in answer ? answer.result : undefined;
}

/** Empty ones: a server that was killed has forgotten who watches whom. */
function makePresenceTables(file: string): void {
  rmSync(file, { force: true });
  const sql = ['standard', 'presence'].map((name) => readFileSync(`/usr/share/kamailio/db_sqlite/${name}-create.sql`, 'utf8'));
  execFileSync('sqlite3', [file], { input: sql.join('\n') });
}

function makeCertificate(folder: string): void {
  const key = join(folder, 'key.pem');
  const certificate = join(folder, 'certificate.pem');
  if (!existsSync(key)) {
    execFileSync(
      'openssl',
      [
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-days',
        '2',
        '-subj',
        '/CN=localhost',
        '-addext',
        'subjectAltName=DNS:localhost,IP:127.0.0.1',
        '-keyout',
        key,
        '-out',
        certificate,
      ],
      { stdio: 'ignore' },
    );
  }
  writeFileSync(
    join(folder, 'tls.cfg'),
    `[server:default]\nmethod = TLSv1.2+\nverify_certificate = no\nrequire_certificate = no\nprivate_key = ${key}\ncertificate = ${certificate}\n[client:default]\nmethod = TLSv1.2+\nverify_certificate = no\n`,
  );
}
