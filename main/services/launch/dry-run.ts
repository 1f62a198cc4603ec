/** `--directory-dry-run`: what both composition roots do instead of starting. */
import { fail, type Fault } from '#contract';
import { preview } from '../directory/dry-run.ts';
import { directorySource } from '../directory/index.ts';
import type { Clock, Log, Random, Secrets } from '../ports.ts';
import { createSettings, readProvision, type SettingsPaths } from '../settings/index.ts';
import { dryRunLines } from './dry-run-text.ts';
import { startFailure, tongueOf } from './failure.ts';

export interface DryRunPorts extends SettingsPaths {
  /** Read, never taken over: the password may be in it. */
  readonly provisionFile: string | null;
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly locale: string;
  readonly logFolder: string;
  readonly print: (text: string) => void;
  readonly signal: AbortSignal;
}

/** People were read, and something was left out. */
const someDropped = 3;
/** Nobody was read, or not everybody. */
const notRead = 4;

/**
 * Reads the configured directory, prints ten people of it and what was left out, and stores nothing. Answers the program's exit code:
 * 0: everything was taken · 3: something was left out · 4: it could not be read to its end · otherwise startFailure's. What is
 * printed holds personal data and is for the helpdesk's eyes; the log has counts alone.
 */
export async function directoryDryRun(ports: DryRunPorts): Promise<number> {
  const { log, print, locale } = ports;
  const refuse = (fault: Fault): number => {
    const failure = startFailure(fault, locale, ports.logFolder);
    log.error('directory.dry-run-refused', { code: fault.code, exitCode: failure.exitCode });
    print(`${failure.title}. ${failure.text}\n`);
    return failure.exitCode;
  };
  const settings = await createSettings(ports);
  if (!settings.ok) return refuse(settings.error);
  const provisioned = ports.provisionFile === null ? null : await readProvision(ports.provisionFile);
  if (provisioned?.ok === false) return refuse(provisioned.error);
  const secrets: Secrets = {
    ...ports.secrets,
    get: async (name) => (name === 'directory' ? provisioned?.value?.directory : undefined) ?? ports.secrets.get(name),
  };
  const source = directorySource({ ...ports, settings: settings.value, secrets });
  if (source === null) return refuse(fail('invalid-input', 'The settings name no directory.').error);
  const found = await preview(source, ports.random, ports.signal);
  print(`${dryRunLines(found, tongueOf(locale)).join('\n')}\n`);
  const dropped = Object.fromEntries([...found.dropped].map(([what, { count }]) => [what, count]));
  log.info('directory.dry-run', { people: found.people, dropped, code: found.fault?.code ?? null });
  if (found.fault !== null || found.people === 0) return notRead;
  return [...found.dropped.keys()].some((what) => what !== 'column') ? someDropped : 0;
}
