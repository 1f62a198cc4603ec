import { waitFor } from '../../lab/process.ts';
import { launchBrowser } from '../browser.ts';
import { servePage } from '../pages.ts';
import { soundOf, type Sound } from '../tones.ts';
import type { FarEndOptions, FarEndState, FarEndsWindow } from './page.ts';

export interface FarEnd {
  readonly user: string;
  readonly says: number;
  state(): Promise<FarEndState>;
  until(fits: (state: FarEndState) => boolean, what: string, timeoutMs?: number): Promise<FarEndState>;
  call(uri: string): Promise<void>;
  /** Answers what rings. */
  answer(): Promise<void>;
  /** Ends, refuses or gives up everything. */
  hangUp(): Promise<void>;
  heard(frequencies: readonly number[]): Promise<Sound>;
}

export interface FarEnds {
  /** A telephone with an account of the exchange, signed in. */
  open(options: Partial<FarEndOptions> & Pick<FarEndOptions, 'user' | 'says'>): Promise<FarEnd>;
  close(): Promise<void>;
}

/** One browser with telephones that are not ours: see page.ts. */
export async function openFarEnds(exchange: { readonly server: string; readonly domain: string }): Promise<FarEnds> {
  const url = await servePage(new URL('.', import.meta.url));
  const { browser, context } = await launchBrowser();
  const page = await context.newPage();
  const trouble: string[] = [];
  page.on('pageerror', (error) => trouble.push(String(error)));
  await page.goto(url);
  await page.waitForFunction(() => (window as unknown as FarEndsWindow).farEnds !== undefined);

  return {
    async open({ user, says, ...change }) {
      const options: FarEndOptions = {
        password: `pw-${user}`,
        displayName: '',
        replaces: true,
        follows: true,
        ...exchange,
        ...change,
        user,
        says,
      };
      await page.evaluate((given) => (window as unknown as FarEndsWindow).farEnds!.open(given), options);
      const state = () => page.evaluate((of) => (window as unknown as FarEndsWindow).farEnds!.of(of).state, user);
      const act = (name: 'call' | 'answer' | 'hangUp', uri = '') =>
        page.evaluate(
          ([of, what, target]) => {
            const farEnd = (window as unknown as FarEndsWindow).farEnds!.of(of);
            return what === 'call' ? farEnd.call(target) : farEnd[what]();
          },
          [user, name, uri] as const,
        );
      return {
        user,
        says,
        state,
        until: async (fits, what, timeoutMs = 10_000) => {
          let last: FarEndState | undefined;
          try {
            return await waitFor(
              async () => {
                last = await state();
                return fits(last) ? last : null;
              },
              { timeoutMs, what },
            );
          } catch (error) {
            throw new Error(`${user}: ${what}: ${JSON.stringify(last)} ${trouble.slice(-10).join('\n')}`, { cause: error });
          }
        },
        call: (uri) => act('call', uri),
        answer: () => act('answer'),
        hangUp: () => act('hangUp'),
        async heard(frequencies) {
          const { samples, rate } = await page.evaluate(
            (of) => (window as unknown as FarEndsWindow).farEnds!.of(of).samples(),
            user,
          );
          return soundOf(samples, rate, frequencies);
        },
      };
    },
    close: () => browser.close(),
  };
}
