/** Which calls belong together; pure. */
import type { Call, CallsState } from './call.ts';

/** Two calls that can be brought together; `caller` is the one whose note is written. */
export interface Pair {
  readonly caller: Call;
  readonly other: Call;
}

const held = (call: Call | undefined): Call | null => (call?.phase === 'held' ? call : null);

/** The consultation that is going on, with the caller who waits for its end; null: none. */
export function consultation(state: Pick<CallsState, 'calls'>): Pair | null {
  for (const other of state.calls) {
    const caller = state.calls.find((call) => call.id === other.consultFor);
    if (caller !== undefined && caller.phase !== 'ended') return { caller, other };
  }
  return null;
}

/** The two of a conference; null: there is none. */
export function conference(state: Pick<CallsState, 'calls'>): Pair | null {
  const [one, two] = state.calls.filter((call) => call.phase === 'conference');
  if (one === undefined || two === undefined) return null;
  return one.consultFor === null ? { caller: one, other: two } : { caller: two, other: one };
}

/** Whom the one in hand changes places with: the other party of the consultation, else who waits longest. */
export function partnerOf(state: Pick<CallsState, 'calls' | 'activeId'>): Call | null {
  const active = state.calls.find((call) => call.id === state.activeId);
  if (active === undefined) return null;
  const partner =
    held(state.calls.find((call) => call.id === active.consultFor)) ??
    held(state.calls.find((call) => call.consultFor === active.id));
  if (partner !== null) return partner;
  return state.calls
    .filter((call) => call.phase === 'held' && call !== active)
    .reduce<Call | null>((best, call) => ((best?.heldAt ?? Infinity) <= (call.heldAt ?? 0) ? best : call), null);
}

/** The call that the note and the caller's pane are about: of a consultation its caller, also when that one has hung up. */
export function subjectOf(state: Pick<CallsState, 'calls'>, call: Call | null): Call | null {
  if (call === null || call.consultFor === null) return call;
  return state.calls.find((other) => other.id === call.consultFor) ?? null;
}
