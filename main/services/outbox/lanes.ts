/** When what may be sent next: a wait for the whole server, and one for each lane (a case, or a case to be made). Pure. */
import { fullJitterMs, type Backoff } from './backoff.ts';

export interface Lanes {
  /** The server did not answer: everything waits, and one by one is tried. `atLeastMs`: its own Retry-After. */
  unanswered(lane: string, now: number, fraction: number, atLeastMs: number | null): void;
  /** The server answered, whatever it said: nothing waits for it any more. */
  answered(): void;
  /** This lane alone waits, longer each time. */
  delay(lane: string, now: number, fraction: number): void;
  /** This lane alone waits until an instant. */
  delayUntil(lane: string, until: number): void;
  /** The lane goes on. */
  clear(lane: string): void;
  /** Forgets all waits but those that the server asked for. */
  wake(): void;
  /** The instant from which the lane may be tried; at most `now` when it may be tried at once. */
  readyAt(lane: string): number;
  /** How many may be under way at once. */
  parallel(): number;
}

interface Wait {
  until: number;
  failures: number;
  reason: 'unanswered' | 'own';
}

export function createLanes(backoff: Backoff, most: number): Lanes {
  const lanes = new Map<string, Wait>();
  let serverUntil = 0;
  let serverAsked = 0;
  let failures = 0;

  const forgetUnanswered = () => {
    for (const [lane, wait] of lanes) if (wait.reason === 'unanswered') lanes.delete(lane);
  };
  const put = (lane: string, until: number, reason: Wait['reason'], counts: boolean) => {
    lanes.set(lane, { until, reason, failures: (lanes.get(lane)?.failures ?? 0) + (counts ? 1 : 0) });
  };

  return {
    unanswered(lane, now, fraction, atLeastMs) {
      failures += 1;
      serverUntil = now + fullJitterMs(backoff, failures, fraction);
      if (atLeastMs !== null) serverAsked = Math.max(serverAsked, now + atLeastMs);
      // Whoever failed goes to the end, so that one note that breaks the server does not hold the others.
      const own = (lanes.get(lane)?.failures ?? 0) + 1;
      put(lane, now + fullJitterMs(backoff, own, fraction), 'unanswered', true);
    },
    answered() {
      if (failures === 0) return;
      failures = 0;
      serverUntil = 0;
      serverAsked = 0;
      forgetUnanswered();
    },
    delay(lane, now, fraction) {
      const own = (lanes.get(lane)?.failures ?? 0) + 1;
      put(lane, now + fullJitterMs(backoff, own, fraction), 'own', true);
    },
    delayUntil: (lane, until) => put(lane, until, 'own', false),
    clear: (lane) => lanes.delete(lane),
    wake() {
      serverUntil = 0;
      forgetUnanswered();
    },
    readyAt: (lane) => Math.max(serverUntil, serverAsked, lanes.get(lane)?.until ?? 0),
    parallel: () => (failures > 0 ? 1 : most),
  };
}
