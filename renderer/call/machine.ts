/**
 * The call machine: pure, from one state to the next by what the telephone reports and what the agent does.
 *
 *   incoming:    ringing ──answer──▶ answering ──established──▶ active ⇄ held ──▶ ended
 *                   ▲──answerFailed──┘
 *   outgoing:    (dial, consult) dialling ──ringing──▶ remoteRinging ──established──▶ active ⇄ held ──▶ ended
 *   conference:  active + held ──merge──▶ conference, both ──part──▶ active + held;  one ends: the other is active
 *   transfer:    active|held ──transferTo──▶ transferring;  caller + consult ──completeConsult──▶ transferring, the consult its leg
 *                transferring ──ended──▶ ended
 *                            ──the leg ends unanswered, transferFailed, refused──▶ held (came back)
 *                            ──refused, the leg answered and alive──▶ joined ──▶ ended
 *                transferring|joined ──cancelTransfer──▶ held
 *
 * Of all calls at most one is in hand (answering, dialling, remoteRinging, active), or the two of a conference: taking another holds
 * them in the same step. `ended` is final. An answered call that ended waits for `finishWrapUp`; one that nobody answered, and a
 * consultation, is gone at once. Whatever the telephone reports of a transfer's leg belongs to the call that is transferred.
 */
import type { Call, CallFault, CallPhase, CallsState, TransferTarget } from './call.ts';
import type { EndReason, PhoneEvent } from './phone.ts';
import { engaged, IN_HAND, inHand, settle, type StepContext } from './settle.ts';

export { engaged, inHand } from './settle.ts';

export type UserAction =
  | { readonly type: 'dial'; readonly callId: string; readonly number: string; readonly name: string | null }
  | {
      readonly type: 'consult';
      readonly callId: string;
      readonly forId: string;
      readonly number: string;
      readonly name: string | null;
    }
  | { readonly type: 'answer'; readonly callId: string }
  | { readonly type: 'answerFailed'; readonly callId: string }
  | { readonly type: 'resume'; readonly callId: string }
  | { readonly type: 'merge'; readonly callId: string; readonly otherId: string }
  | { readonly type: 'part'; readonly callId: string }
  | { readonly type: 'transferTo'; readonly callId: string; readonly target: TransferTarget; readonly legId: string | null }
  | { readonly type: 'completeConsult'; readonly callId: string; readonly consultId: string }
  | { readonly type: 'transferFailed'; readonly callId: string; readonly reason: EndReason }
  | { readonly type: 'cancelTransfer'; readonly callId: string }
  | { readonly type: 'finishWrapUp'; readonly callId: string }
  | { readonly type: 'setReady'; readonly ready: boolean }
  | { readonly type: 'fault'; readonly callId: string | null; readonly code: CallFault; readonly reason: string }
  | { readonly type: 'dismissFault' }
  | { readonly type: 'guard'; readonly callId: string; readonly until: number }
  | { readonly type: 'dropGuard' };

export type MachineInput = PhoneEvent | UserAction;

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

const LIVE: readonly CallPhase[] = ['ringing', ...IN_HAND, 'held', 'transferring', 'joined'];
const ANSWERED: readonly CallPhase[] = ['active', 'held', 'conference'];

class Refusal extends Error {}
const refuse = (why: string): never => {
  throw new Refusal(why);
};

/** Takes one step. Inputs that the state does not allow are refused by value. */
export function step(state: CallsState, input: MachineInput, context: StepContext): Step {
  try {
    return { ok: true, state: settle(state, change(state, input, context), context) };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, why: `${input.type}: ${error.message}` };
    throw error;
  }
}

function change(state: CallsState, input: MachineInput, context: StepContext): CallsState {
  const whole = 'callId' in input ? state.calls.find((call) => call.transferLeg?.id === input.callId) : undefined;
  if (whole !== undefined) return legEvent(state, whole, input);
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
    case 'consult':
      return add(
        edit(freeHands(state, input.callId), input.forId, ['held'], () => ({ transferRefused: false, transferReason: null })),
        {
          ...newCall(input.callId, 'outgoing', context.at),
          remote: { number: input.number, name: input.name },
          consultFor: input.forId,
        },
      );
    case 'answer':
      return edit(freeHands(state, input.callId), input.callId, ['ringing'], () => ({ phase: 'answering' }));
    case 'answerFailed':
      return edit(state, input.callId, ['answering'], () => ({ phase: 'ringing' }));
    case 'resume':
      return edit(freeHands(state, input.callId), input.callId, ['held'], () => ({
        transferRefused: false,
        transferReason: null,
      }));
    case 'ringing':
      return edit(state, input.callId, ['dialling', 'remoteRinging'], () => ({ phase: 'remoteRinging' }));
    case 'established':
      return edit(state, input.callId, ['answering', 'dialling', 'remoteRinging'], () => ({
        phase: 'active',
        answeredAt: context.at,
      }));
    case 'hold':
      return edit(state, input.callId, [...ANSWERED, 'transferring', 'joined'], (call) => {
        if (call.phase !== 'active' && call.phase !== 'held') return {};
        if (input.on) return { phase: 'held' };
        if (state.calls.some((other) => inHand(other) && other !== call)) refuse('another call is in hand');
        return { phase: 'active', transferRefused: false, transferReason: null };
      });
    case 'mute':
      return edit(state, input.callId, [...IN_HAND, 'held', 'transferring', 'joined'], () => ({ muted: input.on }));
    case 'remote':
      return edit(state, input.callId, LIVE, () => ({ remote: input.remote }));
    case 'merge':
      if (input.callId === input.otherId) refuse('a call with itself');
      if (state.calls.some((call) => inHand(call) && call.phase !== 'active')) refuse('the hands are full');
      if (state.calls.some((call) => call.phase === 'active' && ![input.callId, input.otherId].includes(call.id)))
        refuse('another call is in hand');
      return [input.callId, input.otherId].reduce(
        (all, id) => edit(all, id, ['active', 'held'], () => ({ phase: 'conference', transferRefused: false })),
        state,
      );
    case 'part':
      return {
        ...edit(state, input.callId, ['conference'], () => ({})),
        calls: state.calls.map((call) =>
          call.phase === 'conference' ? { ...call, phase: call.id === input.callId ? 'active' : 'held' } : call,
        ),
      };
    case 'transferTo':
      return edit(state, input.callId, ['active', 'held'], () => ({
        phase: 'transferring',
        transferTarget: input.target,
        transferLeg: input.legId === null ? null : { id: input.legId, answered: false },
        transferRinging: false,
        transferRefused: false,
        transferReason: null,
      }));
    case 'completeConsult':
      return completeConsult(state, input.callId, input.consultId);
    case 'transfer':
      return edit(state, input.callId, ['transferring'], (call) => {
        switch (input.progress.kind) {
          case 'requested':
          case 'done':
            return {};
          case 'ringing':
            return { transferRinging: true };
          case 'refused':
            // Whoever answered is not left alone with the music: they are joined here.
            return call.transferLeg?.answered === true ? { phase: 'joined', transferRinging: false } : cameBack(null);
        }
      });
    case 'transferFailed':
      return edit(state, input.callId, ['transferring', 'joined'], () => cameBack(input.reason));
    case 'cancelTransfer':
      return edit(state, input.callId, ['transferring', 'joined'], (call) => {
        if (call.transferLeg === null) refuse('the exchange has it');
        return { phase: 'held', transferLeg: null, transferRinging: false };
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

/** What the telephone says of the call to a transfer's target. */
function legEvent(state: CallsState, { id, phase, transferLeg: leg }: Call, input: MachineInput): CallsState {
  const patch = (next: Partial<Call>) => edit(state, id, ['transferring', 'joined'], () => next);
  switch (input.type) {
    case 'ringing':
      return patch({ transferRinging: true });
    case 'established':
      return patch({ transferLeg: leg === null ? null : { ...leg, answered: true } });
    case 'ended':
      // Answered, its end is half of the proof that the transfer is done (or, joined, the end of the conversation).
      return patch(phase === 'joined' || leg?.answered === true ? { transferLeg: null } : cameBack(input.reason));
    case 'hold':
    case 'mute':
    case 'remote':
      return state;
    default:
      return refuse('part of another call');
  }
}

const cameBack = (reason: EndReason | null): Partial<Call> => ({
  phase: 'held',
  transferLeg: null,
  transferRinging: false,
  transferRefused: true,
  transferReason: reason,
});

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
    heldAt: null,
    consultFor: null,
    transferTarget: null,
    transferLeg: null,
    transferRinging: false,
    transferRefused: false,
    transferReason: null,
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

/** Holds what is in hand so that another can be taken; a call that is just being set up cannot be held. */
function freeHands(state: CallsState, forCallId: string): CallsState {
  return {
    ...state,
    calls: state.calls.map((call) => {
      if (call.id === forCallId || !inHand(call)) return call;
      if (!ANSWERED.includes(call.phase)) return refuse('another call is being set up');
      return { ...call, phase: 'held' as const };
    }),
  };
}

/** The consultation becomes the leg of the transfer, also while it rings. */
function completeConsult(state: CallsState, callId: string, consultId: string): CallsState {
  const consult = find(state, consultId);
  if (callId === consultId || !engaged(consult) || consult.transferLeg !== null) refuse('nobody to join with');
  const target = { number: consult.remote.number ?? '', name: consult.remote.name, personId: null };
  const without = { ...state, calls: state.calls.filter((call) => call !== consult) };
  return edit(without, callId, ANSWERED, () => ({
    phase: 'transferring',
    transferTarget: target,
    transferLeg: { id: consultId, answered: consult.answeredAt !== null },
    transferRinging: consult.phase === 'remoteRinging',
    transferRefused: false,
    transferReason: null,
  }));
}

function end(state: CallsState, callId: string, reason: EndReason, status: number | null, at: number): CallsState {
  const call = find(state, callId);
  if (call.phase === 'ended') refuse('the call is over already');
  const others = state.calls.filter((other) => other !== call);
  if (call.consultFor !== null) return endConsult({ ...state, calls: others }, call, reason);
  const code = faultOf(call, reason);
  const fault = code === null ? state.fault : { callId, code, reason: status === null ? reason : `${reason} (${status})` };
  if (call.answeredAt === null) return { ...state, fault, calls: others };
  const ended: Call = {
    ...call,
    phase: 'ended',
    endedAt: at,
    // Whoever ended it, they had been brought together.
    endReason: call.phase === 'joined' ? 'transferred' : reason,
    muted: false,
    transferLeg: null,
    transferRinging: false,
  };
  return { ...state, fault, calls: state.calls.map((other) => (other === call ? ended : other)) };
}

/** A consultation leaves no note behind. Nobody took it: that is told with the caller who waits. */
function endConsult(state: CallsState, consult: Call, reason: EndReason): CallsState {
  if (consult.answeredAt !== null || reason === 'hungUp') return state;
  const transferTarget = { number: consult.remote.number ?? '', name: consult.remote.name, personId: null };
  return {
    ...state,
    calls: state.calls.map((call) =>
      call.id === consult.consultFor && call.phase === 'held'
        ? { ...call, transferTarget, transferRefused: true, transferReason: reason }
        : call,
    ),
  };
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
