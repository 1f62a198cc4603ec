import { existsSync } from 'node:fs';
import { chromium, type Browser, type BrowserContext } from 'playwright-core';

const places = [
  process.env['SAMBAND_BROWSER'] ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** The browser that the tests drive: SAMBAND_BROWSER, or one that is installed. Throws when there is none. */
export function findChromium(): string {
  const found = places.find((place) => place !== '' && existsSync(place));
  if (found === undefined) throw new Error('no Chromium was found; SAMBAND_BROWSER can name one');
  return found;
}

/** What a softphone in an automated Chromium needs: media without questions, loopback ICE, no throttling, and no traffic of its own. */
export function mediaArguments(microphone?: string): string[] {
  return [
    '--no-sandbox',
    '--use-fake-ui-for-media-stream',
    '--use-fake-device-for-media-stream',
    ...(microphone === undefined ? [] : [`--use-file-for-fake-audio-capture=${microphone}`]),
    '--autoplay-policy=no-user-gesture-required',
    '--allow-loopback-in-peer-connection',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--no-first-run',
    '--disable-quic',
    '--disable-background-timer-throttling',
    '--disable-backgrounding-occluded-windows',
    '--disable-renderer-backgrounding',
  ];
}

export interface BrowserOptions {
  /** A wav file that the fake microphone plays, over and over. It is the whole browser's. */
  readonly microphone?: string;
  readonly size?: { readonly width: number; readonly height: number };
  readonly colorScheme?: 'light' | 'dark';
  /** Switches of Chromium's own beside those that every test has. */
  readonly switches?: readonly string[];
}

/** A headless Chromium of one's own with one context, as an agent's machine has it: Norwegian, microphone allowed. */
export async function launchBrowser(
  options: BrowserOptions = {},
): Promise<{ readonly browser: Browser; readonly context: BrowserContext }> {
  const browser = await chromium.launch({
    executablePath: findChromium(),
    args: [...mediaArguments(options.microphone), ...(options.switches ?? [])],
    // A muted browser never plays, and what is not played cannot be heard by the tests either.
    ignoreDefaultArgs: ['--mute-audio'],
  });
  const context = await browser.newContext({
    viewport: options.size ?? { width: 1366, height: 800 },
    locale: 'nb-NO',
    timezoneId: 'Europe/Oslo',
    permissions: ['microphone'],
    colorScheme: options.colorScheme ?? 'light',
  });
  return { browser, context };
}
