// Starts the demo's world (or takes the given settings) and the app, and ends everything together.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { findBrowser, hasDisplay, openWindow, telephoneFlags } from '../browser.mjs';
import { build } from '../build.mjs';
import { findElectron } from '../electron.mjs';
import { ownNode, root } from '../install.mjs';
import { readArguments, usage } from './arguments.mjs';

function dataHome() {
  switch (process.platform) {
    case 'win32':
      return process.env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local');
    case 'darwin':
      return join(homedir(), 'Library', 'Application Support');
    default:
      return process.env.XDG_DATA_HOME || join(homedir(), '.local', 'share');
  }
}

/** @typedef {{ stop(): Promise<unknown> }} Part */

/** Ends a child process and waits for it; after five seconds without mercy. */
async function end(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  if (child.connected) child.disconnect();
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
  await gone;
  clearTimeout(timer);
}

/**
 * @param {string[]} args
 * @param {number} startedAt Date.now() when the command was typed
 */
export async function start(args, startedAt) {
  const say = (line) => console.log(`[${((Date.now() - startedAt) / 1000).toFixed(1).padStart(5)} s] ${line}`);
  /** What is to be ended, the last begun first. @type {Part[]} */
  const parts = [];
  let leaving = null;
  const leave = (code) => {
    leaving ??= (async () => {
      for (const part of parts.toReversed()) await part.stop().catch((error) => console.error(String(error)));
      process.exit(code);
    })();
    return leaving;
  };
  // The parent asks (Ctrl+C, a signal), or is gone.
  process.on('message', () => void leave(0));
  process.on('disconnect', () => void leave(0));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void leave(0));

  let options;
  try {
    options = readArguments(args);
  } catch (error) {
    console.error(`${error.message}\n\n${usage}`);
    return leave(2);
  }
  if (options.help) {
    console.log(usage);
    return leave(0);
  }
  try {
    if (options['directory-dry-run']) return leave(await dryRun(options, parts));
    await begin(options, say, parts, leave);
  } catch (error) {
    if (leaving) return leaving;
    console.error(error.message ?? String(error));
    await leave(1);
  }
}

/** Shows what the directory of the settings gives, or the demo's; answers the exit code. Needs no window, so nothing is built. */
async function dryRun(options, parts) {
  const { demoDirectoryFile } = await import('../../demo/index.ts');
  const demoFolder = resolve(options['demo-folder'] ?? join(dataHome(), 'samband-demo'));
  const given =
    options.config === undefined
      ? {
          config: await demoDirectoryFile(demoFolder),
          policy: join(demoFolder, 'no-policy.json'),
          data: join(demoFolder, 'app'),
        }
      : { config: resolve(options.config), provision: options.provision, policy: options.policy, data: options.data };
  const child = spawn(
    ownNode,
    [
      join(root, 'host', 'run.ts'),
      '--directory-dry-run',
      ...Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, value])),
    ],
    { stdio: ['ignore', 'inherit', 'inherit'] },
  );
  parts.push({ stop: () => end(child) });
  const [code] = await once(child, 'exit');
  return code ?? 1;
}

async function begin(options, say, parts, leave) {
  if (!build(say)) throw new Error('The window could not be built; see above.');

  let given;
  if (options.config === undefined) {
    const { resetDemo, startDemo } = await import('../../demo/index.ts');
    const folder = resolve(options['demo-folder'] ?? join(dataHome(), 'samband-demo'));
    if (options.reset) {
      await resetDemo(folder);
      say('What the demo had stored is wiped.');
    }
    const demo = await startDemo({ folder });
    parts.push(demo);
    say(
      `The demo is up: ${demo.people} people, ${demo.contacts} citizens, a CRM and a telephone exchange, all on this machine.`,
    );
    say(`Everything it stores is in ${folder} (npm start -- --reset wipes it).`);
    given = { config: demo.settingsFile, provision: demo.provisionFile, policy: demo.policyFile, data: demo.appFolder };
  } else {
    given = { config: resolve(options.config), provision: options.provision, policy: options.policy, data: options.data };
  }
  const appArguments = Object.entries({ ...given, dial: options.dial }).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`, value],
  );

  const electron = await chooseElectron(options, say);
  if (!electron) return openHost(options, given, appArguments, say, parts, leave);
  say(`Opening Samband in Electron ${electron.version}.`);
  const child = spawn(electron.binary, [...electronFlags(), root, ...appArguments], { stdio: 'inherit' });
  parts.push({ stop: () => end(child) });
  child.on('exit', (code) => {
    if (code !== noKeyStore) return void leave(code ?? 1);
    // A Linux session without a key ring: the web host keeps its key in a file of its own.
    say('Electron is not used: this system has no key store for the passwords. The same app opens in a browser instead.');
    openHost(options, given, appArguments, say, parts, leave).catch((error) => {
      console.error(error.message);
      return leave(1);
    });
  });
}

/** The exit code of an app that found no safe place for passwords (main/services/launch/failure.ts). */
const noKeyStore = 13;

/** The same port for the same folder wherever it is free: a browser remembers the microphone's permission by the address. 0: any. */
async function steadyPort(folder) {
  const wanted = 20_000 + (createHash('sha256').update(resolve(folder)).digest().readUInt16BE() % 10_000);
  const probe = createServer();
  const free = await new Promise((done) => {
    probe.once('error', () => done(false));
    probe.listen(wanted, '127.0.0.1', () => done(true));
  });
  if (!free) return 0;
  await new Promise((done) => {
    probe.close(done);
  });
  return wanted;
}

/** The same app for an ordinary browser. */
async function openHost(options, given, appArguments, say, parts, leave) {
  const folder = given.data ?? join(dataHome(), 'samband');
  const port = options.port ?? (await steadyPort(folder));
  const host = spawn(ownNode, [join(root, 'host', 'run.ts'), ...appArguments, '--port', String(port)], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  parts.push({ stop: () => end(host) });
  const address = await new Promise((resolvePromise, reject) => {
    createInterface({ input: host.stdout }).once('line', resolvePromise);
    host.once('error', reject);
    host.once('exit', (code) => reject(new Error(`The app could not start (code ${code}).`)));
  });
  host.on('exit', (code) => void leave(code ?? 1));

  const browser = findBrowser();
  const handOver = (why) => {
    say(`Samband is ready.${why} Open this address once, in Chromium, Chrome or Edge:`);
    console.log(`\n  ${address}\n`);
  };
  if (options['no-open'] || !hasDisplay() || browser === null) {
    handOver(
      options['no-open'] ? '' : !hasDisplay() ? ' There is no display here.' : ' No Chromium, Chrome or Edge was found here.',
    );
    if (!options['no-open']) say(`Without a network the browser needs ${telephoneFlags[0]} for calls on this machine.`);
    say('Ctrl+C ends it.');
    return;
  }
  const window = openWindow(browser, address, folder);
  parts.push({ stop: () => end(window) });
  let failed = false;
  window.once('error', (error) => {
    failed = true;
    handOver(` ${browser} could not be started (${error.message}).`);
  });
  window.once('exit', () => void (failed || leave(0)));
  say(
    'The window opens. The browser asks for the microphone at the first call: allow it. Closing the window, or Ctrl+C, ends everything.',
  );
}

/** Electron takes Chromium's switches before the app. */
function electronFlags() {
  const asRoot = process.platform === 'linux' && process.getuid?.() === 0;
  return [...telephoneFlags, ...(asRoot ? ['--no-sandbox'] : [])];
}

async function chooseElectron(options, say) {
  if (options.browser || options['no-open']) return null;
  if (!hasDisplay()) return null;
  const found = await findElectron(say);
  if (!('why' in found)) return found;
  say(`Electron is not used: ${found.why}. The same app opens in a browser instead.`);
  return null;
}
