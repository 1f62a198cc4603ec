/** An agent's desk: the app as its web host, and its window in a browser whose microphone says one tone. */
import { join } from 'node:path';
import { scratch } from '../lab/process.ts';
import { agentWindow, type AgentWindow } from './agent.ts';
import { startApp, type App, type AppFiles } from './app.ts';
import { launchBrowser, type BrowserOptions } from './browser.ts';
import { addEar } from './ears.ts';
import { writeToneWav } from './tones.ts';

export interface Desk {
  readonly app: App;
  readonly window: AgentWindow;
  /** What the page has complained about: errors of scripts, and what the content security policy refused. */
  readonly complaints: readonly string[];
  /** Closes the browser and stops the host. */
  close(): Promise<void>;
}

export interface DeskOptions extends BrowserOptions {
  /** What the agent says, in Hz. */
  readonly says: number;
}

/** Opens the window on the app's files and waits until it is signed in. */
export async function openDesk(files: AppFiles, options: DeskOptions): Promise<Desk> {
  const microphone = join(scratch('microphone'), 'says.wav');
  // Longer than any test: at the end of the file the fake microphone begins anew, with a click.
  writeToneWav(microphone, options.says, { seconds: 120, rate: 48_000 });
  const app = await startApp(files);
  const { browser, context } = await launchBrowser({ ...options, microphone });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`${message.text()} (${message.location().url})`);
  });
  await addEar(page);
  await page.goto(app.url);
  const window = agentWindow(page);
  await window.registered();
  return {
    app,
    window,
    complaints,
    async close() {
      await browser.close();
      await app.server.stop();
    },
  };
}
