import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { Call, CallsState } from '../../../renderer/call/index.ts';
import type { LineView } from '../../../renderer/lines/index.ts';
import type { LinesPolicy } from '../../../renderer/lines/watch.ts';
import { scratch, waitFor } from '../../lab/process.ts';
import { launchBrowser } from '../browser.ts';
import { addEar, heard } from '../ears.ts';
import { servePage } from '../pages.ts';
import { writeToneWav, type Sound } from '../tones.ts';
import type { SoftphoneWindow } from './page.ts';

export { accountOf } from './account.ts';

type Do = NonNullable<SoftphoneWindow['softphone']>['telephone'];

export interface Softphone {
  readonly page: Page;
  state(): Promise<CallsState>;
  /** Waits until the state fits. */
  until(fits: (state: CallsState) => unknown, what: string, timeoutMs?: number): Promise<CallsState>;
  /** Waits until the call that has this phase is there. */
  call(phase: Call['phase'], timeoutMs?: number): Promise<Call>;
  /** The telephone's own actions, in the page. */
  act<K extends keyof Do>(name: K, ...args: Parameters<Do[K]>): Promise<void>;
  /** Looks at these numbers' lines, instead of those before. */
  watch(numbers: readonly string[], policy: LinesPolicy): Promise<void>;
  line(number: string): Promise<LineView>;
  events(): Promise<readonly { readonly type: string; readonly callId: string; readonly endReason: string | null }[]>;
  /** What the newest call's far end sounds like here. */
  heard(frequencies: readonly number[]): Promise<Sound>;
  /** Milliseconds from one performance mark to another, of the same call where they name one. */
  between(from: string, to: string): Promise<number>;
  /** A new window in the same browser: nothing is left of the last. */
  reload(): Promise<void>;
  close(): Promise<void>;
}

/** A browser of one's own (the fake microphone is the whole browser's) with the telephone in it. `says`: a tone in Hz. */
export async function openSoftphone(options: { readonly says: number }): Promise<Softphone> {
  const url = await servePage(new URL('.', import.meta.url));
  const wav = join(scratch('microphone'), 'microphone.wav');
  writeToneWav(wav, options.says, { seconds: 60, rate: 48_000 });
  const { browser, context } = await launchBrowser({ microphone: wav });
  const page = await (await browser.newContext({ permissions: ['microphone'], ignoreHTTPSErrors: true })).newPage();
  await context.close();
  const trouble: string[] = [];
  page.on('pageerror', (error) => trouble.push(String(error)));
  page.on('console', (message) => trouble.push(message.text()));
  const load = async () => {
    await page.goto(url);
    await page.waitForFunction(() => (window as unknown as SoftphoneWindow).softphone !== undefined);
  };
  await addEar(page);
  await load();

  const state = () => page.evaluate(() => (window as unknown as SoftphoneWindow).softphone!.state());
  const until = async (fits: (state: CallsState) => unknown, what: string, timeoutMs = 10_000) => {
    let last: CallsState | undefined;
    try {
      return await waitFor(
        async () => {
          last = await state();
          return fits(last) ? last : null;
        },
        { timeoutMs, what },
      );
    } catch (error) {
      throw new Error(`${what}: ${JSON.stringify(last)} \n${trouble.slice(-20).join('\n')}`, { cause: error });
    }
  };

  return {
    page,
    state,
    until,
    call: async (phase, timeoutMs) => {
      const found = await until((s) => s.calls.some((call) => call.phase === phase), `a call that is ${phase}`, timeoutMs);
      return found.calls.find((call) => call.phase === phase)!;
    },
    act: (name, ...args) =>
      page.evaluate(
        ([method, given]) => {
          const { telephone } = (window as unknown as SoftphoneWindow).softphone!;
          const action = telephone[method] as (...all: unknown[]) => unknown;
          void action.apply(telephone, given);
        },
        [name, args] as const,
      ),
    watch: (numbers, policy) =>
      page.evaluate(
        ([who, how]) => {
          const view = window as unknown as SoftphoneWindow & { unwatch?: () => void };
          const { lines } = view.softphone!;
          lines.configureLines({ lineState: how.events, lineStateLimit: how.limit });
          view.unwatch?.();
          view.unwatch = lines.watchLines(who);
        },
        [numbers, policy] as const,
      ),
    line: (number) => page.evaluate((of) => (window as unknown as SoftphoneWindow).softphone!.lines.lineOf(of), number),
    events: () => page.evaluate(() => (window as unknown as SoftphoneWindow).softphone!.events),
    heard: (frequencies) => heard(page, frequencies),
    between: (from, to) =>
      page.evaluate(
        ([a, b]) => {
          const last = (name: string) => performance.getEntriesByName(name).at(-1)?.startTime ?? Number.NaN;
          return last(b) - last(a);
        },
        [from, to] as const,
      ),
    reload: async () => {
      await page.goto('about:blank');
      await load();
    },
    close: () => browser.close(),
  };
}
