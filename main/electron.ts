import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { app, safeStorage } from 'electron';
import { fail } from '#contract';
import { startServices } from './services/compose.ts';
import { parseCommandLine } from './services/launch/command-line.ts';
import { directoryDryRun } from './services/launch/dry-run.ts';
import { startFailure } from './services/launch/failure.ts';
import { keepHeapSmall } from './services/launch/memory.ts';
import { defaultDataFolder, defaultPolicyFile, type Machine } from './services/launch/places.ts';
import { createFileLog } from './services/log/index.ts';
import { systemClock, systemRandom } from './services/system.ts';
import { openSecrets } from './shell/secrets.ts';
import { startShell } from './shell/start.ts';

// The production composition root: Electron's shell around the services of this process.

keepHeapSmall();
const machine: Machine = { platform: process.platform, env: process.env, home: homedir() };
const commandLine = parseCommandLine(process.argv.slice(1));
const dataFolder = resolve(commandLine.data ?? defaultDataFolder(machine));
const logFolder = join(dataFolder, 'logs');
mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
app.setPath('userData', dataFolder);
// What Chromium keeps lies apart from what Samband keeps.
app.setPath('sessionData', join(dataFolder, 'chromium'));
app.setAppLogsPath(logFolder);
app.setAppUserModelId('no.samband.client');

const log = createFileLog({ file: join(logFolder, 'samband.log'), version: app.getVersion() });
for (const problem of commandLine.problems) log.warn('command-line', { problem });

/** Beside this bundle; a worker cannot be started from inside the archive, so there it lies next to it (asarUnpack). */
const databaseWorker = new URL(
  new URL('./database-worker.js', import.meta.url).href.replace('/app.asar/', '/app.asar.unpacked/'),
);
const out = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));

const settingsFile = commandLine.config === null ? join(dataFolder, 'settings.json') : resolve(commandLine.config);
const policyFile = commandLine.policy === null ? defaultPolicyFile(machine) : resolve(commandLine.policy);
const provisionFile = commandLine.provision === null ? null : resolve(commandLine.provision);
const noSettings = () =>
  commandLine.config !== null && !existsSync(settingsFile)
    ? fail('not-found', `${settingsFile} does not exist (--config).`)
    : null;
const secretsOfThisUser = () =>
  openSecrets({ file: join(dataFolder, 'secrets.json'), safeStorage, platform: process.platform });

/** Instead of a window: beside a Samband that runs, too. */
async function dryRun(): Promise<number> {
  await app.whenReady();
  const refused = noSettings();
  const secrets = refused ?? (await secretsOfThisUser());
  if (!secrets.ok) {
    const { title, text, exitCode } = startFailure(secrets.error, app.getLocale(), logFolder);
    process.stdout.write(`${title}. ${text}\n`);
    return exitCode;
  }
  return directoryDryRun({
    settingsFile,
    policyFile,
    provisionFile,
    secrets: secrets.value,
    clock: systemClock,
    random: systemRandom,
    log,
    locale: app.getLocale(),
    logFolder,
    print: (text) => void process.stdout.write(text),
    signal: new AbortController().signal,
  });
}

if (commandLine.directoryDryRun) {
  void dryRun()
    .catch((error: unknown) => {
      log.error('directory.dry-run-failed', { cause: String(error) });
      return 1;
    })
    .then((code) => {
      log.flush();
      // What was printed into a pipe is on its way still.
      process.stdout.write('', () => app.exit(code));
    });
} else {
  startShell({
    async services(platform) {
      const refused = noSettings();
      if (refused) return refused;
      const secrets = await secretsOfThisUser();
      if (!secrets.ok) return secrets;
      const services = await startServices({
        folder: join(dataFolder, 'data'),
        settingsFile,
        policyFile,
        provisionFile,
        secrets: secrets.value,
        databaseWorker,
        clock: systemClock,
        random: systemRandom,
        fetch: globalThis.fetch,
        log,
        platform,
        version: app.getVersion(),
      });
      if (!services.ok) return services;
      // From a checkout there is nothing that the system could start again.
      return { ok: true, value: { ...services.value, linkSchemes: app.isPackaged ? services.value.linkSchemes : [] } };
    },
    rendererFolder: out('renderer'),
    preloadFile: out('preload/index.cjs'),
    dataFolder,
    logFolder,
    dial: commandLine.dial,
    development: !app.isPackaged,
    platform: process.platform,
    log,
  });
}
