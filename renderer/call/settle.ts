/** What follows from the calls as they are: which one the keys act on, wrap-up, the agent's state. Pure, a part of the machine. */
import type { AgentState, Call, CallPhase, CallsState } from './call.ts';

export interface StepContext {
  /** Date.now() */
  readonly at: number;
  /** line → what to say. */
  readonly greetings: Readonly<Record<string, string>>;
  /** By policy the agent is free while a transfer is under way. */
  readonly nextCallDuringTransfer?: boolean;
}

export const IN_HAND: readonly CallPhase[] = ['answering', 'dialling', 'remoteRinging', 'active', 'conference'];

/** True while the call has the agent's ear, or is about to. */
export const inHand = (call: Call): boolean => IN_HAND.includes(call.phase);
/** True from answer or dial to the end, whoever talks meanwhile. */
export const engaged = (call: Call): boolean => call.phase !== 'ringing' && call.phase !== 'ended';
/** True while the agent cannot be given another call because of this one. */
const occupies = (call: Call, nextCall: boolean): boolean =>
  inHand(call) || call.phase === 'held' || (call.phase === 'transferring' && !nextCall);

/** The state after a step, with all that is derived brought up to date. */
export function settle(before: CallsState, changed: CallsState, context: StepContext): CallsState {
  const after = { ...changed, calls: tidy(changed.calls, context.at) };
  const activeId = chosen(before, after);
  const waiting = after.calls.filter((call) => call.phase === 'ended');
  // The note in progress stays in front, whatever ends meanwhile.
  const wrapUp = waiting.find((call) => call.id === before.wrapUpId) ?? firstEnded(waiting);
  const wrapUpId = wrapUp?.id ?? null;
  const agent: AgentState = after.calls.some((call) => occupies(call, context.nextCallDuringTransfer === true))
    ? 'onCall'
    : wrapUpId !== null
      ? 'wrapUp'
      : after.wantsReady
        ? 'ready'
        : 'notReady';
  const guard =
    after.guard !== null && after.calls.some((call) => call.id === after.guard?.callId && call.phase === 'ringing')
      ? after.guard
      : null;
  return { ...after, activeId, wrapUpId, guard, agent, agentSince: agent === before.agent ? before.agentSince : context.at };
}

/** A conference of one is none, and how long somebody waits is counted from the hold. */
function tidy(calls: readonly Call[], at: number): readonly Call[] {
  const alone = calls.filter((call) => call.phase === 'conference').length === 1;
  return calls.map((call) => {
    if (alone && call.phase === 'conference') return { ...call, phase: 'active' as const };
    const heldAt = call.phase === 'held' ? (call.heldAt ?? at) : null;
    return heldAt === call.heldAt ? call : { ...call, heldAt };
  });
}

function firstEnded(calls: readonly Call[]): Call | undefined {
  return calls.reduce<Call | undefined>(
    (first, call) => ((first?.endedAt ?? Infinity) <= (call.endedAt ?? 0) ? first : call),
    undefined,
  );
}

function chosen(before: CallsState, after: CallsState): string | null {
  const hand = after.calls.find(inHand);
  if (hand !== undefined) return hand.id;
  const waiting = after.calls.filter(engaged);
  const atHome = waiting.filter((call) => call.phase === 'held');
  return (
    (
      waiting.find((call) => call.id === before.activeId) ??
      atHome.at(-1) ??
      waiting.at(-1) ??
      after.calls.find((call) => call.phase === 'ringing')
    )?.id ?? null
  );
}
