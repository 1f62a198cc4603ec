/** Samba as an Active Directory domain controller: LDAP only, in a folder of its own, on a loopback address of its own. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Attribute, Change, Client } from 'ldapts';
import type { DemoPerson } from '../../../../demo/people/index.ts';
import { makeCertificates } from '../../certificates.ts';
import { scratch, startServer, type RunningServer } from '../../process.ts';

export interface Samba {
  readonly url: string;
  readonly ldapsUrl: string;
  readonly caFile: string;
  readonly otherCaFile: string;
  /** Where the people are, and where they are moved away to. */
  readonly baseDn: string;
  /** An ordinary account: it sees neither tombstones nor DirSync. */
  readonly ordinary: { readonly bindDn: string; readonly password: string };
  /** A domain administrator. */
  readonly privileged: { readonly bindDn: string; readonly password: string };
  stop(signal?: NodeJS.Signals): Promise<void>;
  restart(): Promise<void>;
  add(person: DemoPerson): Promise<void>;
  modify(id: string, attribute: string, values: readonly string[]): Promise<void>;
  /** Another name of the entry itself. */
  rename(id: string, to: string): Promise<void>;
  moveAway(id: string): Promise<void>;
  moveBack(id: string): Promise<void>;
  remove(id: string): Promise<void>;
  /** Everybody where the app looks, by the administrator: objectGUID in hexadecimal → the entry. */
  everybody(): Promise<Map<string, Readonly<Record<string, string | undefined>>>>;
  /** Gives its database another invocationId, as after a backup was played in or on another controller. */
  becomeAnother(): Promise<void>;
  /** The ordinary account's password has to be changed before it is good again; `false`: it is good. */
  expirePassword(expired: boolean): Promise<void>;
}

const REALM = 'LAB.TEST';
const SUFFIX = 'DC=lab,DC=test';
const BASE = `OU=people,${SUFFIX}`;
const ADMIN_PASSWORD = 'Admin-secret-1';
const PASSWORD = 'Sync-secret-1';
const here = new URL('.', import.meta.url).pathname;

/** True where Debian's Samba with its AD parts is installed, for a user who may take port 389. */
export function hasSamba(): boolean {
  return existsSync('/usr/sbin/samba') && existsSync('/usr/share/samba/setup/provision') && process.getuid?.() === 0;
}

/** A loopback address with nobody on LDAP's ports, which Samba cannot change. */
async function freeAddress(): Promise<string> {
  const isFree = (host: string, port: number) =>
    new Promise<boolean>((resolve) => {
      const server = createServer();
      server.once('error', () => resolve(false));
      server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(true)));
    });
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const address = `127.0.${1 + Math.floor(Math.random() * 250)}.${10 + Math.floor(Math.random() * 240)}`;
    if ((await isFree(address, 389)) && (await isFree(address, 636))) return address;
  }
  throw new Error('no loopback address with a free port 389');
}

const dnOf = (id: string) => `CN=${id},${BASE}`;

/** The attributes of an entry, in the names of the app's default mapping for Active Directory. */
function attributesOf(person: DemoPerson): Record<string, string[]> {
  const attributes: Record<string, string | null> = {
    sAMAccountName: person.id,
    displayName: person.name,
    givenName: person.givenName,
    sn: person.familyName,
    title: person.title,
    department: person.unit.slice(0, 64),
    company: person.agency.slice(0, 64),
    info: person.keywords.join('; '),
    physicalDeliveryOfficeName: person.workplace,
    mail: person.email,
    telephoneNumber: person.landline,
    mobile: person.mobile,
    ipPhone: person.shortNumber,
    otherTelephone: person.alternativeNumber,
    // Enabled, and no password needed.
    userAccountControl: '544',
  };
  const given = Object.entries(attributes).flatMap(([name, value]) => (value ? [[name, [value]] as const] : []));
  return { objectClass: ['top', 'person', 'organizationalPerson', 'user'], ...Object.fromEntries(given) };
}

function configuration(folder: string, address: string): Record<string, string> {
  return {
    interfaces: `${address}/8`,
    'bind interfaces only': 'yes',
    'server services': 'ldap',
    'dcerpc endpoint servers': '-',
    'ldap server require strong auth': 'allow_sasl_over_tls',
    'pid directory': `${folder}/run`,
    'lock directory': `${folder}/run`,
    'ncalrpc dir': `${folder}/run/ncalrpc`,
    'ntp signd socket directory': `${folder}/run/ntp_signd`,
    'winbindd socket directory': `${folder}/run/winbindd`,
    'log file': `${folder}/samba.log`,
    'tls enabled': 'yes',
    'tls certfile': `${folder}/tls/server.pem`,
    'tls keyfile': `${folder}/tls/server.key`,
    'tls cafile': `${folder}/tls/ca.pem`,
  };
}

function provision(folder: string, address: string, people: readonly DemoPerson[]): string {
  const options = ['vfs objects = dfs_samba4 acl_xattr', `interfaces = ${address}/8`, 'bind interfaces only = yes'];
  execFileSync(
    'samba-tool',
    [
      'domain',
      'provision',
      `--targetdir=${folder}`,
      `--realm=${REALM}`,
      '--domain=LAB',
      `--adminpass=${ADMIN_PASSWORD}`,
      '--server-role=dc',
      '--dns-backend=NONE',
      '--host-name=dc1',
      `--host-ip=${address}`,
      ...options.map((option) => `--option=${option}`),
    ],
    { stdio: 'pipe' },
  );
  mkdirSync(join(folder, 'run'), { recursive: true });
  const file = join(folder, 'etc', 'smb.conf');
  const wanted = configuration(folder, address);
  const kept = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => !Object.hasOwn(wanted, line.split('=')[0]?.trim() ?? ''));
  const lines = Object.entries(wanted).map(([name, value]) => `\t${name} = ${value}`);
  writeFileSync(file, kept.flatMap((line) => (line.trim() === '[global]' ? [line, ...lines] : [line])).join('\n'));
  const units = ['people', 'gone'].map((name) => ({
    dn: `OU=${name},${SUFFIX}`,
    objectClass: ['organizationalUnit'],
    ou: [name],
  }));
  const entries = [...units, ...people.map((person) => ({ dn: dnOf(person.id), ...attributesOf(person) }))];
  const link = (person: DemoPerson, attribute: string, to: string | null) =>
    to === null ? [] : [`dn: ${dnOf(person.id)}\nchangetype: modify\nadd: ${attribute}\n${attribute}: ${dnOf(to)}\n`];
  const links = people.flatMap((person) => [
    ...link(person, 'assistant', person.deputyId),
    ...link(person, 'manager', person.managerId),
  ]);
  const accounts = [
    ['samband', PASSWORD, []],
    ['samband-sync', PASSWORD, ['Domain Admins']],
  ];
  execFileSync('/usr/bin/python3', [join(here, 'seed.py'), file, join(folder, 'private', 'sam.ldb')], {
    stdio: ['pipe', 'pipe', 'pipe'],
    input: JSON.stringify({ entries, links, accounts }),
  });
  return file;
}

/** A domain controller with these people. */
export async function startSamba({ people }: { readonly people: readonly DemoPerson[] }): Promise<Samba> {
  const folder = join(scratch('samba'), 'dc');
  mkdirSync(folder);
  const address = await freeAddress();
  const file = provision(folder, address, people);
  makeCertificates(join(folder, 'tls'), [address]);
  const ldapsUrl = `ldaps://${address}`;
  const caFile = join(folder, 'tls', 'ca.pem');

  async function asAdmin<T>(work: (client: Client) => Promise<T>): Promise<T> {
    const client = new Client({
      url: ldapsUrl,
      timeout: 20_000,
      connectTimeout: 5000,
      tlsOptions: { ca: readFileSync(caFile) },
    });
    try {
      await client.bind(`Administrator@${REALM}`, ADMIN_PASSWORD);
      return await work(client);
    } finally {
      await client.unbind();
    }
  }
  const replace = (dn: string, attribute: string, values: readonly string[]) =>
    asAdmin((client) =>
      client.modify(
        dn,
        new Change({ operation: 'replace', modification: new Attribute({ type: attribute, values: [...values] }) }),
      ),
    );

  const start = (): Promise<RunningServer> =>
    startServer({
      name: 'samba',
      command: '/usr/sbin/samba',
      args: ['-F', '--no-process-group', '-M', 'single', '-s', file],
      folder,
      timeoutMs: 60_000,
      async ready() {
        await asAdmin(async () => undefined);
        return true;
      },
    });
  let server = await start();
  const account = (name: string) => ({ bindDn: `CN=${name},CN=Users,${SUFFIX}`, password: PASSWORD });

  return {
    url: `ldap://${address}`,
    ldapsUrl,
    caFile,
    otherCaFile: join(folder, 'tls', 'other.pem'),
    baseDn: BASE,
    ordinary: account('samband'),
    privileged: account('samband-sync'),
    async stop(signal) {
      if (signal === 'SIGKILL') await server.kill9();
      else await server.stop(signal);
    },
    async restart() {
      await server.stop();
      server = await start();
    },
    add: (person) => asAdmin((client) => client.add(dnOf(person.id), attributesOf(person))),
    modify: (id, attribute, values) => replace(dnOf(id), attribute, values),
    rename: (id, to) => asAdmin((client) => client.modifyDN(dnOf(id), dnOf(to))),
    moveAway: (id) => asAdmin((client) => client.modifyDN(dnOf(id), `CN=${id},OU=gone,${SUFFIX}`)),
    moveBack: (id) => asAdmin((client) => client.modifyDN(`CN=${id},OU=gone,${SUFFIX}`, dnOf(id))),
    everybody: () =>
      asAdmin(async (client) => {
        const { searchEntries } = await client.search(BASE, {
          filter: '(&(objectClass=user)(!(userAccountControl:1.2.840.113556.1.4.803:=2)))',
          attributes: ['objectGUID', 'displayName', 'title', 'department', 'telephoneNumber', 'mail'],
          explicitBufferAttributes: ['objectGUID'],
          paged: { pageSize: 500 },
        });
        return new Map(
          searchEntries.map(({ objectGUID, ...facts }) => [
            (objectGUID as Buffer).toString('hex'),
            Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, [value].flat()[0]?.toString()])),
          ]),
        );
      }),
    async becomeAnother() {
      await server.stop();
      execFileSync('/usr/bin/python3', [join(here, 'invocation.py'), join(folder, 'private')], { stdio: 'pipe' });
      server = await start();
    },
    remove: (id) => asAdmin((client) => client.del(dnOf(id))),
    expirePassword: (expired) => replace(`CN=samband,CN=Users,${SUFFIX}`, 'pwdLastSet', [expired ? '0' : '-1']),
  };
}
