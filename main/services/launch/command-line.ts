import { dialTarget, isDialLink } from './dial.ts';

/** What the program was started with. */
export interface CommandLine {
  /** The user's settings file (`--config`). */
  readonly config: string | null;
  /** The machine's policy file (`--policy`), instead of the one at its usual place. */
  readonly policy: string | null;
  /** The folder for everything that is kept (`--data`). */
  readonly data: string | null;
  /** A file of secrets that are taken over once (`--provision`). */
  readonly provision: string | null;
  /** The port of the web host (`--port`). */
  readonly port: number | null;
  /** From `--dial` or a link: what the dial field is to show. */
  readonly dial: string | null;
  /** `--directory-dry-run`: show what the configured directory gives, and end. */
  readonly directoryDryRun: boolean;
  /** `--open-devtools` and the like are not ours; what looks like ours and is wrong is named here. */
  readonly problems: readonly string[];
}

const files = ['config', 'policy', 'data', 'provision'] as const;

function value(args: readonly string[], name: string): { readonly given: boolean; readonly text: string | null } {
  const index = args.findIndex((arg) => arg === `--${name}` || arg.startsWith(`--${name}=`));
  if (index === -1) return { given: false, text: null };
  const arg = args[index] ?? '';
  const inline = arg.indexOf('=');
  const text = inline === -1 ? args[index + 1] : arg.slice(inline + 1);
  return { given: true, text: text === undefined || text === '' || (inline === -1 && text.startsWith('--')) ? null : text };
}

/**
 * Reads the arguments after the program's own name. Chromium's and Electron's switches, which stand among them, are passed over;
 * `problems` says what a person has to correct.
 */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const problems: string[] = [];
  const file = Object.fromEntries(
    files.map((name) => {
      const { given, text } = value(args, name);
      if (given && text === null) problems.push(`--${name} needs a path.`);
      return [name, text];
    }),
  );
  const port = value(args, 'port');
  const number = port.text !== null && /^\d{1,5}$/.test(port.text) && Number(port.text) < 65_536 ? Number(port.text) : null;
  if (port.given && number === null) problems.push('--port needs a number from 0 to 65535.');
  const wanted = value(args, 'dial');
  const link = wanted.text ?? args.find(isDialLink) ?? null;
  const dial = link === null ? null : dialTarget(link);
  if (wanted.given && dial === null) problems.push('--dial needs a telephone number or a SIP address.');
  return {
    config: file['config'] ?? null,
    policy: file['policy'] ?? null,
    data: file['data'] ?? null,
    provision: file['provision'] ?? null,
    port: number,
    dial,
    directoryDryRun: args.includes('--directory-dry-run'),
    problems,
  };
}
