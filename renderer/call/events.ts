import type { CallRecord } from '#contract';
import type { Call } from './call.ts';

/**
 * What other features follow: the pop opens on `incoming`, the live region speaks, the call list is written on `ended`. On
 * `transferRefused` the caller is back: `transferTarget` did not take the call (`transferReason` says why), and the directory can offer
 * the next one. `joined`: they talk, through this client.
 */
export type CallEvent =
  | {
      readonly type:
        | 'incoming'
        | 'answered'
        | 'held'
        | 'resumed'
        | 'conference'
        | 'transferring'
        | 'transferRefused'
        | 'joined'
        | 'ended';
      readonly call: Call;
    }
  | { readonly type: 'wrapUpFinished'; readonly call: Call; readonly seconds: number };

/** The events that lie between two states of one call; null: it was not there, or is gone. */
export function eventsBetween(before: Call | null, after: Call | null): CallEvent[] {
  if (after === null) return [];
  if (before === null) return after.direction === 'incoming' ? [{ type: 'incoming', call: after }] : [];
  if (after.phase === 'ended') return before.phase === 'ended' ? [] : [{ type: 'ended', call: after }];
  const events: CallEvent[] = [];
  if (before.answeredAt === null && after.answeredAt !== null) events.push({ type: 'answered', call: after });
  if ((before.phase === 'active' || before.phase === 'conference') && after.phase === 'held')
    events.push({ type: 'held', call: after });
  if (before.phase === 'held' && after.phase === 'active') events.push({ type: 'resumed', call: after });
  if (before.phase !== 'conference' && after.phase === 'conference') events.push({ type: 'conference', call: after });
  if (before.phase !== 'joined' && after.phase === 'joined') events.push({ type: 'joined', call: after });
  if (before.phase !== 'transferring' && after.phase === 'transferring') events.push({ type: 'transferring', call: after });
  if (!before.transferRefused && after.transferRefused) events.push({ type: 'transferRefused', call: after });
  return events;
}

/**
 * An ended call as a line of the call list (`callLog.add`). `wrapUpSeconds`: null while wrap-up goes on; add the record again after it.
 * null: it is no line of this agent's: somebody else answered it.
 */
export function callRecordOf(call: Call, wrapUpSeconds: number | null): CallRecord | null {
  if (call.endReason === 'answeredElsewhere') return null;
  return {
    id: call.id,
    direction: call.direction,
    number: call.remote.number,
    name: call.remote.name,
    line: call.line,
    startedAt: new Date(call.startedAt).toISOString(),
    answeredAt: call.answeredAt === null ? null : new Date(call.answeredAt).toISOString(),
    endedAt: new Date(call.endedAt ?? call.startedAt).toISOString(),
    outcome: outcomeOf(call),
    transferredTo: call.endReason === 'transferred' ? (call.transferTarget?.name ?? call.transferTarget?.number ?? null) : null,
    wrapUpSeconds,
  };
}

function outcomeOf(call: Call): CallRecord['outcome'] {
  if (call.endReason === 'transferred') return 'transferred';
  if (call.answeredAt !== null) return 'answered';
  if (call.direction === 'outgoing') return 'failed';
  if (call.endReason === 'rejected' || call.endReason === 'hungUp') return 'rejected';
  return call.endReason === 'missed' ? 'missed' : 'failed';
}
