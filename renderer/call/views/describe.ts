import { duration, formatNumber, type Messages } from '../../text/index.ts';
import type { Call, LineState } from '../index.ts';

/** The target of a transfer in words. */
export const targetOf = (call: Call): string =>
  call.transferTarget === null ? '' : (call.transferTarget.name ?? formatNumber(call.transferTarget.number));

/** Why a transfer came back, in words. */
export function cameBack(call: Call, t: Messages): string {
  const reason = call.transferReason ?? '';
  const words = reason in t.calls.transferBack ? t.calls.transferBack[reason as keyof Messages['calls']['transferBack']] : null;
  return (words ?? t.calls.transferRefused)(targetOf(call));
}

/**
 * What is going on in a call, beyond that it goes on; null: nothing to say. `together`: the names of the caller and of who is consulted,
 * where this call is one of the two.
 */
export function doing(
  call: Call,
  t: Messages,
  together: { readonly caller: string; readonly other: string } | null = null,
): { readonly text: string; readonly tone: 'warn' | 'calm' } | null {
  if (call.transferRefused) return { text: cameBack(call, t), tone: 'warn' };
  if (call.phase === 'transferring')
    return {
      text: call.transferRinging ? t.calls.transferRinging(targetOf(call)) : t.calls.transferring(targetOf(call)),
      tone: 'calm',
    };
  if (call.phase === 'joined') return { text: t.calls.joinedWith(targetOf(call)), tone: 'calm' };
  if (call.phase === 'ended')
    return call.endReason === null
      ? null
      : {
          text: call.endReason === 'transferred' ? t.day.transferredTo(targetOf(call)) : t.calls.ended[call.endReason],
          tone: 'calm',
        };
  if (call.muted && (call.phase === 'active' || call.phase === 'conference')) return { text: t.calls.muted, tone: 'warn' };
  if (together !== null) {
    const { caller, other } = together;
    if (call.phase === 'conference') return { text: t.calls.conference(caller, other), tone: 'calm' };
    if (call.phase === 'dialling' || call.phase === 'remoteRinging')
      return { text: t.calls.consultRinging(other, caller), tone: 'calm' };
    if (call.phase === 'active')
      return {
        text: call.consultFor === null ? t.calls.consulting(caller, other) : t.calls.consulting(other, caller),
        tone: 'calm',
      };
  }
  if (call.phase === 'held') return { text: t.calls.phase.held, tone: 'warn' };
  return call.phase === 'active' ? null : { text: t.calls.phase[call.phase], tone: 'calm' };
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
