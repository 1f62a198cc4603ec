import type { StoreApi } from 'zustand/vanilla';
import type { TelephoneAccount } from '#contract';
import type { CallFault, CallsState, TransferTarget } from './call.ts';
import { eventsBetween, type CallEvent } from './events.ts';
import { engaged, inHand, step, type MachineInput } from './machine.ts';
import type { AudioDevices, Phone, PhoneEvent, PhoneResult } from './phone.ts';

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
export interface Telephone {
  /** Registers and goes on trying. Again with another account: starts anew. */
  start(account: TelephoneAccount, sound?: SoundSettings): void;
  /** Hangs up, unregisters and disconnects; calls that wait for their note stay. */
  stop(): Promise<void>;
  useSound(sound: SoundSettings): void;
  /** Calls a number or SIP address; an active call is held. */
  dial(target: string, name?: string): void;
  /** Answers; an active call is held. */
  answer(callId?: string): void;
  reject(callId?: string): void;
  hangUp(callId?: string): void;
  /** F4: rejects the call that rings (beside a call in hand only when pressed twice within 1 s, see `guard`), else hangs up. */
  hangUpOrReject(): void;
  toggleHold(callId?: string): void;
  toggleMute(callId?: string): void;
  /** 0-9 * # A-D, into the active call. */
  sendDigits(digits: string, callId?: string): void;
  /** Blind transfer of the active or held call. */
  transfer(target: Omit<TransferTarget, 'personId'> & { readonly personId?: string | null }, callId?: string): void;
  finishWrapUp(callId?: string): void;
  setReady(ready: boolean): void;
  dismissFault(): void;
  /** Follows calls until the returned function is called. */
  onCallEvent(listener: (event: CallEvent) => void): () => void;
}

/** How long the first F4 on a second call waits for the next. */
export const GUARD_MS = 1000;

function soundFor(state: CallsState): RingKind | null {
  if (state.calls.some((call) => call.phase === 'ringing')) return state.calls.some(engaged) ? 'knock' : 'ring';
  return state.calls.some((call) => call.phase === 'remoteRinging') ? 'ringback' : null;
}

/** Makes a telephone out of its parts. */
export function createTelephone(ports: ControllerPorts): Telephone {
  const { phone, store, ringer } = ports;
  const listeners = new Set<(event: CallEvent) => void>();
  let greetings: Readonly<Record<string, string>> = {};
  let sounding: RingKind | null = null;

  phone.on(onPhoneEvent);

  /** One step of the machine, and what follows from it outside. False: the state does not allow it. */
  function dispatch(input: MachineInput): boolean {
    const before = store.getState();
    const taken = step(before, input, { at: ports.now(), greetings });
    if (!taken.ok) return false;
    const after = taken.state;
    store.setState(after, true);
    if (input.type === 'incoming') performance.mark('samband:ringing', { detail: { callId: input.callId } });
    if (input.type === 'established') performance.mark('samband:established', { detail: { callId: input.callId } });
    ring(after);
    if (input.type === 'ended') emitEnd(before, after, input);
    else for (const call of after.calls) emit(eventsBetween(before.calls.find((other) => other.id === call.id) ?? null, call));
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
      if (call.phase === 'active' && call.id !== callId) report(call.id, phone.hold(call.id, true));
  }

  return {
    start(account, sound) {
      greetings = account.greetings;
      if (sound !== undefined) this.useSound(sound);
      phone.start(account);
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
      if (before.calls.some((call) => inHand(call) && call.phase !== 'active'))
        return fault(null, 'wrongState', 'another call is being set up');
      const dialled = phone.dial(target);
      if (!dialled.ok) return fault(null, dialled.code, dialled.reason);
      const { callId } = dialled;
      dispatch({ type: 'dial', callId, number: target.trim(), name: name ?? null });
      holdOthers(before, callId);
      report(callId, dialled.done, () => dispatch({ type: 'ended', callId, reason: 'failed', status: null }));
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
      if (call.phase !== 'held') return fault(call.id, 'wrongState', `hold in ${call.phase}`);
      const before = state();
      if (!act({ type: 'resume', callId: call.id }, call.id)) return;
      holdOthers(before, call.id);
      report(call.id, phone.hold(call.id, false));
    },
    toggleMute(callId) {
      const call = pick(callId);
      if (call === undefined || !engaged(call)) return;
      const result = phone.mute(call.id, !call.muted);
      if (!result.ok) fault(call.id, result.code, result.reason);
    },
    sendDigits(digits, callId) {
      const call = pick(callId);
      if (call === undefined) return;
      const result = phone.sendDigits(call.id, digits);
      if (!result.ok) fault(call.id, result.code, result.reason);
    },
    transfer(target, callId) {
      const call = pick(callId);
      if (call === undefined) return;
      const full = { number: target.number, name: target.name, personId: target.personId ?? null };
      if (!act({ type: 'transferTo', callId: call.id, target: full }, call.id)) return;
      report(call.id, phone.transfer(call.id, target.number), () =>
        dispatch({ type: 'transfer', callId: call.id, progress: { kind: 'refused', status: null } }),
      );
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
}
