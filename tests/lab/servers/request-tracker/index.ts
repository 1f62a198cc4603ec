/** Request Tracker 5 as a process: own folder, own configuration, SQLite, tokens of three users. Debian's request-tracker5. */
import { createHash } from 'node:crypto';
import { execFile } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort, scratch, startServer, type RunningServer } from '../../process.ts';
import { createRootApi, type RootApi } from './root-api.ts';

const seedFile = new URL('seed.pl', import.meta.url).pathname;
const run = promisify(execFile);

export interface RequestTracker {
  /** `http://127.0.0.1:PORT`: what the settings name. */
  readonly url: string;
  /** Of agent1, who may read telephone fields. */
  readonly token: string;
  readonly tokens: Readonly<Record<'agent1' | 'agent2' | 'reader', string>>;
  /** Reads and seeds independently of the adapter. */
  readonly rootApi: RootApi;
  seedContact: RootApi['seedContact'];
  seedTicket: RootApi['seedTicket'];
  /** Stops it (default SIGTERM); SIGKILL takes its workers with it. */
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** Starts it again on the same database and port. */
  start(): Promise<void>;
  /** To the whole process group (SIGSTOP and SIGCONT freeze and thaw it). */
  signal(signal: NodeJS.Signals): void;
}

/** True where Debian's request-tracker5 is installed. */
export function hasRequestTracker(): boolean {
  return existsSync('/usr/share/request-tracker5/libexec/rt-server') && existsSync('/usr/sbin/rt-setup-database-5');
}

function siteConfig(folder: string, database: string, port: number): string {
  return `use utf8;
$RT::MasonDataDir = '${folder}/mason'; $RT::MasonSessionDir = '${folder}/sessions'; $RT::VarPath = '${folder}/var';
Set($rtname, 'lab.test'); Set($Organization, 'lab.test');
Set($DatabaseType, 'SQLite'); Set($DatabaseName, '${database}'); Set($DatabaseHost, ''); Set($DatabaseUser, ''); Set($DatabasePassword, '');
Set($WebDomain, '127.0.0.1'); Set($WebPort, ${port}); Set($WebBaseURL, 'http://127.0.0.1:${port}'); Set($WebPath, ''); Set($CanonicalizeRedirectURLs, 0);
Set($CorrespondAddress, 'rt\\@lab.test'); Set($CommentAddress, 'rt-comment\\@lab.test');
Set($Timezone, 'Europe/Oslo');
Set($MailCommand, 'testfile'); Set($NotifyActor, 0);
Set($LogToSyslog, undef); Set($LogToFile, undef); Set($LogToSTDERR, 'error'); Set($StatementLog, undef);
Set(%GnuPG, Enable => 0); Set(%SMIME, Enable => 0);
Set($WebSessionClass, 'Apache::Session::File');
# Every call by token pays for bcrypt; at the default cost of 12 that is 300 ms.
Set($BcryptCost, 4);
1;
`;
}

function prepare(folder: string, database: string, port: number): Record<string, string> {
  for (const name of ['conf.d', 'mason', 'sessions', 'var', 'mail']) mkdirSync(join(folder, name), { recursive: true });
  const config = join(folder, 'RT_SiteConfig.pm');
  writeFileSync(config, siteConfig(folder, database, port));
  return { RT_SITE_CONFIG: config, RT_SITE_CONFIG_DIR: join(folder, 'conf.d'), TMPDIR: join(folder, 'mail') };
}

/** The initialised database and its tokens, made once for this seed and version of RT. */
async function seeded(): Promise<{ database: string; tokens: string }> {
  const version = readFileSync('/usr/sbin/rt-setup-database-5');
  const hash = createHash('sha256')
    .update(readFileSync(seedFile))
    .update(siteConfig('', '', 0))
    .update(version)
    .digest('hex')
    .slice(0, 16);
  const cache = join(tmpdir(), 'samband-lab-cache', `request-tracker-${hash}`);
  const files = { database: join(cache, 'rt.db'), tokens: join(cache, 'tokens') };
  if (existsSync(cache)) return files;
  const folder = scratch('rt-seed');
  const made = join(folder, 'made');
  mkdirSync(made);
  const env = { ...process.env, ...prepare(folder, join(made, 'rt.db'), 1), SAMBAND_TOKENS: join(made, 'tokens') };
  await run('/usr/sbin/rt-setup-database-5', ['--action', 'init', '--skip-create'], { env });
  await run('/usr/sbin/rt-setup-database-5', ['--action', 'insert', '--datafile', seedFile], { env });
  mkdirSync(join(tmpdir(), 'samband-lab-cache'), { recursive: true });
  try {
    renameSync(made, cache);
  } catch {
    // Another test run was first.
    if (!existsSync(cache)) throw new Error(`The seed of Request Tracker could not be kept in ${cache}.`);
  }
  rmSync(folder, { recursive: true, force: true });
  return files;
}

/** Starts Request Tracker with a fresh copy of the seed. Up in about a second once the seed is cached (8 s the first time). */
export async function startRequestTracker(options: { port?: number; workers?: number } = {}): Promise<RequestTracker> {
  const seed = await seeded();
  const folder = scratch('rt');
  const database = join(folder, 'rt.db');
  copyFileSync(seed.database, database);
  const port = options.port ?? (await freePort());
  const env = prepare(folder, database, port);
  const tokens = new Map(
    readFileSync(seed.tokens, 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split(' ') as [string, string]),
  );
  const tokenOf = (name: string) => tokens.get(name) ?? '';
  const url = `http://127.0.0.1:${port}`;
  const rootApi = createRootApi(url);

  let server: RunningServer | null = null;
  const start = async () => {
    server = await startServer({
      name: 'request-tracker',
      command: '/usr/share/request-tracker5/libexec/rt-server',
      args: [
        '--host',
        '127.0.0.1',
        '--port',
        String(port),
        '--max-workers',
        String(options.workers ?? 4),
        '--access-log',
        join(folder, 'access.log'),
      ],
      folder,
      env,
      ready: async () => (await fetch(`${url}/REST/2.0/rt`, { signal: AbortSignal.timeout(2000) })).status === 401,
      timeoutMs: 60_000,
    });
  };
  await start();
  return {
    url,
    token: tokenOf('agent1'),
    tokens: { agent1: tokenOf('agent1'), agent2: tokenOf('agent2'), reader: tokenOf('reader') },
    rootApi,
    seedContact: (contact) => rootApi.seedContact(contact),
    seedTicket: (ticket) => rootApi.seedTicket(ticket),
    async stop(signal = 'SIGTERM') {
      if (signal === 'SIGKILL') await server?.kill9();
      else await server?.stop(signal);
    },
    start,
    signal: (signal) => server?.signal(signal),
  };
}
