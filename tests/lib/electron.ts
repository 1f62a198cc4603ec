/** A real Electron for the tests: found, given a display, and started around the real shell, preload and renderer. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { build } from 'vite';
import { scratch, startServer } from '../lab/process.ts';
import { mediaArguments } from './browser.ts';
import type { EntryOptions } from './electron/messages.ts';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export interface FoundElectron {
  readonly folder: string;
  readonly program: string;
  readonly version: string;
}

const programName: Partial<Record<NodeJS.Platform, string>> = {
  win32: 'electron.exe',
  darwin: join('Electron.app', 'Contents', 'MacOS', 'Electron'),
};

/** ELECTRON_OVERRIDE_DIST_PATH, the npm package's own, or the old one that is kept for tests; null: there is none. */
export function findElectron(): FoundElectron | null {
  const folders = [
    process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? '',
    at('../../node_modules/electron/dist'),
    join(homedir(), '.cache', 'samband-electron-22'),
  ];
  for (const folder of folders) {
    const program = join(folder, programName[process.platform] ?? 'electron');
    if (folder === '' || !existsSync(program)) continue;
    const asked = spawnSync(program, ['-p', 'process.versions.electron'], {
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
      encoding: 'utf8',
    });
    if (asked.status === 0) return { folder, program, version: asked.stdout.trim() };
  }
  return null;
}

/** An X server of one's own where the system has no other screen; the variables that lead to it. */
async function display(): Promise<Record<string, string>> {
  if (process.platform !== 'linux') return {};
  const server = await startServer({
    name: 'xvfb',
    command: 'Xvfb',
    args: ['-displayfd', '1', '-screen', '0', '1600x1000x24', '-nolisten', 'tcp'],
    folder: scratch('xvfb'),
    ready: /^\d+$/m,
  });
  const number = /^(\d+)$/m.exec(server.output())?.[1] ?? '';
  return { DISPLAY: `:${number}` };
}

let bundled: Promise<string> | null = null;

/** The tests' entry as one CommonJS file: what an Electron before 28 can start. */
async function bundleEntry(): Promise<string> {
  const folder = scratch('electron-entry');
  await build({
    configFile: false,
    logLevel: 'warn',
    resolve: { alias: { '#contract': at('../../contract/index.ts') } },
    ssr: { noExternal: true },
    build: {
      ssr: at('./electron/entry.ts'),
      outDir: folder,
      emptyOutDir: false,
      target: 'node16',
      minify: false,
      rollupOptions: { external: ['electron'], output: { format: 'cjs', entryFileNames: 'entry.cjs' } },
    },
  });
  return join(folder, 'entry.cjs');
}

export interface LaunchOptions {
  readonly settingsFile: string;
  readonly provisionFile?: string | null;
  /** Everything that is kept; made when it does not exist. */
  readonly dataFolder: string;
  /** What the microphone hears, over and over; without it: the fake device's beeps. */
  readonly fakeMicrophoneWav?: string;
  /** Of the program: `--dial 22051014`. */
  readonly args?: readonly string[];
  /** Done to the page (init scripts, say) before it is loaded once more. */
  readonly prepare?: (page: Page) => Promise<void>;
}

export interface ElectronWindow {
  readonly electron: ElectronApplication;
  readonly page: Page;
  /** The main process's standard output and error, so far. */
  output(): string;
  /** Starts a second instance on the same data; its exit code, once it has ended. */
  startAgain(...args: readonly string[]): Promise<number | null>;
  /** Quits as a user does, and waits until the program is gone; the exit code. */
  close(): Promise<number | null>;
}

function exitOf(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => child.once('exit', (code) => resolve(code)));
}

/** Starts the shell, the preload and the built renderer in the Electron that is found, with the services in this Node. Throws when there is none. */
export async function launchElectron(options: LaunchOptions): Promise<ElectronWindow> {
  const found = findElectron();
  if (found === null) throw new Error('no Electron was found; ELECTRON_OVERRIDE_DIST_PATH can name one');
  const entry: EntryOptions = {
    node: process.execPath,
    servicesFile: at('./electron/services.ts'),
    rendererFolder: at('../../out/renderer'),
    preloadFile: at('../../out/preload/index.cjs'),
    dataFolder: options.dataFolder,
    settingsFile: options.settingsFile,
    provisionFile: options.provisionFile ?? null,
  };
  if (!existsSync(entry.preloadFile)) throw new Error('the window is not built: npm run build');
  bundled ??= bundleEntry();
  const [file, screen] = await Promise.all([bundled, display()]);
  const env = { ...(process.env as Record<string, string>), ...screen, SAMBAND_TEST_ENTRY: JSON.stringify(entry) };
  // The fake question for the microphone would pass by our permission handler.
  const media = mediaArguments(options.fakeMicrophoneWav).filter((argument) => argument !== '--use-fake-ui-for-media-stream');
  const args = [file, ...media];

  // Not by executablePath: Playwright then takes the program for a packed one, and does not put its own loader before the entry.
  process.env['ELECTRON_OVERRIDE_DIST_PATH'] = found.folder;
  const electron = await _electron.launch({ args: [...args, ...(options.args ?? [])], env });
  let output = '';
  const main = electron.process();
  for (const stream of [main.stdout, main.stderr]) stream?.on('data', (part: Buffer) => (output += part.toString('utf8')));
  const ended = exitOf(main);
  const page = await electron.firstWindow();
  if (options.prepare) {
    await page.waitForLoadState();
    await options.prepare(page);
    await page.reload();
  }
  await page.waitForLoadState();

  return {
    electron,
    page,
    output: () => output,
    startAgain: (...more) => exitOf(spawn(found.program, [...args, ...more], { env, stdio: 'ignore' })),
    async close() {
      // With a call alive the program asks first, and nobody is there to answer.
      const unanswered = setTimeout(() => main.kill('SIGKILL'), 15_000);
      await electron.evaluate(({ app }) => app.quit()).catch(() => undefined);
      const code = await ended;
      clearTimeout(unanswered);
      await electron.close().catch(() => undefined);
      return code;
    },
  };
}
