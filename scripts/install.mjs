// Installs the npm packages when they are not there or not those of package-lock.json. Plain Node: it runs before anything is installed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** The Node that the project runs on: its own, out of node_modules, whatever Node typed the command. */
export const ownNode = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

/** Why an installation is needed; null: everything is there. npm writes the file that is read here last, so half an installation shows. */
export function missing() {
  const installed = readJson(join(root, 'node_modules', '.package-lock.json'))?.packages;
  if (!installed) return 'no packages yet';
  const wanted = readJson(join(root, 'package-lock.json'))?.packages ?? {};
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === '' || entry.optional || entry.peer) continue;
    if (installed[path]?.version !== entry.version)
      return `${path.replace(/^.*node_modules\//, '')} ${entry.version} is missing`;
  }
  return existsSync(ownNode) ? null : 'the project’s own Node is missing';
}

function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/**
 * Runs an action while no other process of this user does the same in this checkout. What a dead process has left is cleared away.
 * @template T
 * @param {string} name
 * @param {(line: string) => void} say
 * @param {() => T} action
 * @returns {T}
 */
export function alone(name, say, action) {
  const id = createHash('sha256').update(`${userInfo().username} ${root} ${name}`).digest('hex').slice(0, 16);
  const file = join(tmpdir(), `samband-${id}.lock`);
  for (let told = false; ;) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    try {
      const pid = Number(readFileSync(file, 'utf8'));
      // Between its making and its writing the file is empty for a moment.
      const abandoned = pid > 0 ? !alive(pid) : Date.now() - statSync(file).mtimeMs > 5000;
      if (abandoned) {
        rmSync(file, { force: true });
        continue;
      }
      if (!told) say(`Another process (${pid}) is at it; waiting for it …`);
      told = true;
    } catch {
      // It has just finished.
      continue;
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 250);
  }
  try {
    return action();
  } finally {
    rmSync(file, { force: true });
  }
}

/** npm's own program file, so that no shell is needed (Windows starts npm.cmd through one only); null: not found. */
function npmProgram() {
  const places = [
    process.env.npm_execpath ?? '',
    join(dirname(process.execPath), 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    join(dirname(process.execPath), '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    join(dirname(process.execPath), '..', 'share', 'nodejs', 'npm', 'bin', 'npm-cli.js'),
  ];
  return places.find((place) => place.endsWith('npm-cli.js') && existsSync(place)) ?? null;
}

/** Installs what is missing. Returns false when npm failed (its own words are on the screen). */
export function install(say = (line) => console.log(line)) {
  if (missing() === null) return true;
  return alone('install', say, () => {
    // Whoever had the turn before may have done it.
    const reason = missing();
    if (reason === null) return true;
    say(`Installing npm packages (${reason}) …`);
    const program = npmProgram();
    const args = ['ci', '--no-fund', '--no-audit', '--loglevel=error'];
    const done = program
      ? spawnSync(process.execPath, [program, ...args], { cwd: root, stdio: 'inherit' })
      : spawnSync('npm', args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' });
    return done.status === 0 && missing() === null;
  });
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) process.exit(install() ? 0 : 1);
