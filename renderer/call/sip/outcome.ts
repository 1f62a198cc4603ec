/** What status codes mean to an agent; pure. */
import type { EndReason, TransferProgress } from '../phone.ts';

/** A final answer other than 2xx to our INVITE (RFC 3261 §21). */
export function reasonOfRefusal(status: number): EndReason {
  if (status === 486 || status === 600) return 'busy';
  if (status === 408 || status === 480 || status === 487) return 'noAnswer';
  if (status === 404 || status === 410 || status === 484 || status === 604) return 'notFound';
  if (status >= 500 && status < 600) return 'failed';
  return 'refused';
}

/**
 * A NOTIFY's sipfrag after our REFER (RFC 3515 §2.4.5); null: nothing new. A subscription that ends without a final answer counts as
 * refused: then the caller is still ours.
 */
export function transferProgressOf(body: string, subscriptionState: string): TransferProgress | null {
  const status = Number(/^SIP\/2\.0 (\d{3})/.exec(body.trimStart())?.[1] ?? Number.NaN);
  if (status >= 300) return { kind: 'refused', status };
  if (status >= 200) return { kind: 'done' };
  if (/^\s*terminated/i.test(subscriptionState)) return { kind: 'refused', status: null };
  return status >= 180 ? { kind: 'ringing' } : null;
}

/** How long to wait before the next attempt, in ms: doubles from 250 ms to 2 s, and any of it (full jitter), so that a room full of clients spreads out. */
export function backoff(attempt: number, random: number): number {
  return Math.round(Math.min(2000, 250 * 2 ** Math.min(attempt, 10)) * random);
}
