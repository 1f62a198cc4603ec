/**
 * From launch to the window painted and to registered, and the memory afterwards, beside a blank page in the same browser. The app is the web
 * host in a process of its own, with the database in a worker thread of it: the two share one resident set.
 */
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { startLab } from '../lab/lab.ts';
import { waitFor } from '../lab/process.ts';
import { agentWindow } from '../lib/agent.ts';
import { startApp, writeAppFiles } from '../lib/app.ts';
import { percentile, type Bench } from '../lib/bench.ts';
import { launchBrowser } from '../lib/browser.ts';

interface Start {
  readonly painted: number;
  readonly registered: number;
  readonly host: number;
  readonly renderer: number;
}

const megabytes = (pid: number) => Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

/** Resident memory of the page's own process. */
async function rendererMemory(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  const renderers = processInfo.filter(({ type }) => type === 'renderer').toSorted((a, b) => b.cpuTime - a.cpuTime);
  return megabytes(renderers[0]!.id);
}

/** When the page was first painted, as Date.now() has it. */
const firstPaint = (page: Page) =>
  waitFor(
    () =>
      page.evaluate(() => {
        const paint = performance.getEntriesByName('first-contentful-paint')[0];
        return paint === undefined ? null : performance.timeOrigin + paint.startTime;
      }),
    { timeoutMs: 20_000, what: 'the first paint' },
  );

/** The agent's window shows its bar when the session has begun: painted before that is an empty frame. */
const windowShown = (page: Page) =>
  page.evaluate(async () => {
    while (document.querySelector('header') === null) await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame);
    return performance.timeOrigin + performance.now();
  });

const middle = (values: readonly number[]) => Math.round(percentile(values, 0.5) * 10) / 10;

export const bench: Bench = async ({ count = 7, people = 10_000, say }) => {
  const lab = await startLab({ people });
  const files = writeAppFiles(lab.app);

  async function start(): Promise<Start> {
    const launched = Date.now();
    const [app, { browser, context }] = await Promise.all([startApp(files), launchBrowser()]);
    const page = await context.newPage();
    await page.goto(app.url, { waitUntil: 'commit' });
    const painted = await windowShown(page);
    await agentWindow(page).registered();
    const registered = Date.now();
    await waitFor(
      () =>
        page.evaluate(async (wanted) => {
          const status = await window.samband.call('directory.status', null);
          return status.ok && status.value.people >= wanted && status.value.state === 'fresh';
        }, people),
      { timeoutMs: 120_000, what: 'the directory to be loaded' },
    );
    const figures = {
      painted: painted - launched,
      registered: registered - launched,
      host: megabytes(app.server.pid),
      renderer: await rendererMemory(browser),
    };
    await browser.close();
    await app.server.stop();
    return figures;
  }

  async function blank(): Promise<Pick<Start, 'painted' | 'renderer'>> {
    const launched = Date.now();
    const { browser, context } = await launchBrowser();
    const page = await context.newPage();
    await page.goto('data:text/html,<p>blank');
    const painted = (await firstPaint(page)) - launched;
    const renderer = await rendererMemory(browser);
    await browser.close();
    return { painted, renderer };
  }

  const first = await start();
  say(`first start, which loads ${people} people: painted after ${Math.round(first.painted)} ms`);
  const starts: Start[] = [];
  const blanks: Pick<Start, 'painted' | 'renderer'>[] = [];
  // By turns, so that what else the machine does falls on both.
  for (let i = 0; i < count; i++) {
    starts.push(await start());
    blanks.push(await blank());
    say(`${i + 1} of ${count} starts`);
  }
  const own = {
    painted_ms: middle(starts.map(({ painted }) => painted)),
    renderer_rss_mb: middle(starts.map(({ renderer }) => renderer)),
  };
  const bare = {
    painted_ms: middle(blanks.map(({ painted }) => painted)),
    renderer_rss_mb: middle(blanks.map(({ renderer }) => renderer)),
  };
  const ratio = (a: number, b: number) => Math.round((a / b) * 100) / 100;
  return {
    figures: {
      starts: count,
      ...own,
      registered_ms: middle(starts.map(({ registered }) => registered)),
      first_start_painted_ms: Math.round(first.painted),
      main_and_worker_rss_mb: middle(starts.map(({ host }) => host)),
      painted_vs_bare_ratio: ratio(own.painted_ms, bare.painted_ms),
      renderer_rss_vs_bare_ratio: ratio(own.renderer_rss_mb, bare.renderer_rss_mb),
    },
    peers: { 'blank page': bare },
    notes: [
      'Medians. Launch: host process and browser started at the same moment; painted: the bar is in a painted frame; memory with the directory loaded.',
      'main and worker are threads of one process (the web host); the blank page is painted by a browser launched in the same way.',
    ],
  };
};
