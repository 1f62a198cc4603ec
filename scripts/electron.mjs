// Finds an Electron that can run the app, or says why there is none. Plain Node.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { root } from './install.mjs';

const packageFolder = join(root, 'node_modules', 'electron');
const failureFile = join(root, 'node_modules', '.cache', 'samband-electron.json');
/** A whole download over a slow line; where nothing answers it is given up much earlier. */
const downloadWithinMs = 5 * 60_000;
const answerWithinMs = 6000;
/** So long a failed download is not tried again. */
const rememberFailureMs = 24 * 3_600_000;

function binaryIn(folder) {
  switch (process.platform) {
    case 'darwin':
      return join(folder, 'Electron.app', 'Contents', 'MacOS', 'Electron');
    case 'win32':
      return join(folder, 'electron.exe');
    default:
      return join(folder, 'electron');
  }
}

function versionOf(folder) {
  try {
    return readFileSync(join(folder, 'version'), 'utf8').trim().replace(/^v/, '');
  } catch {
    const asked = spawnSync(binaryIn(folder), ['-p', 'process.versions.electron'], {
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
      encoding: 'utf8',
      timeout: 10_000,
    });
    return asked.stdout?.trim() ?? '';
  }
}

/** The Electron of a folder, when it is there and not older than what the app is written for. */
function usable(folder, wanted) {
  const binary = binaryIn(folder);
  if (!existsSync(binary)) return { why: `there is no Electron in ${folder}` };
  const version = versionOf(folder);
  const [major, needed] = [version, wanted].map((text) => Number(text.split('.')[0]));
  if (!(major >= needed))
    return { why: `Electron ${version || '(of unknown version)'} in ${folder} is older than ${needed}, which the app needs` };
  return { binary, version };
}

function cached(version) {
  const folders = [
    process.env.electron_config_cache,
    process.env.LOCALAPPDATA && join(process.env.LOCALAPPDATA, 'electron', 'Cache'),
    join(homedir(), 'Library', 'Caches', 'electron'),
    join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'electron'),
  ];
  return folders.some((folder) => {
    if (!folder || !existsSync(folder)) return false;
    return readdirSync(folder, { recursive: true }).some(
      (name) => String(name).includes(`electron-v${version}-`) && String(name).endsWith('.zip'),
    );
  });
}

const mirror = () =>
  process.env.NPM_CONFIG_ELECTRON_MIRROR ??
  process.env.npm_config_electron_mirror ??
  process.env.npm_package_config_electron_mirror ??
  process.env.ELECTRON_MIRROR ??
  'https://github.com/electron/electron/releases/download/';

/** Whether the download's server answers at all. Behind a proxy only the installer itself knows. */
async function reachable(version) {
  if (process.env.HTTPS_PROXY ?? process.env.https_proxy ?? process.env.ELECTRON_GET_USE_PROXY) return null;
  try {
    const base = mirror();
    await fetch(new URL(`v${version}/SHASUMS256.txt`, base.endsWith('/') ? base : `${base}/`), {
      method: 'HEAD',
      redirect: 'manual',
      signal: AbortSignal.timeout(answerWithinMs),
    });
    return null;
  } catch {
    return `${new URL(mirror()).host} cannot be reached`;
  }
}

function runInstaller() {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(packageFolder, 'install.js')], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let words = '';
    let late = false;
    child.stderr.on('data', (data) => {
      words = (words + data).slice(-4000);
    });
    const timer = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, downloadWithinMs);
    child.on('error', (error) => resolve(error.message));
    child.on('exit', (code) => {
      clearTimeout(timer);
      if (code === 0) return resolve(null);
      const line = words.split('\n').find((text) => /error|status|ENOTFOUND|ECONN|ETIMEDOUT/i.test(text)) ?? '';
      resolve(late ? 'the download took too long' : `the download failed${line ? `: ${line.trim().slice(0, 160)}` : ''}`);
    });
  });
}

/**
 * An Electron for the app: ELECTRON_OVERRIDE_DIST_PATH, the package's own, or one that the package's installer can fetch (it honours
 * ELECTRON_MIRROR and the like). A download that failed is not tried again for a day, unless the mirror was changed.
 * @param {(line: string) => void} say
 * @returns {Promise<{ binary: string, version: string } | { why: string }>}
 */
export async function findElectron(say) {
  const wanted = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')).version;
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (override) return usable(override, wanted);
  const own = join(packageFolder, 'dist');
  if (existsSync(binaryIn(own))) return usable(own, wanted);

  const tried = existsSync(failureFile) ? JSON.parse(readFileSync(failureFile, 'utf8')) : null;
  if (
    tried &&
    tried.mirror === mirror() &&
    tried.version === wanted &&
    Date.now() - tried.at < rememberFailureMs &&
    Date.now() >= tried.at
  ) {
    return { why: tried.why };
  }
  let why = cached(wanted) ? null : await reachable(wanted);
  if (why === null) {
    say(`Fetching Electron ${wanted} (once, about 110 MB) …`);
    why = await runInstaller();
  }
  if (why === null) {
    rmSync(failureFile, { force: true });
    return usable(own, wanted);
  }
  mkdirSync(join(failureFile, '..'), { recursive: true });
  writeFileSync(failureFile, JSON.stringify({ at: Date.now(), mirror: mirror(), version: wanted, why }));
  return { why };
}
