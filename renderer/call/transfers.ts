import type { TelephoneAccount } from '#contract';
import type { Call, CallFault, CallsState, TransferTarget } from './call.ts';
import type { MachineInput } from './machine.ts';
import { inHand } from './machine.ts';
import type { Phone, PhoneResult } from './phone.ts';
import { conference, consultation, partnerOf } from './together.ts';

export type Target = Omit<TransferTarget, 'personId'> & { readonly personId?: string | null };

/** Passing calls on, and bringing people together. As in `Telephone`, nothing waits, and the state tells what happened. */
export interface Transfers {
  /**
   * Passes the active or held call on. By the account's rules: safe (the target is called first, and the caller comes back when nobody
   * answers) or blind.
   */
  transfer(target: Target, callId?: string): void;
  /** Passes on to the voicemail of `number`, where the account says how that is dialled. */
  transferToVoicemail(target: Target, callId?: string): void;
  /** How the voicemail of a number is dialled; null: there is none. */
  voicemailOf(number: string): string | null;
  /** Calls a colleague on the caller's behalf; the caller waits. Hanging up goes back to the caller. */
  consult(target: Target, callId?: string): void;
  /** Joins the caller and the consulted colleague (also while it rings there), or the two of a conference; the agent leaves. */
  completeConsult(): void;
  /** All three hear each other. */
  merge(): void;
  /** Ends a conference: the agent talks with one, the other waits. */
  part(callId?: string): void;
}

export interface TransferPorts {
  readonly phone: Phone;
  readonly state: () => CallsState;
  readonly dispatch: (input: MachineInput) => boolean;
  /** A step that the agent asked for: refused, it is a fault. */
  readonly act: (input: MachineInput, callId: string | null) => boolean;
  fault(callId: string | null, code: CallFault, reason: string): void;
  report(callId: string, doing: Promise<PhoneResult>, failed?: () => void): void;
  holdOthers(before: CallsState, callId: string): void;
  takeBack(call: Call): void;
  later(milliseconds: number, run: () => void): void;
  log(level: 'info' | 'warn' | 'error', event: string, details: string): void;
  rules(): TelephoneAccount['transfer'] & { readonly voicemail: string | null };
}

/** `follow` is told of each step of the machine: what goes on by itself in a transfer follows from it. */
export function createTransfers(ports: TransferPorts): Transfers & {
  follow(before: CallsState, after: CallsState, input: MachineInput): void;
} {
  const { phone, state, dispatch, act } = ports;
  const pick = (callId: string | undefined) => state().calls.find((call) => call.id === (callId ?? state().activeId));
  const find = (callId: string) => state().calls.find((call) => call.id === callId);
  const failed = (callId: string) => void dispatch({ type: 'transfer', callId, progress: { kind: 'refused', status: null } });

  function blind(call: Call, target: TransferTarget): void {
    if (!act({ type: 'transferTo', callId: call.id, target, legId: null }, call.id)) return;
    ports.report(call.id, phone.transfer(call.id, target.number), () => failed(call.id));
  }

  /** The target is called by this telephone, without a word, while the caller hears music. */
  function safe(call: Call, target: TransferTarget): void {
    if (call.phase !== 'active' && call.phase !== 'held') return ports.fault(call.id, 'wrongState', 'transfer');
    const dialled = phone.dial(target.number, { quiet: true });
    if (!dialled.ok) return ports.fault(call.id, dialled.code, dialled.reason);
    const legId = dialled.callId;
    act({ type: 'transferTo', callId: call.id, target, legId }, call.id);
    if (call.phase === 'active') ports.report(call.id, phone.hold(call.id, true));
    ports.report(call.id, dialled.done, () => dispatch({ type: 'transferFailed', callId: call.id, reason: 'failed' }));
    waitForAnswer(call.id, legId);
  }

  function waitForAnswer(callId: string, legId: string): void {
    ports.later(ports.rules().answerSeconds * 1000, () => {
      const leg = find(callId)?.transferLeg;
      if (leg?.id === legId && !leg.answered) dispatch({ type: 'transferFailed', callId, reason: 'noAnswer' });
    });
  }

  /** The exchange joins them; where it cannot, they are joined here (the machine's `joined`). */
  function complete(callId: string, legId: string): void {
    const refused = (reason: string) => {
      ports.log('warn', 'call.transfer-refused', reason);
      failed(callId);
    };
    phone.complete(callId, legId).then(
      (result) => (result.ok ? undefined : refused(`${result.code}: ${result.reason}`)),
      (error: unknown) => refused(error instanceof Error ? error.message : String(error)),
    );
  }

  function followCall(was: Call, call: Call): void {
    const leg = call.transferLeg;
    if (call.phase === 'transferring' && leg?.answered === true && was.transferLeg?.answered !== true)
      complete(call.id, leg.id);
    if (call.phase === 'joined' && was.phase !== 'joined' && leg !== null)
      ports.report(call.id, phone.join(call.id, leg.id, false), () =>
        dispatch({ type: 'transferFailed', callId: call.id, reason: 'failed' }),
      );
    // One of two has hung up: that was the conversation.
    if (call.phase === 'joined' && leg === null && was.transferLeg !== null) ports.report(call.id, phone.hangUp(call.id));
  }

  return {
    transfer(target, callId) {
      const call = pick(callId);
      if (call === undefined) return;
      dispatch({ type: 'dismissFault' });
      const full = { number: target.number, name: target.name, personId: target.personId ?? null };
      if (ports.rules().way === 'blind') blind(call, full);
      else safe(call, full);
    },
    voicemailOf(number) {
      const digits = number.replace(/[^\d+]/g, '');
      return digits === '' ? null : (ports.rules().voicemail?.replace('{number}', digits) ?? null);
    },
    transferToVoicemail(target, callId) {
      const number = this.voicemailOf(target.number);
      if (number !== null) this.transfer({ ...target, number }, callId);
    },
    consult(target, callId) {
      const call = pick(callId);
      if (call === undefined) return;
      dispatch({ type: 'dismissFault' });
      const before = state();
      if ((call.phase !== 'active' && call.phase !== 'held') || consultation(before) !== null)
        return ports.fault(call.id, 'wrongState', 'consult');
      if (before.calls.some((other) => inHand(other) && other.answeredAt === null))
        return ports.fault(call.id, 'wrongState', 'another call is being set up');
      const dialled = phone.dial(target.number);
      if (!dialled.ok) return ports.fault(call.id, dialled.code, dialled.reason);
      const consultId = dialled.callId;
      act({ type: 'consult', callId: consultId, forId: call.id, number: target.number, name: target.name }, call.id);
      ports.holdOthers(before, consultId);
      ports.report(call.id, dialled.done, () => dispatch({ type: 'ended', callId: consultId, reason: 'failed', status: null }));
    },
    completeConsult() {
      const pair = conference(state()) ?? consultation(state());
      if (pair === null) return;
      const { caller, other } = pair;
      if (!act({ type: 'completeConsult', callId: caller.id, consultId: other.id }, caller.id)) return;
      if (other.answeredAt === null) waitForAnswer(caller.id, other.id);
    },
    merge() {
      const { calls, activeId } = state();
      const active = calls.find((call) => call.id === activeId);
      const other = partnerOf(state());
      if (active === undefined || other === null) return;
      const [first, second] = active.consultFor === null ? [active, other] : [other, active];
      if (!act({ type: 'merge', callId: first.id, otherId: second.id }, active.id)) return;
      ports.report(active.id, phone.join(first.id, second.id, true), () => this.part(active.id));
    },
    part(callId) {
      const pair = conference(state());
      if (pair === null) return;
      const kept = pick(callId) === pair.other ? pair.other : pair.caller;
      const waits = kept === pair.other ? pair.caller : pair.other;
      if (!act({ type: 'part', callId: kept.id }, kept.id)) return;
      phone.part(kept.id);
      ports.report(waits.id, phone.hold(waits.id, true));
    },
    follow(before, after, input) {
      for (const call of after.calls) {
        const was = before.calls.find((other) => other.id === call.id);
        if (was !== undefined) followCall(was, call);
      }
      // A leg that belongs to no call any more is nobody's: it ends.
      for (const { transferLeg: leg } of before.calls) {
        const kept = leg === null || after.calls.some((call) => call.id === leg.id || call.transferLeg?.id === leg.id);
        if (!kept && !(input.type === 'ended' && input.callId === leg.id)) void phone.hangUp(leg.id);
      }
      if (input.type === 'line' && input.state.kind !== 'registered')
        for (const call of after.calls)
          if (call.transferLeg?.answered === false) dispatch({ type: 'transferFailed', callId: call.id, reason: 'lost' });
      if (input.type === 'ended' && input.reason === 'hungUp') backToCaller(before, input.callId);
    },
  };

  /** The agent gave a consultation up: the caller has waited for that. */
  function backToCaller(before: CallsState, endedId: string): void {
    const consult = before.calls.find((call) => call.id === endedId);
    const caller = consult?.consultFor == null ? undefined : find(consult.consultFor);
    if (caller?.phase === 'held' && !state().calls.some(inHand)) ports.takeBack(caller);
  }
}
