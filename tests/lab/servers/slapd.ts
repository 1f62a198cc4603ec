import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Attribute, Change, Client } from 'ldapts';
import { peopleLdif, personAttributes, personDn, type DemoPerson } from '../../../demo/people/index.ts';
import { makeCertificates } from '../certificates.ts';
import { freePorts, scratch, startServer, type RunningServer } from '../process.ts';

export interface SlapdOptions {
  readonly people: readonly DemoPerson[];
  /** `all`: the sync account reads everybody; `nobody`: nothing of people, without an error. Default `all`. */
  readonly reads?: 'all' | 'nobody';
  /** The most entries that the sync account is given by one search, in pages or not. Default: no limit. */
  readonly sizeLimit?: number;
  /** The most by one that is not in pages. Default: `sizeLimit`. */
  readonly unpagedLimit?: number;
  /**
   * RFC 4533. `log`: with a log of changes that outlives a restart · `bare`: without one, so that who is there is told instead of who is
   * gone · `none`: the server refuses it. Default `log`.
   */
  readonly contentSync?: 'log' | 'bare' | 'none';
}

export type Rights = Omit<SlapdOptions, 'people'>;

export interface Slapd {
  readonly url: string;
  readonly ldapsUrl: string;
  /** PEM of the CA that signed the server's certificate, which is for 127.0.0.1 and localhost. */
  readonly caFile: string;
  /** PEM of a CA that did not. */
  readonly otherCaFile: string;
  /** PEM of a certificate, and its key, that the server takes for the account (SASL EXTERNAL). */
  readonly clientFiles: { readonly certificateFile: string; readonly keyFile: string };
  /** A certificate for the same name, signed by another CA. */
  readonly strangerFiles: { readonly certificateFile: string; readonly keyFile: string };
  /** The account that may read everybody. */
  readonly bindDn: string;
  readonly password: string;
  /** Where the people are. */
  readonly baseDn: string;
  readonly pid: number;
  readonly port: number;
  /** The DN of one of the people. */
  dn(place: Place): string;
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** Starts it again on the same ports, with other rights where they are given. */
  restart(change?: Rights): Promise<void>;
  /** What SIGSTOP and SIGCONT do to a server: it is there and silent. */
  signal(signal: NodeJS.Signals): void;
  add(person: DemoPerson): Promise<void>;
  /** The same over a connection that is there. */
  addBy(client: Client, person: DemoPerson): Promise<void>;
  /** Puts `values` in the place of an attribute's; none takes it away. */
  modify(id: string, attribute: string, values: readonly string[]): Promise<void>;
  remove(id: string): Promise<void>;
  /** Another name of the entry, or another place for it: the app looks in `people` and, below it, `north`; not in `gone`. */
  move(from: Place, to: Place): Promise<void>;
  /** Several changes over one connection, as the server's administrator. */
  asAdmin<T>(work: (client: Client) => Promise<T>): Promise<T>;
  /** Whether the account's password counts as too old. */
  expirePassword(expired: boolean): Promise<void>;
  /** Stops it, puts what it held when `keep` was called in the place of what it holds, and starts it again: a backup is played in. */
  playBack(): Promise<void>;
  /** Notes what it holds, for `playBack`. */
  keep(): Promise<void>;
  /** Begins afresh with these people: the same names under new keys. */
  rebuild(people: readonly DemoPerson[]): Promise<void>;
}

export interface Place {
  readonly id: string;
  readonly ou: 'people' | 'north' | 'gone';
}

const SUFFIX = 'dc=lab,dc=test';
const UNITS = { people: `ou=people,${SUFFIX}`, north: `ou=north,ou=people,${SUFFIX}`, gone: `ou=gone,${SUFFIX}` };
const ADMIN = `cn=admin,${SUFFIX}`;
const ADMIN_PASSWORD = 'admin-secret';
const SYNC = `cn=samband,ou=service,${SUFFIX}`;
const SYNC_PASSWORD = 'sync-secret';
const STRICT = `cn=strict,ou=service,${SUFFIX}`;

const accessLog = (folder: string) => `
database mdb
suffix cn=accesslog
directory ${folder}/changes
maxsize 1073741824
rootdn ${ADMIN}
dbnosync
index entryCSN,objectClass,reqEnd,reqResult,reqStart,reqDN,reqType eq
# The log is played back with the consumer's own rights; what it may not see there is looked for among everybody.
access to * by dn.exact="${SYNC}" read by * none
limits dn.exact="${SYNC}" time=unlimited size=unlimited
overlay syncprov
syncprov-reloadhint TRUE
`;

function overlays(contentSync: SlapdOptions['contentSync']): string {
  if (contentSync === 'none') return '';
  const provider = 'overlay syncprov\nsyncprov-checkpoint 100 1\nsyncprov-reloadhint TRUE\n';
  if (contentSync === 'bare') return provider;
  return `${provider}syncprov-sessionlog-source cn=accesslog
overlay accesslog
logdb cn=accesslog
logops writes
logsuccess TRUE
logold (objectClass=inetOrgPerson)
`;
}

function configuration(folder: string, options: Rights): string {
  const schema = fileURLToPath(new URL('slapd/people.schema', import.meta.url));
  const { sizeLimit = 'unlimited', unpagedLimit = sizeLimit } = options;
  const limit = `size=${unpagedLimit} size.prtotal=${sizeLimit}`;
  return `
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
include ${schema}
pidfile ${folder}/slapd.pid
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload syncprov
moduleload accesslog
moduleload ppolicy
TLSCACertificateFile ${folder}/tls/ca.pem
TLSCertificateFile ${folder}/tls/server.pem
TLSCertificateKeyFile ${folder}/tls/server.key
TLSVerifyClient try
authz-regexp "^cn=samband$" "${SYNC}"
sizelimit size.soft=500 size.hard=500

${options.contentSync === undefined || options.contentSync === 'log' ? accessLog(folder) : ''}
database mdb
suffix ${SUFFIX}
directory ${folder}/db
maxsize 4294967296
rootdn ${ADMIN}
rootpw ${ADMIN_PASSWORD}
dbnosync
index objectClass,uid eq
index entryUUID,entryCSN,modifyTimestamp eq
access to attrs=userPassword by anonymous auth by * none
access to dn.subtree="ou=service,${SUFFIX}" by * none
${options.reads === 'nobody' ? `access to dn.children="ou=people,${SUFFIX}" by * none\n` : ''}access to * by dn.exact="${SYNC}" read by * none
limits dn.exact="${SYNC}" time=unlimited ${limit}
overlay ppolicy
${overlays(options.contentSync)}`;
}

function* ldif(people: readonly DemoPerson[]): Generator<string> {
  yield `dn: ${SUFFIX}\nobjectClass: dcObject\nobjectClass: organization\ndc: lab\no: Samband lab\n\n`;
  for (const [name, dn] of Object.entries({ ...UNITS, service: `ou=service,${SUFFIX}` }))
    yield `dn: ${dn}\nobjectClass: organizationalUnit\nou: ${name}\n\n`;
  yield `dn: ${SYNC}\nobjectClass: organizationalRole\nobjectClass: simpleSecurityObject\ncn: samband\nuserPassword: ${SYNC_PASSWORD}
pwdChangedTime: 20200101000000Z\n\n`;
  // Whoever it is said to apply to has a password that is too old after a second.
  yield `dn: ${STRICT}\nobjectClass: organizationalRole\nobjectClass: pwdPolicy\ncn: strict
pwdAttribute: userPassword\npwdMaxAge: 1\n\n`;
  yield* peopleLdif(people, SUFFIX);
}

const dnAt = ({ id, ou }: Place) => `uid=${id},${UNITS[ou]}`;

/** OpenLDAP with these people, on free ports of loopback, in a folder of its own. */
export async function startSlapd(options: SlapdOptions): Promise<Slapd> {
  const folder = scratch('slapd');
  const [port, securePort] = (await freePorts(2)) as [number, number];
  makeCertificates(join(folder, 'tls'));
  const config = join(folder, 'slapd.conf');
  const held = ['db', 'changes'];
  writeFileSync(config, configuration(folder, options));

  function fill(people: readonly DemoPerson[]): void {
    for (const name of held) {
      rmSync(join(folder, name), { recursive: true, force: true });
      mkdirSync(join(folder, name));
    }
    const file = join(folder, 'people.ldif');
    const output = openSync(file, 'w');
    for (const entry of ldif(people)) writeSync(output, entry);
    closeSync(output);
    execFileSync('slapadd', ['-q', '-w', '-f', config, '-b', SUFFIX, '-l', file], {
      stdio: 'pipe',
      env: { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin` },
    });
  }
  fill(options.people);

  const url = `ldap://127.0.0.1:${port}`;
  const ldapsUrl = `ldaps://127.0.0.1:${securePort}`;
  const start = (): Promise<RunningServer> =>
    startServer({
      name: 'slapd',
      command: '/usr/sbin/slapd',
      // -d keeps it in the foreground; 0 logs nothing.
      args: ['-d', '0', '-f', config, '-h', `${url} ${ldapsUrl}`],
      folder,
      async ready() {
        const client = new Client({ url, timeout: 2000, connectTimeout: 2000 });
        try {
          await client.bind(ADMIN, ADMIN_PASSWORD);
          return true;
        } finally {
          await client.unbind();
        }
      },
    });
  let server = await start();

  async function asAdmin<T>(work: (client: Client) => Promise<T>): Promise<T> {
    const client = new Client({ url, timeout: 60_000, connectTimeout: 5000 });
    try {
      await client.bind(ADMIN, ADMIN_PASSWORD);
      return await work(client);
    } finally {
      await client.unbind();
    }
  }

  const addBy = (client: Client, person: DemoPerson) => {
    const attributes: Record<string, string[]> = {};
    for (const [name, value] of personAttributes(person, SUFFIX)) (attributes[name] ??= []).push(value);
    return client.add(personDn(person.id, SUFFIX), attributes);
  };
  const replace = (dn: string, type: string, values: readonly string[]) =>
    asAdmin((client) =>
      client.modify(dn, new Change({ operation: 'replace', modification: new Attribute({ type, values: [...values] }) })),
    );
  const copyHeld = (from: string, to: string) => {
    for (const name of held) {
      rmSync(join(folder, to, name), { recursive: true, force: true });
      mkdirSync(join(folder, to), { recursive: true });
      // Its files are mostly holes.
      execFileSync('cp', ['-r', '--sparse=always', join(folder, from, name), join(folder, to)], { stdio: 'pipe' });
    }
  };

  return {
    url,
    ldapsUrl,
    caFile: join(folder, 'tls', 'ca.pem'),
    otherCaFile: join(folder, 'tls', 'other.pem'),
    clientFiles: { certificateFile: join(folder, 'tls', 'client.pem'), keyFile: join(folder, 'tls', 'client.key') },
    strangerFiles: { certificateFile: join(folder, 'tls', 'stranger.pem'), keyFile: join(folder, 'tls', 'stranger.key') },
    bindDn: SYNC,
    password: SYNC_PASSWORD,
    baseDn: UNITS.people,
    get pid() {
      return server.pid;
    },
    port,
    dn: dnAt,
    async stop(signal) {
      await server.stop(signal);
    },
    async restart(change) {
      await server.stop();
      const { contentSync = 'log' } = options;
      if (change) writeFileSync(config, configuration(folder, { contentSync, ...change }));
      server = await start();
    },
    signal: (signal) => server.signal(signal),
    add: (person) => asAdmin((client) => addBy(client, person)),
    addBy,
    modify: (id, attribute, values) => replace(personDn(id, SUFFIX), attribute, values),
    remove: (id) => asAdmin((client) => client.del(personDn(id, SUFFIX))),
    move: (from, to) => asAdmin((client) => client.modifyDN(dnAt(from), dnAt(to))),
    asAdmin,
    expirePassword: (expired) => replace(SYNC, 'pwdPolicySubentry', expired ? [STRICT] : []),
    async keep() {
      await server.stop();
      copyHeld('.', 'kept');
      server = await start();
    },
    async playBack() {
      await server.stop();
      copyHeld('kept', '.');
      server = await start();
    },
    async rebuild(people) {
      await server.stop();
      fill(people);
      server = await start();
    },
  };
}
