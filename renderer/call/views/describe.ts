import { duration, formatNumber, type Messages } from '../../text/index.ts';
import type { Call, LineState } from '../index.ts';

/** The target of a transfer in words. */
export const targetOf = (call: Call): string =>
  call.transferTarget === null ? '' : (call.transferTarget.name ?? formatNumber(call.transferTarget.number));

/** What is going on in a call, beyond that it goes on; null: nothing to say. */
export function doing(call: Call, t: Messages): { readonly text: string; readonly tone: 'warn' | 'calm' } | null {
  if (call.transferRefused) return { text: t.calls.transferRefused(targetOf(call)), tone: 'warn' };
  if (call.phase === 'transferring')
    return {
      text: call.transferRinging ? t.calls.transferRinging(targetOf(call)) : t.calls.transferring(targetOf(call)),
      tone: 'calm',
    };
  if (call.phase === 'held') return { text: t.calls.phase.held, tone: 'warn' };
  if (call.phase === 'active') return call.muted ? { text: t.calls.muted, tone: 'warn' } : null;
  if (call.phase === 'ended')
    return call.endReason === null
      ? null
      : {
          text: call.endReason === 'transferred' ? t.day.transferredTo(targetOf(call)) : t.calls.ended[call.endReason],
          tone: 'calm',
        };
  return { text: t.calls.phase[call.phase], tone: 'calm' };
}

/** Seconds that the big timer shows: talk, else ringing, else wrap-up. */
export function elapsed(call: Call, now: Date): string {
  const from = call.phase === 'ended' ? (call.endedAt ?? call.startedAt) : (call.answeredAt ?? call.startedAt);
  return duration((now.getTime() - from) / 1000, true);
}

/** Why no call can come, in words; null: the line is there. */
export function lineTrouble(line: LineState, t: Messages): string | null {
  if (line.kind === 'offline') return t.calls.lineDown;
  if (line.kind === 'connecting') return t.calls.lineConnecting;
  return line.kind === 'refused' ? t.calls.lineRefused(line.status) : null;
}
