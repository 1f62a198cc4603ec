import type { Result } from '#contract';
import type { OpenReport } from './open.ts';
import type { QueryName } from './queries/index.ts';

/** What the worker thread begins with. The key stays in this process's memory. */
export interface WorkerStart {
  readonly folder: string;
  readonly key: string;
}

export type ToWorker =
  | { readonly kind: 'run'; readonly id: number; readonly name: QueryName; readonly input: unknown }
  | { readonly kind: 'close' };

export type FromWorker =
  | { readonly kind: 'opened'; readonly result: Result<OpenReport> }
  | { readonly kind: 'done'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failed'; readonly id: number; readonly damaged: boolean; readonly code: string; readonly message: string }
  | { readonly kind: 'closed' };
