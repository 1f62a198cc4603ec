// Finds an installed browser of the Chromium family and opens the app in a window of its own. Plain Node.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

function places() {
  const { env } = process;
  if (process.platform === 'win32') {
    const programs = [env.ProgramFiles, env['ProgramFiles(x86)'], env.LOCALAPPDATA].filter(Boolean);
    const files = [
      'Google\\Chrome\\Application\\chrome.exe',
      'Microsoft\\Edge\\Application\\msedge.exe',
      'Chromium\\Application\\chrome.exe',
    ];
    return files.flatMap((file) => programs.map((folder) => join(folder, file)));
  }
  if (process.platform === 'darwin') {
    const names = ['Google Chrome', 'Microsoft Edge', 'Chromium', 'Brave Browser'];
    return names.flatMap((name) =>
      ['/Applications', join(homedir(), 'Applications')].map((folder) =>
        join(folder, `${name}.app`, 'Contents', 'MacOS', name),
      ),
    );
  }
  const names = [
    'chromium',
    'chromium-browser',
    'google-chrome',
    'google-chrome-stable',
    'microsoft-edge',
    'microsoft-edge-stable',
    'brave-browser',
  ];
  return names.flatMap((name) => (env.PATH ?? '').split(delimiter).map((folder) => join(folder, name)));
}

/** SAMBAND_BROWSER, or an installed Chromium, Chrome or Edge; null: none. */
export function findBrowser() {
  return [process.env.SAMBAND_BROWSER ?? '', ...places()].find((place) => place !== '' && existsSync(place)) ?? null;
}

/** Whether a window can be shown: everywhere but in a Linux session without a display. */
export function hasDisplay() {
  if (process.platform === 'win32' || process.platform === 'darwin') return true;
  return Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

/** Telephony on one machine needs the loopback interface, a ring tone before the first click, and timers that are not slowed down. */
export const telephoneFlags = [
  '--allow-loopback-in-peer-connection',
  '--autoplay-policy=no-user-gesture-required',
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
];

/** Snap's browsers may not read hidden folders of the home folder. */
function profileOf(browser, folder) {
  const name = browser.startsWith('/snap/') ? browser.split('/').at(-1) : null;
  return name ? join(homedir(), 'snap', name, 'common', 'samband-window') : join(folder, 'browser');
}

/** Opens the address as an app window with its own profile in `folder`. The process lives as long as the window. */
export function openWindow(browser, address, folder) {
  const profile = profileOf(browser, folder);
  mkdirSync(profile, { recursive: true });
  // Chromium refuses to run as root with its sandbox; for everybody else the sandbox stays.
  const root = process.platform === 'linux' && process.getuid?.() === 0;
  const args = [
    `--app=${address}`,
    `--user-data-dir=${profile}`,
    '--no-first-run',
    '--no-default-browser-check',
    '--window-size=1366,800',
    // The window has its own languages, and a note is shown to no translator.
    '--disable-features=Translate',
    ...telephoneFlags,
    ...(root ? ['--no-sandbox', '--test-type'] : []),
  ];
  return spawn(browser, args, { stdio: 'ignore' });
}
