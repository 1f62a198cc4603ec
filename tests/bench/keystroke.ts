/**
 * `npm run bench -- keystroke [--people N] [--count KEYSTROKES] [--seed N]`: from a key going down to the rows of its search being painted,
 * in the built window, beside a page that has only an input and a line that echoes it.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { generatePeople, peopleCsv } from '../../demo/people/index.ts';
import { scratch, waitFor } from '../lab/process.ts';
import { agentWindow } from '../lib/agent.ts';
import { startApp, writeAppFiles } from '../lib/app.ts';
import { latencies, percentile, type Bench } from '../lib/bench.ts';
import { launchBrowser } from '../lib/browser.ts';
import { keystrokes } from './search/keystrokes.ts';

/** A frame as soon as there is something to paint: what is measured is the work, not the display's clock. */
const AT_ONCE = ['--disable-frame-rate-limit', '--disable-gpu-vsync'];
const SEARCH = 'input[role=combobox]';
const BARE = 'data:text/html,<input role=combobox oninput="o.textContent=this.value"><p id=o>';

/** What the page tells of itself while it is typed into. */
interface Watched extends Window {
  /** How long after its key the page showed `text` and what belongs to it, in ms. */
  seen?: (text: string) => Promise<number>;
}

async function watch(page: Page, rows: boolean): Promise<void> {
  await page.evaluate(
    ({ field, rows: wanted }) => {
      let down = 0;
      addEventListener('keydown', (event) => (down = event.timeStamp), true);
      const answers = new Map<string, string | null>();
      if (wanted) {
        const { samband } = window as unknown as {
          samband: { call(name: string, input: { query: string }): Promise<unknown> };
        };
        const call = samband.call.bind(samband);
        const observed = async (name: string, input: { query: string }) => {
          const answer = (await call(name, input)) as { value?: { hits: { person: { name: string } }[] } };
          if (name === 'directory.search') answers.set(input.query, answer.value?.hits[0]?.person.name ?? null);
          return answer;
        };
        Object.defineProperty(window, 'samband', { value: { ...samband, call: observed } });
      }
      const isShown = (text: string) => {
        if (document.querySelector<HTMLInputElement>(field)?.value !== text) return false;
        if (!wanted) return document.querySelector('#o')?.textContent === text;
        const first = document.querySelector('[role=option][aria-posinset="1"] strong')?.textContent ?? null;
        return answers.has(text) && first === answers.get(text);
      };
      const painted = (text: string) =>
        new Promise<number>((resolve) => {
          const channel = new MessageChannel();
          // A message sent while a frame is made comes after it was painted.
          channel.port1.onmessage = () => {
            answers.clear();
            resolve(performance.now() - down);
          };
          const look = () => (isShown(text) ? channel.port2.postMessage(null) : requestAnimationFrame(look));
          requestAnimationFrame(look);
        });
      const told = new Map<string, Promise<number>>();
      addEventListener('input', (event) => {
        const text = (event.target as HTMLInputElement).value;
        told.set(text, painted(text));
      });
      (window as Watched).seen = async (text) => {
        while (!told.has(text)) await new Promise(requestAnimationFrame);
        const took = await told.get(text);
        told.clear();
        return took ?? 0;
      };
    },
    { field: SEARCH, rows },
  );
}

/** Types what was made letter by letter; how long each letter took to be seen, in ms. */
async function type(page: Page, typed: readonly string[]): Promise<number[]> {
  const took: number[] = [];
  const session = await page.context().newCDPSession(page);
  let before: string | null = null;
  for (const text of typed) {
    if (before === null || !text.startsWith(before) || text.length !== before.length + 1) {
      await page.locator(SEARCH).selectText();
      await page.keyboard.press('Backspace');
      // What is painted for an empty field belongs to no key.
      await waitFor(
        () =>
          page
            .locator(SEARCH)
            .inputValue()
            .then((value) => value === ''),
        { timeoutMs: 5000, what: 'no text' },
      );
    }
    // By the protocol: Playwright's keyboard knows no ø.
    const key = text.slice(-1);
    await session.send('Input.dispatchKeyEvent', { type: 'keyDown', key, text: key, unmodifiedText: key });
    await session.send('Input.dispatchKeyEvent', { type: 'keyUp', key });
    took.push(await page.evaluate((wanted) => (window as Watched).seen!(wanted), text));
    before = text;
  }
  return took;
}

export const bench: Bench = async ({ people = 100_000, count = 1500, seed, say }) => {
  const folder = scratch('bench-keystroke');
  const file = join(folder, 'people.csv');
  const everybody = generatePeople({ count: people, seed });
  writeFileSync(file, peopleCsv(everybody));
  const typed = keystrokes(everybody, count, seed + 1);
  const app = await startApp(
    writeAppFiles({
      settings: { agent: { id: 'kari', name: 'Kari Bench' }, directory: { kind: 'csv', file } },
      secrets: {},
    }),
  );

  async function measure(url: string, rows: boolean, switches: readonly string[], keys: readonly string[]) {
    const { browser, context } = await launchBrowser({ switches });
    const page = await context.newPage();
    // The bridge is fixed once it is there; the bench listens to what it answers.
    await page.addInitScript(() => {
      const define = Object.defineProperty.bind(Object);
      Object.defineProperty = <T>(on: T, key: PropertyKey, as: PropertyDescriptor & ThisType<unknown>): T =>
        define(on, key, key === 'samband' ? { ...as, configurable: true } : as);
    });
    await page.goto(url);
    if (rows) {
      await agentWindow(page).search.waitFor();
      await waitFor(
        () =>
          page.evaluate(async (wanted) => {
            const status = await window.samband.call('directory.status', null);
            return status.ok && status.value.people >= wanted && status.value.state === 'fresh';
          }, people),
        { timeoutMs: 300_000, what: 'the directory to be loaded' },
      );
    }
    await watch(page, rows);
    await page.locator(SEARCH).focus();
    await type(page, keys.slice(0, 100));
    const took = await type(page, keys);
    await browser.close();
    return took;
  }

  say(`loading ${people} people`);
  const own = await measure(app.url, true, AT_ONCE, typed);
  say('the same keys into a bare page');
  const bare = await measure(BARE, false, AT_ONCE, typed);
  await app.server.stop();
  const again = await startApp(app.files);
  say('both again, at the pace of a display');
  const few = typed.slice(0, Math.ceil(count / 4));
  const paced = await measure(again.url, true, [], few);
  const barePaced = await measure(BARE, false, [], few);
  await again.server.stop();

  const ratio = (a: readonly number[], b: readonly number[]) =>
    Math.round((percentile(a, 0.95) / percentile(b, 0.95)) * 100) / 100;
  return {
    figures: {
      people,
      keystrokes: typed.length,
      ...latencies(own),
      at_60hz_p95_ms: latencies(paced).p95_ms,
      p95_vs_bare_ratio: ratio(own, bare),
      at_60hz_p95_vs_bare_ratio: ratio(paced, barePaced),
    },
    peers: { 'bare input': { ...latencies(bare), at_60hz_p95_ms: latencies(barePaced).p95_ms } },
    notes: [
      'From the key event’s own time to the frame with its first row being painted, every keystroke of people being looked for.',
      'Frames are made as soon as there is something to paint; at_60hz: they wait for a display’s next one, up to 16.7 ms more.',
    ],
  };
};
