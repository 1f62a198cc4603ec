import type { StoreApi } from 'zustand/vanilla';
import type { TelephoneAccount } from '#contract';
import { isEmergency } from '../text/index.ts';
import type { Call, CallFault, CallsState } from './call.ts';
import { eventsBetween, type CallEvent } from './events.ts';
import { engaged, inHand, step, type MachineInput } from './machine.ts';
import type { AudioDevices, Phone, PhoneEvent, PhoneResult } from './phone.ts';
import { partnerOf } from './together.ts';
import { createTransfers, type Transfers } from './transfers.ts';

/** What sounds while a call rings: `ring` alone, `knock` beside a call; `ringback` while the far end of an outgoing call rings. */
export type RingKind = 'ring' | 'knock' | 'ringback';

export interface Ringer {
  /** Starts, changes or (null) stops the sound. */
  sound(kind: RingKind | null): void;
  /** Takes effect at once. */
  configure(sound: SoundSettings): void;
}

/** Devices by their label; empty: the system's own. */
export interface SoundSettings extends AudioDevices {
  readonly ringer: string;
  /** 0 to 1 */
  readonly ringVolume: number;
}

export interface ControllerPorts {
  readonly phone: Phone;
  readonly store: StoreApi<CallsState>;
  readonly ringer: Ringer;
  /** Date.now() */
  now(): number;
  /** Calls `run` after so many milliseconds. */
  later(milliseconds: number, run: () => void): void;
  /** A line for the log, without personal data. */
  log(level: 'info' | 'warn' | 'error', event: string, details: string): void;
}

/**
 * What views and keys do with the telephone. Nothing here waits: what happened, or why not, is read from `useCalls`.
 * Without an id each acts on the call that makes sense: F2 the oldest that rings, the others on `activeId`.
 */
export interface Telephone extends Transfers {
  /** Registers and goes on trying. Again with another account: starts anew. */
  start(account: TelephoneAccount, sound?: SoundSettings): void;
  /** Hangs up, unregisters and disconnects; calls that wait for their note stay. */
  stop(): Promise<void>;
  useSound(sound: SoundSettings): void;
  /**
   * Calls a number or SIP address; an active call is held. 110, 112 and 113 wait for nothing: a call that is being set up gives way,
   * one that is being answered is held as soon as it can be.
   */
  dial(target: string, name?: string): void;
  /** Calls the number that was dialled last (an emergency number is not remembered). False: there is none. */
  redial(): boolean;
  /** Answers; an active call is held. */
  answer(callId?: string): void;
  reject(callId?: string): void;
  hangUp(callId?: string): void;
  /** F4: rejects the call that rings (beside a call in hand only when pressed twice within 1 s, see `guard`), else hangs up. */
  hangUpOrReject(): void;
  /** Holds, or takes back: also out of a transfer that nobody has answered yet. In a conference it takes that apart. */
  toggleHold(callId?: string): void;
  /** The call in hand waits, and the one that waited is taken: the other party of a consultation, else who waits longest. */
  swap(): void;
  /** Takes who has rung longest; when nobody rings, who has waited longest. */
  nextCall(): void;
  toggleMute(callId?: string): void;
  /** 0-9 * # A-D, into the active call. */
  sendDigits(digits: string, callId?: string): void;
  finishWrapUp(callId?: string): void;
  setReady(ready: boolean): void;
  dismissFault(): void;
  /** Follows calls until the returned function is called. */
  onCallEvent(listener: (event: CallEvent) => void): () => void;
}

/** How long the first F4 on a second call waits for the next. */
export const GUARD_MS = 1000;
/** Until an account says otherwise. */
const SAFE = { way: 'safe', answerSeconds: 20, nextCall: true } as const;

const settingUp = (call: Call): boolean => inHand(call) && call.answeredAt === null;

function soundFor(state: CallsState): RingKind | null {
  if (state.calls.some((call) => call.phase === 'ringing')) return state.calls.some(engaged) ? 'knock' : 'ring';
  return state.calls.some((call) => call.phase === 'remoteRinging') ? 'ringback' : null;
}

/** Makes a telephone out of its parts. */
export function createTelephone(ports: ControllerPorts): Telephone {
  const { phone, store, ringer } = ports;
  const listeners = new Set<(event: CallEvent) => void>();
  let account: TelephoneAccount | null = null;
  let sounding: RingKind | null = null;
  let lastDialled: { readonly target: string; readonly name: string | undefined } | null = null;
  /** An emergency number that waits until the call that is being set up is there, or gone. */
  let urgent: string | null = null;

  phone.on(onPhoneEvent);

  /** One step of the machine, and what follows from it outside. False: the state does not allow it. */
  function dispatch(input: MachineInput): boolean {
    const before = store.getState();
    const taken = step(before, input, {
      at: ports.now(),
      greetings: account?.greetings ?? {},
      nextCallDuringTransfer: account?.transfer.nextCall === true,
    });
    if (!taken.ok) return false;
    const after = taken.state;
    store.setState(after, true);
    if (input.type === 'incoming') performance.mark('samband:ringing', { detail: { callId: input.callId } });
    if (input.type === 'established') performance.mark('samband:established', { detail: { callId: input.callId } });
    ring(after);
    if (input.type === 'ended') emitEnd(before, after, input);
    for (const call of after.calls) {
      if (input.type === 'ended' && call.id === input.callId) continue;
      emit(eventsBetween(before.calls.find((other) => other.id === call.id) ?? null, call));
    }
    transfers.follow(before, after, input);
    if (urgent !== null && !after.calls.some(settingUp)) {
      const number = urgent;
      urgent = null;
      telephone.dial(number);
    }
    return true;
  }

  function emitEnd(before: CallsState, after: CallsState, input: Extract<PhoneEvent, { type: 'ended' }>): void {
    const old = before.calls.find((call) => call.id === input.callId);
    if (old === undefined) return;
    // One that nobody answered is not in the state any more.
    const call = after.calls.find((other) => other.id === old.id) ?? {
      ...old,
      phase: 'ended',
      endedAt: ports.now(),
      endReason: input.reason,
    };
    emit(eventsBetween(old, call));
  }

  function emit(events: readonly CallEvent[]): void {
    for (const event of events) for (const listener of listeners) listener(event);
  }

  function ring(state: CallsState): void {
    const wanted = soundFor(state);
    if (wanted === sounding) return;
    sounding = wanted;
    ringer.sound(wanted);
  }

  function onPhoneEvent(event: PhoneEvent): void {
    if (event.type === 'incoming')
      performance.mark('samband:invite', { startTime: event.receivedAt, detail: { callId: event.callId } });
    if (!dispatch(event)) {
      ports.log('warn', 'call.event-refused', event.type);
      return;
    }
    if (event.type === 'line') ports.log('info', 'telephone.line', event.state.kind);
    if (event.type === 'ended') ports.log('info', 'call.ended', `${event.reason} ${event.status ?? ''}`);
  }

  function fault(callId: string | null, code: CallFault, reason: string): void {
    ports.log('warn', 'call.fault', `${code}: ${reason}`);
    dispatch({ type: 'fault', callId, code, reason });
  }

  /** Shows what an action came to, when it came to nothing. */
  function report(callId: string, doing: Promise<PhoneResult>, failed?: () => void): void {
    const failure = (code: CallFault, reason: string) => {
      failed?.();
      fault(callId, code, reason);
    };
    doing.then(
      (result) => (result.ok ? undefined : failure(result.code, result.reason)),
      (error: unknown) => failure('failed', error instanceof Error ? error.message : String(error)),
    );
  }

  /** An action of the agent: the last one's fault is gone. */
  function act(input: MachineInput, callId: string | null): boolean {
    dispatch({ type: 'dismissFault' });
    if (dispatch(input)) return true;
    fault(callId, 'wrongState', input.type);
    return false;
  }

  const state = () => store.getState();
  const pick = (callId: string | undefined) => state().calls.find((call) => call.id === (callId ?? state().activeId));
  const oldestRinging = () => state().calls.find((call) => call.phase === 'ringing');

  /** The machine has put the active call on hold already; now the far end is told. */
  function holdOthers(before: CallsState, callId: string): void {
    for (const call of before.calls)
      if ((call.phase === 'active' || call.phase === 'conference') && call.id !== callId)
        report(call.id, phone.hold(call.id, true));
  }

  /** Takes a call back from hold, or out of a transfer; whatever is in hand is held. */
  function takeBack(call: Call): void {
    if (call.phase !== 'held' && !act({ type: 'cancelTransfer', callId: call.id }, call.id)) return;
    const before = state();
    if (!act({ type: 'resume', callId: call.id }, call.id)) return;
    phone.part(call.id);
    holdOthers(before, call.id);
    report(call.id, phone.hold(call.id, false));
  }

  const transfers = createTransfers({
    phone,
    state,
    dispatch,
    act,
    fault,
    report,
    holdOthers,
    takeBack,
    later: (milliseconds, run) => ports.later(milliseconds, run),
    log: (level, event, details) => ports.log(level, event, details),
    rules: () => ({ ...(account?.transfer ?? SAFE), voicemail: account?.voicemail ?? null }),
  });

  const telephone: Telephone = {
    ...transfers,
    start(wanted, sound) {
      account = wanted;
      if (sound !== undefined) this.useSound(sound);
      phone.start(wanted);
    },
    async stop() {
      await phone.stop();
    },
    useSound(sound) {
      phone.useDevices(sound);
      ringer.configure(sound);
    },
    dial(target, name) {
      dispatch({ type: 'dismissFault' });
      const before = state();
      const emergency = isEmergency(target);
      if (before.calls.some(settingUp)) {
        if (!emergency) return fault(null, 'wrongState', 'another call is being set up');
        urgent = target;
        for (const call of before.calls.filter(settingUp)) if (call.direction === 'outgoing') void phone.hangUp(call.id);
        return;
      }
      const dialled = phone.dial(target);
      if (!dialled.ok) return fault(null, dialled.code, dialled.reason);
      const { callId } = dialled;
      if (!emergency) lastDialled = { target, name };
      dispatch({ type: 'dial', callId, number: target.trim(), name: name ?? null });
      holdOthers(before, callId);
      report(callId, dialled.done, () => dispatch({ type: 'ended', callId, reason: 'failed', status: null }));
    },
    redial() {
      if (lastDialled === null) return false;
      this.dial(lastDialled.target, lastDialled.name);
      return true;
    },
    answer(callId) {
      const call = callId === undefined ? oldestRinging() : pick(callId);
      if (call === undefined) return;
      const before = state();
      if (!act({ type: 'answer', callId: call.id }, call.id)) return;
      performance.mark('samband:answer', { detail: { callId: call.id } });
      holdOthers(before, call.id);
      report(call.id, phone.answer(call.id), () => dispatch({ type: 'answerFailed', callId: call.id }));
    },
    reject(callId) {
      const call = callId === undefined ? oldestRinging() : pick(callId);
      if (call === undefined) return;
      dispatch({ type: 'dismissFault' });
      report(call.id, phone.reject(call.id));
    },
    hangUp(callId) {
      const call = pick(callId);
      if (call === undefined || call.phase === 'ended') return;
      dispatch({ type: 'dismissFault' });
      report(call.id, phone.hangUp(call.id));
    },
    hangUpOrReject() {
      const ringing = oldestRinging();
      if (ringing === undefined) return this.hangUp();
      const { calls, guard } = state();
      if (calls.some((call) => engaged(call)) && !(guard?.callId === ringing.id && ports.now() <= guard.until)) {
        const until = ports.now() + GUARD_MS;
        dispatch({ type: 'guard', callId: ringing.id, until });
        ports.later(GUARD_MS, () => {
          if (state().guard?.until === until) dispatch({ type: 'dropGuard' });
        });
        return;
      }
      dispatch({ type: 'dropGuard' });
      this.reject(ringing.id);
    },
    toggleHold(callId) {
      const call = pick(callId);
      if (call === undefined) return;
      dispatch({ type: 'dismissFault' });
      if (call.phase === 'active') return report(call.id, phone.hold(call.id, true));
      if (call.phase === 'conference') return this.part(call.id);
      // Answered, the exchange is at the transfer already.
      const out = call.phase === 'joined' || call.transferLeg?.answered === false;
      if (call.phase === 'held' || out) return takeBack(call);
      fault(call.id, 'wrongState', `hold in ${call.phase}`);
    },
    swap() {
      const other = partnerOf(state());
      if (other !== null) this.toggleHold(other.id);
    },
    nextCall() {
      if (oldestRinging() !== undefined) return this.answer();
      const waiting = state().calls.filter((call) => call.phase === 'held' && call.id !== state().activeId);
      const longest = waiting.reduce<Call | undefined>(
        (best, call) => ((best?.heldAt ?? Infinity) <= (call.heldAt ?? 0) ? best : call),
        undefined,
      );
      if (longest !== undefined) this.toggleHold(longest.id);
    },
    toggleMute(callId) {
      const call = pick(callId);
      if (call === undefined || !engaged(call)) return;
      const on = !call.muted;
      // One microphone for the whole conference.
      for (const { id } of call.phase === 'conference' ? state().calls.filter((one) => one.phase === 'conference') : [call]) {
        const result = phone.mute(id, on);
        if (!result.ok) fault(id, result.code, result.reason);
      }
    },
    sendDigits(digits, callId) {
      const call = pick(callId);
      if (call === undefined) return;
      const result = phone.sendDigits(call.id, digits);
      if (!result.ok) fault(call.id, result.code, result.reason);
    },
    finishWrapUp(callId) {
      const call = state().calls.find((other) => other.id === (callId ?? state().wrapUpId));
      if (call === undefined || !act({ type: 'finishWrapUp', callId: call.id }, call.id)) return;
      emit([{ type: 'wrapUpFinished', call, seconds: Math.round((ports.now() - (call.endedAt ?? ports.now())) / 1000) }]);
    },
    setReady(ready) {
      act({ type: 'setReady', ready }, null);
    },
    dismissFault() {
      dispatch({ type: 'dismissFault' });
    },
    onCallEvent(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  return telephone;
}
