/**
 * Real servers as plain processes: each with its own folder, ports and process group, stopped by pid, and gone when the process
 * that started them is gone, however that ended (a guard holds a pipe to us and kills the group when the pipe closes).
 */
import { spawn, type ChildProcess } from 'node:child_process';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface ServerOptions {
  /** For messages and the log file's name. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Working directory, and where the output goes (`NAME.log`); made when it is not there. */
  readonly folder: string;
  /** Added to this process's own environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** When it can be used: something that answers, or a pattern in its output. */
  readonly ready: (() => Promise<boolean>) | RegExp;
  /** How long it may take to be ready. Default 30 s. */
  readonly timeoutMs?: number;
}

export interface RunningServer {
  readonly name: string;
  readonly pid: number;
  readonly logFile: string;
  /** Settles when it has ended, for whatever reason. */
  readonly exited: Promise<Exit>;
  /** Everything that it has written so far, of this start and those before it in the same folder. */
  output(): string;
  /** Sends a signal to the whole group (SIGSTOP and SIGCONT freeze and thaw it). */
  signal(signal: NodeJS.Signals): void;
  /** Asks it to end (default SIGTERM), kills the group after 5 s, and waits until it is gone. Harmless when it has ended already. */
  stop(signal?: NodeJS.Signals): Promise<Exit>;
  /** Pulls the plug: SIGKILL to the whole group. */
  kill9(): Promise<Exit>;
}

const windows = process.platform === 'win32';
const running = new Set<RunningServer>();
const scratchFolders = new Set<string>();
const portLocks = new Set<string>();
let keep = false;
let hooked = false;

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    if (windows) child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // Gone already.
  }
}

/** Ends the group when this process ends in a way that runs no handler (SIGKILL, a crash). */
function startGuard(pid: number): ChildProcess | null {
  if (windows) return null;
  const guard = spawn('/bin/sh', ['-c', 'read -r _; kill -s KILL -- "-$1"', 'guard', String(pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  guard.on('error', () => undefined);
  guard.unref();
  const pipe = guard.stdin;
  pipe?.on('error', () => undefined);
  if (pipe && 'unref' in pipe && typeof pipe.unref === 'function') pipe.unref();
  return guard;
}

function hookProcess(): void {
  if (hooked) return;
  hooked = true;
  process.on('exit', (code) => {
    if (code !== 0) keep = true;
    for (const server of running) server.signal('SIGKILL');
    removeScratch();
    for (const lock of portLocks) rmSync(lock, { force: true });
  });
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const) {
    // Whoever has a handler of its own (an interactive command) also decides when to leave.
    process.on(signal, () => {
      if (process.listenerCount(signal) === 1) process.exit(code);
    });
  }
}

function tail(text: string, lines = 30): string {
  return text.trimEnd().split('\n').slice(-lines).join('\n');
}

/** Starts a server and waits until it is ready. Throws, with the end of its output, when it ends or is not ready in time. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  hookProcess();
  mkdirSync(options.folder, { recursive: true });
  const logFile = join(options.folder, `${options.name}.log`);
  const log = openSync(logFile, 'a');
  writeSync(log, `--- ${options.command} ${options.args.join(' ')}\n`);
  const before = readFileSync(logFile, 'utf8').length;
  const child = spawn(options.command, options.args, {
    cwd: options.folder,
    // Debian keeps servers where a user's PATH need not lead.
    env: { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/local/sbin:/usr/sbin:/sbin`, ...options.env },
    stdio: ['ignore', log, log],
    detached: !windows,
  });
  closeSync(log);

  let ended: Exit | null = null;
  let spawnError: Error | null = null;
  const guard = child.pid === undefined ? null : startGuard(child.pid);
  const output = () => readFileSync(logFile, 'utf8');
  const exited = new Promise<Exit>((resolve) => {
    const finish = (exit: Exit) => {
      if (ended) return;
      ended = exit;
      // Helpers that it forked and left behind.
      signalGroup(child, 'SIGKILL');
      guard?.kill('SIGKILL');
      running.delete(server);
      resolve(exit);
    };
    child.once('error', (error) => {
      spawnError = error;
      if (child.pid === undefined) finish({ code: null, signal: null });
    });
    child.once('exit', (code, signal) => finish({ code, signal }));
  });

  const server: RunningServer = {
    name: options.name,
    pid: child.pid ?? -1,
    logFile,
    exited,
    output,
    signal: (signal) => signalGroup(child, signal),
    async stop(signal = 'SIGTERM') {
      if (ended) return ended;
      child.kill(signal);
      const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), 5000);
      try {
        return await exited;
      } finally {
        clearTimeout(timer);
      }
    },
    kill9() {
      signalGroup(child, 'SIGKILL');
      return exited;
    },
  };
  running.add(server);

  const timeoutMs = options.timeoutMs ?? 30_000;
  const { ready } = options;
  try {
    await waitFor(
      async () => {
        if (ended) return true;
        return ready instanceof RegExp ? ready.test(output().slice(before)) : await ready();
      },
      { timeoutMs, what: `${options.name} to be ready` },
    );
  } catch (error) {
    await server.kill9();
    throw new Error(`${options.name} was not ready within ${timeoutMs} ms. The end of ${logFile}:\n${tail(output())}`, {
      cause: error,
    });
  }
  if (ended) {
    const { code, signal }: Exit = ended;
    const why = spawnError ? String(spawnError) : `code ${code}, signal ${signal}`;
    throw new Error(`${options.name} ended before it was ready (${why}). The end of ${logFile}:\n${tail(output())}`);
  }
  return server;
}

export interface WaitOptions {
  readonly timeoutMs: number;
  /** What is waited for, as the error says it: "waited 5000 ms for WHAT". */
  readonly what: string;
  /** Between two looks. Default 20 ms. */
  readonly everyMs?: number;
}

/**
 * Waits until `condition` gives something truthy, and returns it. A throw inside means "not yet", and is the error's cause at the end.
 * The condition is looked at at least once after the deadline.
 */
export async function waitFor<T>(condition: () => T | Promise<T>, options: WaitOptions): Promise<NonNullable<T>> {
  const deadline = performance.now() + options.timeoutMs;
  let lastError: unknown;
  let last: T | undefined;
  for (;;) {
    const late = performance.now() >= deadline;
    try {
      last = await condition();
      lastError = undefined;
      if (last) return last;
    } catch (error) {
      lastError = error;
    }
    if (late) break;
    await new Promise((resolve) => setTimeout(resolve, options.everyMs ?? 20));
  }
  const seen =
    lastError === undefined
      ? `last seen: ${JSON.stringify(last)}`
      : `last error: ${lastError instanceof Error ? `${lastError.name}: ${lastError.message}` : JSON.stringify(lastError)}`;
  throw new Error(`waited ${options.timeoutMs} ms for ${options.what}; ${seen}`, { cause: lastError });
}

function tcpIsFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}

function udpIsFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    socket.once('error', () => {
      socket.close();
      resolve(false);
    });
    socket.bind({ port, address: '127.0.0.1', exclusive: true }, () => socket.close(() => resolve(true)));
  });
}

/** Takes a port among all test processes of this machine; a lock whose owner is gone counts as none. */
function lockPort(port: number): boolean {
  const folder = join(tmpdir(), 'samband-ports');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, String(port));
  for (let attempt = 0; attempt < 2; attempt += 1) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' });
      portLocks.add(file);
      return true;
    } catch {
      try {
        process.kill(Number(readFileSync(file, 'utf8')), 0);
        return false;
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'EPERM') return false;
        rmSync(file, { force: true });
      }
    }
  }
  return false;
}

function unlockPort(port: number): void {
  const file = join(tmpdir(), 'samband-ports', String(port));
  if (portLocks.delete(file)) unlinkSync(file);
}

/**
 * `count` consecutive ports of 127.0.0.1, free for TCP and UDP and kept for this process until it ends. They lie below the range
 * that the system itself hands out, so that no outgoing connection takes one meanwhile.
 */
export async function freePorts(count: number): Promise<number[]> {
  hookProcess();
  for (let attempt = 0; attempt < 500; attempt += 1) {
    const first = 20_000 + Math.floor(Math.random() * (12_000 - count));
    const taken: number[] = [];
    for (let port = first; port < first + count; port += 1) {
      if (!lockPort(port)) break;
      taken.push(port);
      if (!((await tcpIsFree(port)) && (await udpIsFree(port)))) break;
      if (taken.length === count) return taken;
    }
    taken.forEach(unlockPort);
  }
  throw new Error(`no ${count} free ports in a row`);
}

/** One free port; see `freePorts`. */
export async function freePort(): Promise<number> {
  return (await freePorts(1))[0]!;
}

/** A new folder of one's own, removed at the end of the process unless something failed (`keepScratch`, or a non-zero exit code). */
export function scratch(name: string): string {
  hookProcess();
  const folder = mkdtempSync(join(tmpdir(), `samband-${name}-`));
  scratchFolders.add(folder);
  return folder;
}

/** Leaves the scratch folders for whoever looks into a failure. */
export function keepScratch(): void {
  keep = true;
}

function removeScratch(): void {
  for (const folder of scratchFolders) {
    if (keep) process.stderr.write(`kept for a look: ${folder}\n`);
    else rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
  scratchFolders.clear();
}

/** Stops every server that is still up and removes the scratch folders (unless kept). The tests' setup calls it after each file. */
export async function releaseAll(): Promise<void> {
  await Promise.all([...running].map((server) => server.stop()));
  removeScratch();
}
