import { posix, win32 } from 'node:path';

export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
}

/** Where the helpdesk's policy file lies: a folder that an ordinary user cannot write to. */
export function defaultPolicyFile({ platform, env }: Machine): string {
  switch (platform) {
    case 'win32':
      return win32.join(env['ProgramData'] ?? 'C:\\ProgramData', 'Samband', 'policy.json');
    case 'darwin':
      return '/Library/Application Support/Samband/policy.json';
    default:
      return '/etc/samband/policy.json';
  }
}

/** Where everything of a user is kept. On Windows not the roaming profile: a database must not travel at every logon. */
export function defaultDataFolder({ platform, env, home }: Machine): string {
  switch (platform) {
    case 'win32':
      return win32.join(env['LOCALAPPDATA'] ?? win32.join(home, 'AppData', 'Local'), 'Samband');
    case 'darwin':
      return posix.join(home, 'Library', 'Application Support', 'Samband');
    default:
      return posix.join(env['XDG_DATA_HOME'] || posix.join(home, '.local', 'share'), 'samband');
  }
}
