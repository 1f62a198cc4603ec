/**
 * The lab's Debian packages. `node tests/lab/packages.ts --install` installs what is missing (as root) without letting any daemon
 * start by itself; without an option it prints what is missing, one a line, and exits 1 when something is.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, lstatSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

/** What for → packages. Proven on Debian 12. */
const packages: Readonly<Record<string, readonly string[]>> = {
  'SIP server': [
    'kamailio',
    'kamailio-websocket-modules',
    'kamailio-tls-modules',
    'kamailio-presence-modules',
    'kamailio-sqlite-modules',
  ],
  'media relay': ['rtpengine-daemon'],
  telephones: ['baresip-core', 'sip-tester'],
  sound: ['espeak-ng', 'sox', 'libsox-fmt-all'],
  browser: ['chromium'],
  directory: ['slapd', 'ldap-utils'],
  'Active Directory': ['samba', 'samba-ad-provision', 'samba-dsdb-modules', 'samba-vfs-modules', 'winbind', 'python3-samba'],
  CRM: ['request-tracker5', 'rt5-db-sqlite', 'rt5-standalone', 'dbconfig-no-thanks', 'msmtp-mta', 'starlet'],
  calendars: ['radicale'],
  'a display for Electron': ['xvfb', 'xauth', 'libgtk-3-0', 'libnss3', 'libasound2', 'libgbm1'],
  tools: ['sqlite3', 'openssl'],
};

/** The answers to what the packages would ask; none of it is used by the lab, which brings its own configurations. */
const answers = `
slapd slapd/no_configuration boolean true
request-tracker5 request-tracker5/rtname string lab.test
request-tracker5 request-tracker5/organization string lab.test
request-tracker5 request-tracker5/webbaseurl string http://127.0.0.1:18080
request-tracker5 request-tracker5/webpath string
request-tracker5 request-tracker5/correspondaddress string rt@lab.test
request-tracker5 request-tracker5/commentaddress string rt-comment@lab.test
request-tracker5 request-tracker5/handle-siteconfig-permissions boolean true
request-tracker5 request-tracker5/install-cronjobs boolean false
`;

const policyFile = '/usr/sbin/policy-rc.d';

/** True on Debian itself (not its derivatives, whose packages differ). */
export function isDebian(): boolean {
  return (
    process.platform === 'linux' &&
    existsSync('/etc/debian_version') &&
    /^ID=debian$/m.test(readFileSync('/etc/os-release', 'utf8'))
  );
}

/** The lab's packages that are not installed. Empty on a machine that has all; everything where there is no dpkg. */
export function missingPackages(): string[] {
  const wanted = Object.values(packages).flat();
  const query = spawnSync('dpkg-query', ['-W', '-f', '${Package} ${db:Status-Status}\n', ...wanted], { encoding: 'utf8' });
  const installed = new Set(
    (query.stdout ?? '').split('\n').flatMap((line) => (line.endsWith(' installed') ? [line.slice(0, line.indexOf(' '))] : [])),
  );
  return wanted.filter((name) => !installed.has(name));
}

function run(command: string, args: readonly string[], input?: string): void {
  const done = spawnSync(command, args, {
    stdio: [input === undefined ? 'ignore' : 'pipe', 'ignore', 'inherit'],
    env: { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`, DEBIAN_FRONTEND: 'noninteractive' },
    ...(input === undefined ? {} : { input }),
  });
  if (done.error) throw done.error;
  if (done.status !== 0) throw new Error(`${command} ${args[0]} ended with ${done.status ?? done.signal}`);
}

/** While packages are installed, invoke-rc.d is told not to start anything (policy-rc.d, exit 101); afterwards all is as it was. */
function withoutDaemons(action: () => void): void {
  const before = existsSync(policyFile)
    ? { content: readFileSync(policyFile), mode: statSync(policyFile).mode, link: lstatSync(policyFile).isSymbolicLink() }
    : null;
  if (before?.link) throw new Error(`${policyFile} is a link; not touching it`);
  const putBack = () => {
    if (before) {
      writeFileSync(policyFile, before.content);
      chmodSync(policyFile, before.mode);
    } else rmSync(policyFile, { force: true });
  };
  writeFileSync(policyFile, '#!/bin/sh\nexit 101\n');
  chmodSync(policyFile, 0o755);
  try {
    action();
  } finally {
    putBack();
  }
}

/** Installs what is missing. Needs root on Debian. Throws when apt fails. */
export function installPackages(say: (line: string) => void): void {
  const wanted = missingPackages();
  if (wanted.length === 0) return;
  say(`Installing Debian packages for the lab (nothing is started or configured system-wide): ${wanted.join(' ')}`);
  run('debconf-set-selections', [], answers.trimStart());
  withoutDaemons(() => {
    run('apt-get', ['update', '-q']);
    run('apt-get', ['install', '-y', '-q', '--no-install-recommends', '-o', 'Dpkg::Use-Pty=0', ...wanted]);
  });
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { install: { type: 'boolean', default: false } } });
  if (values.install) installPackages((line) => console.log(line));
  const missing = missingPackages();
  for (const name of missing) console.log(name);
  process.exitCode = missing.length === 0 ? 0 : 1;
}
