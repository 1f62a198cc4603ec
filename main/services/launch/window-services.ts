import type { EventName } from '#contract';
import type { Dispatch } from '../router.ts';

/** What a window needs of the services, wherever they run: what `startServices` gives, and what a stand-in in another process can give. */
export interface WindowServices {
  readonly dispatch: Dispatch;
  /** Returns a function that stops listening. */
  onEvent(listener: (name: EventName, data: unknown) => void): () => void;
  /** A number for the dial field, from outside. */
  requestDial(number: string): void;
  /** Ends them; what is stored is safe at any moment before. */
  close(): Promise<void>;
  /** The page's Content-Security-Policy: it names the configured SIP servers. */
  readonly contentSecurityPolicy: string;
  /** The kinds of links that the system is to hand to Samband. */
  readonly linkSchemes: readonly string[];
}

/**
 * The same services, with a number from outside kept until a page has begun its session: before that nobody listens, and the number of
 * the link that started the program would be lost. Of several the last is kept: it is the one that is meant.
 */
export function keepDialUntilHeard<S extends WindowServices>(services: S): S {
  let heard = false;
  let kept: string | null = null;
  return {
    ...services,
    async dispatch(name, input) {
      const result = await services.dispatch(name, input);
      if (name === 'session.start' && result.ok) {
        heard = true;
        if (kept !== null) {
          const number = kept;
          kept = null;
          // After the answer, which the page awaits before it shows anything.
          setImmediate(() => services.requestDial(number));
        }
      }
      return result;
    },
    requestDial(number) {
      if (heard) services.requestDial(number);
      else kept = number;
    },
  };
}
