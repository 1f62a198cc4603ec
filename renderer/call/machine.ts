/**
 * The call machine: pure, from one state to the next by what the telephone reports and what the agent does.
 *
 *   incoming:  ringing ──answer──▶ answering ──established──▶ active ⇄ held ──▶ ended
 *                 ▲──answerFailed──┘
 *   outgoing:  (dial) dialling ──ringing──▶ remoteRinging ──established──▶ active ⇄ held ──▶ ended
 *   transfer:  active|held ──transfer──▶ transferring ──ended──▶ ended | ──refused──▶ held
 *
 * Of all calls at most one is in hand (answering, dialling, remoteRinging, active): taking another holds the active one in the same
 * step. `ended` is final. An answered call that ended waits for `finishWrapUp`; one that nobody answered is gone at once.
 */
import type { AgentState, Call, CallFault, CallPhase, CallsState, TransferTarget } from './call.ts';
import type { EndReason, PhoneEvent } from './phone.ts';

export type UserAction =
  | { readonly type: 'dial'; readonly callId: string; readonly number: string; readonly name: string | null }
  | { readonly type: 'answer'; readonly callId: string }
  | { readonly type: 'answerFailed'; readonly callId: string }
  | { readonly type: 'resume'; readonly callId: string }
  | { readonly type: 'transferTo'; readonly callId: string; readonly target: TransferTarget }
  | { readonly type: 'finishWrapUp'; readonly callId: string }
  | { readonly type: 'setReady'; readonly ready: boolean }
  | { readonly type: 'fault'; readonly callId: string | null; readonly code: CallFault; readonly reason: string }
  | { readonly type: 'dismissFault' }
  | { readonly type: 'guard'; readonly callId: string; readonly until: number }
  | { readonly type: 'dropGuard' };

export type MachineInput = PhoneEvent | UserAction;

export interface StepContext {
  /** Date.now() */
  readonly at: number;
  /** line → what to say. */
  readonly greetings: Readonly<Record<string, string>>;
}

/** The next state, or why this input cannot come in this state (nothing changes then). */
export type Step = { readonly ok: true; readonly state: CallsState } | { readonly ok: false; readonly why: string };

/** Nothing has happened yet. */
export function initialCalls(at: number): CallsState {
  return {
    line: { kind: 'offline', since: at },
    calls: [],
    activeId: null,
    wrapUpId: null,
    agent: 'ready',
    agentSince: at,
    wantsReady: true,
    fault: null,
    guard: null,
  };
}

const IN_HAND: readonly CallPhase[] = ['answering', 'dialling', 'remoteRinging', 'active'];

/** True while the call has the agent's ear, or is about to. */
export const inHand = (call: Call): boolean => IN_HAND.includes(call.phase);
/** True from answer or dial to the end, hold included. */
export const engaged = (call: Call): boolean => inHand(call) || call.phase === 'held' || call.phase === 'transferring';

class Refusal extends Error {}
const refuse = (why: string): never => {
  throw new Refusal(why);
};

/** Takes one step. Inputs that the state does not allow are refused by value. */
export function step(state: CallsState, input: MachineInput, context: StepContext): Step {
  try {
    return { ok: true, state: settle(state, change(state, input, context), context.at) };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, why: `${input.type}: ${error.message}` };
    throw error;
  }
}

function change(state: CallsState, input: MachineInput, context: StepContext): CallsState {
  switch (input.type) {
    case 'line':
      return { ...state, line: input.state };
    case 'incoming':
      return add(state, {
        ...newCall(input.callId, 'incoming', context.at),
        remote: input.remote,
        line: input.line,
        greeting: input.line === null ? null : (context.greetings[input.line] ?? null),
        waitedSeconds: input.waitedSeconds,
      });
    case 'dial':
      return add(freeHands(state, input.callId), {
        ...newCall(input.callId, 'outgoing', context.at),
        remote: { number: input.number, name: input.name },
      });
    case 'answer':
      return edit(freeHands(state, input.callId), input.callId, ['ringing'], () => ({ phase: 'answering' }));
    case 'answerFailed':
      return edit(state, input.callId, ['answering'], () => ({ phase: 'ringing' }));
    case 'resume':
      return edit(freeHands(state, input.callId), input.callId, ['held'], () => ({ transferRefused: false }));
    case 'ringing':
      return edit(state, input.callId, ['dialling', 'remoteRinging'], () => ({ phase: 'remoteRinging' }));
    case 'established':
      return edit(state, input.callId, ['answering', 'dialling', 'remoteRinging'], () => ({
        phase: 'active',
        answeredAt: context.at,
      }));
    case 'hold':
      if (!input.on && state.calls.some((call) => inHand(call) && call.id !== input.callId)) refuse('another call is in hand');
      return edit(state, input.callId, ['active', 'held', 'transferring'], (call) => ({
        phase: call.phase === 'transferring' ? 'transferring' : input.on ? 'held' : 'active',
        transferRefused: call.transferRefused && input.on,
      }));
    case 'mute':
      return edit(state, input.callId, ['active', 'held', 'transferring', 'answering', 'dialling', 'remoteRinging'], () => ({
        muted: input.on,
      }));
    case 'remote':
      return edit(state, input.callId, LIVE, () => ({ remote: input.remote }));
    case 'transferTo':
      return edit(state, input.callId, ['active', 'held'], () => ({
        phase: 'transferring',
        transferTarget: input.target,
        transferRinging: false,
        transferRefused: false,
      }));
    case 'transfer':
      return edit(state, input.callId, ['transferring'], (call) => {
        switch (input.progress.kind) {
          case 'requested':
          case 'done':
            return {};
          case 'ringing':
            return { transferRinging: true };
          case 'refused':
            return { phase: 'held', transferRinging: false, transferRefused: true, transferTarget: call.transferTarget };
        }
      });
    case 'ended':
      return end(state, input.callId, input.reason, input.status, context.at);
    case 'finishWrapUp': {
      const call = find(state, input.callId);
      if (call.phase !== 'ended') refuse('the call is not over');
      return { ...state, calls: state.calls.filter((other) => other.id !== call.id), fault: null };
    }
    case 'setReady':
      return { ...state, wantsReady: input.ready };
    case 'fault':
      return { ...state, fault: { callId: input.callId, code: input.code, reason: input.reason } };
    case 'dismissFault':
      return { ...state, fault: null };
    case 'guard':
      return { ...edit(state, input.callId, ['ringing'], () => ({})), guard: { callId: input.callId, until: input.until } };
    case 'dropGuard':
      return { ...state, guard: null };
  }
}

const LIVE: readonly CallPhase[] = ['ringing', 'answering', 'dialling', 'remoteRinging', 'active', 'held', 'transferring'];

function newCall(id: string, direction: Call['direction'], at: number): Call {
  return {
    id,
    direction,
    phase: direction === 'incoming' ? 'ringing' : 'dialling',
    remote: { number: null, name: null },
    line: null,
    greeting: null,
    waitedSeconds: null,
    startedAt: at,
    answeredAt: null,
    endedAt: null,
    muted: false,
    transferTarget: null,
    transferRinging: false,
    transferRefused: false,
    endReason: null,
  };
}

function find(state: CallsState, callId: string): Call {
  return state.calls.find((call) => call.id === callId) ?? refuse('no such call');
}

function add(state: CallsState, call: Call): CallsState {
  if (state.calls.some((other) => other.id === call.id)) refuse('the call is known already');
  return { ...state, calls: [...state.calls, call] };
}

function edit(state: CallsState, callId: string, from: readonly CallPhase[], patch: (call: Call) => Partial<Call>): CallsState {
  const call = find(state, callId);
  if (!from.includes(call.phase)) refuse(`not in ${call.phase}`);
  return { ...state, calls: state.calls.map((other) => (other === call ? { ...call, ...patch(call) } : other)) };
}

/** Holds the active call so that another can be taken; one that is just being set up cannot be held. */
function freeHands(state: CallsState, forCallId: string): CallsState {
  return {
    ...state,
    calls: state.calls.map((call) => {
      if (call.id === forCallId || !inHand(call)) return call;
      if (call.phase !== 'active') return refuse('another call is being set up');
      return { ...call, phase: 'held' as const };
    }),
  };
}

function end(state: CallsState, callId: string, reason: EndReason, status: number | null, at: number): CallsState {
  const call = find(state, callId);
  if (call.phase === 'ended') refuse('the call is over already');
  const code = faultOf(call, reason);
  const fault = code === null ? state.fault : { callId, code, reason: status === null ? reason : `${reason} (${status})` };
  if (call.answeredAt === null) return { ...state, fault, calls: state.calls.filter((other) => other !== call) };
  const ended: Call = { ...call, phase: 'ended', endedAt: at, endReason: reason, muted: false, transferRinging: false };
  return { ...state, fault, calls: state.calls.map((other) => (other === call ? ended : other)) };
}

/** What the agent must be told about an end that was nobody's wish. */
function faultOf(call: Call, reason: EndReason): CallFault | null {
  if (reason === 'lost' || reason === 'noMicrophone' || reason === 'failed') return reason;
  if (
    call.direction === 'outgoing' &&
    (reason === 'busy' || reason === 'refused' || reason === 'noAnswer' || reason === 'notFound')
  )
    return reason;
  return null;
}

/** Derives what follows from the calls: which one the keys act on, wrap-up, the agent's state. */
function settle(before: CallsState, after: CallsState, at: number): CallsState {
  const activeId = chosen(before, after);
  const waiting = after.calls.filter((call) => call.phase === 'ended');
  // The note in progress stays in front, whatever ends meanwhile.
  const wrapUp = waiting.find((call) => call.id === before.wrapUpId) ?? firstEnded(waiting);
  const wrapUpId = wrapUp?.id ?? null;
  const agent: AgentState = after.calls.some(engaged)
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
  return { ...after, activeId, wrapUpId, guard, agent, agentSince: agent === before.agent ? before.agentSince : at };
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
  return (
    (
      waiting.find((call) => call.id === before.activeId) ??
      waiting.at(-1) ??
      after.calls.find((call) => call.phase === 'ringing')
    )?.id ?? null
  );
}
