/**
 * The web host as a program:  node host/run.ts [--config FILE] [--data FOLDER] [--policy FILE] [--provision FILE] [--port N] [--dial NUMBER]
 * With --directory-dry-run it shows what the configured directory gives, and ends (main/services/launch/dry-run.ts).
 * Writes one line, the one-time address, to standard output, and runs until it gets SIGINT or SIGTERM, or until the program that started it
 * with an IPC channel is gone. When it cannot start it says why on standard error; exit codes as in main/services/launch/failure.ts.
 */
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { fail } from '#contract';
import { parseCommandLine } from '../main/services/launch/command-line.ts';
import { directoryDryRun } from '../main/services/launch/dry-run.ts';
import { startFailure } from '../main/services/launch/failure.ts';
import { keepHeapSmall } from '../main/services/launch/memory.ts';
import { defaultDataFolder, defaultPolicyFile, type Machine } from '../main/services/launch/places.ts';
import { createFileLog } from '../main/services/log/index.ts';
import { createFileSecrets } from '../main/services/secrets/index.ts';
import { systemClock, systemRandom } from '../main/services/system.ts';
import { startHost } from './start.ts';

keepHeapSmall();
const root = new URL('../', import.meta.url);
const { version } = z.object({ version: z.string() }).parse(JSON.parse(readFileSync(new URL('package.json', root), 'utf8')));
const machine: Machine = { platform: process.platform, env: process.env, home: homedir() };
const commandLine = parseCommandLine(process.argv.slice(2));
const dataFolder = resolve(commandLine.data ?? defaultDataFolder(machine));
const logFolder = join(dataFolder, 'logs');
const settingsFile = commandLine.config === null ? join(dataFolder, 'settings.json') : resolve(commandLine.config);

if (commandLine.problems.length > 0) {
  process.stderr.write(`${commandLine.problems.join('\n')}\n`);
  process.exit(2);
}

const log = createFileLog({ file: join(logFolder, 'samband.log'), version });
const locale = Intl.DateTimeFormat().resolvedOptions().locale;
const policyFile = commandLine.policy === null ? defaultPolicyFile(machine) : resolve(commandLine.policy);
const provisionFile = commandLine.provision === null ? null : resolve(commandLine.provision);
// Not the desktop program's: its database's key lies in the system's key store, which this one cannot open.
const folder = join(dataFolder, 'host');

const noSettings =
  commandLine.config !== null && !existsSync(settingsFile)
    ? fail('not-found', `${settingsFile} does not exist (--config).`)
    : null;

if (commandLine.directoryDryRun && noSettings === null) {
  const ending = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => ending.abort());
  const code = await directoryDryRun({
    settingsFile,
    policyFile,
    provisionFile,
    secrets: createFileSecrets({ folder: join(folder, 'secrets') }),
    clock: systemClock,
    random: systemRandom,
    log,
    locale,
    logFolder,
    print: (text) => void process.stdout.write(text),
    signal: ending.signal,
  });
  log.close();
  // What was printed into a pipe is on its way still.
  await new Promise<void>((done) => process.stdout.write('', () => done()));
  process.exit(code);
}

const host =
  noSettings ??
  (await startHost({
    folder,
    settingsFile,
    policyFile,
    provisionFile,
    rendererFolder: fileURLToPath(new URL('out/renderer/', root)),
    port: commandLine.port ?? 0,
    dial: commandLine.dial,
    log,
    version,
  }));

if (host.ok) {
  const leave = (cause: string) => {
    log.info('host.leaving', { cause });
    host.value.close().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error('host.close-failed', { cause: String(error) });
        process.exit(1);
      },
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => leave(signal));
  process.once('disconnect', () => leave('disconnect'));
  process.stdout.write(`${host.value.url}\n`);
} else {
  const failure = startFailure(host.error, locale, logFolder);
  log.error('host.failed', { code: host.error.code, message: host.error.message, exitCode: failure.exitCode });
  process.stderr.write(`${failure.title}. ${failure.text}\n`);
  log.close();
  process.exitCode = failure.exitCode;
}
