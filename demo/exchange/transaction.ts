import type { Flow } from './flow.ts';
import type { Header, SipRequest, SipResponse } from './message.ts';

/** Where a request goes. */
export interface Target {
  readonly uri: string;
  readonly flow: Flow;
  readonly extra?: readonly Header[];
}

/** Milliseconds (RFC 3261 §17): nothing at all from the target, a final answer after ringing, a non-INVITE's answer. */
export interface Timers {
  readonly b: number;
  readonly c: number;
  readonly f: number;
}
export const usualTimers: Timers = { b: 32_000, c: 180_000, f: 32_000 };

export interface Branch {
  readonly id: string;
  readonly target: Target;
  readonly headers: readonly Header[];
  state: 'calling' | 'proceeding' | 'done';
  /** cancel: a CANCEL is owed as soon as something provisional has come (§9.1). */
  cancel: 'no' | 'owed' | 'sent';
  stopTimer: () => void;
}

export interface Transaction {
  readonly key: string;
  readonly flow: Flow;
  readonly request: SipRequest;
  readonly tag: string;
  readonly branches: Branch[];
  /** What was sent back last; a retransmission gets it again. */
  last: string | null;
  /** The final status sent back; null: none yet. */
  final: number | null;
  cancelled: boolean;
  refusals: SipResponse[];
}

/** The order of refusals (RFC 3261 §16.7 step 6): a 6xx first, then the lowest, and last what says nothing but that nobody answered. */
export function rank(status: number): number {
  if (status >= 600) return 0;
  return status === 408 || status === 480 ? status + 100 : status;
}
