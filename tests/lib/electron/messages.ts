import type { EventName, Fault, Result } from '#contract';

/** How an Electron that is too old for the services is to be started: JSON in the variable SAMBAND_TEST_ENTRY. */
export interface EntryOptions {
  /** A Node that can run the services. */
  readonly node: string;
  readonly servicesFile: string;
  readonly rendererFolder: string;
  readonly preloadFile: string;
  readonly dataFolder: string;
  readonly settingsFile: string;
  readonly provisionFile: string | null;
}

/** From the shell's process to the services' process. */
export type ToServices =
  | { readonly kind: 'call'; readonly id: number; readonly name: string; readonly input: unknown }
  | { readonly kind: 'dial'; readonly number: string }
  | { readonly kind: 'close' };

/** And back. */
export type FromServices =
  | { readonly kind: 'started'; readonly contentSecurityPolicy: string; readonly linkSchemes: readonly string[] }
  | { readonly kind: 'failed'; readonly fault: Fault }
  | { readonly kind: 'answer'; readonly id: number; readonly result: Result<unknown> }
  | { readonly kind: 'event'; readonly name: EventName; readonly data: unknown }
  | { readonly kind: 'attention'; readonly wanted: boolean }
  | { readonly kind: 'closed' };
