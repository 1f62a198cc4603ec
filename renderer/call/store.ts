import { useStore } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Call, CallsState } from './call.ts';
import { engaged, initialCalls } from './machine.ts';

/** The calls as they stand: read by views through `useCalls`, written by the controller alone. */
export const callsStore: StoreApi<CallsState> = createStore<CallsState>(() => initialCalls(Date.now()));

/** The part of the calls that a view needs; it is drawn again only when that part changes. */
export function useCalls<T>(selector: (state: CallsState) => T): T {
  return useStore(callsStore, selector);
}

/** The call that buttons and keys act on. */
export const activeCall = (state: CallsState): Call | null => byId(state, state.activeId);
/** The call whose note is being written. */
export const wrapUpCall = (state: CallsState): Call | null => byId(state, state.wrapUpId);
/** The call that F2 answers: the one that has rung longest. */
export const ringingCall = (state: CallsState): Call | null => state.calls.find((call) => call.phase === 'ringing') ?? null;
/** The call that the caller and note panes are about: the one in hand; else the one in wrap-up (a ring never pushes a note away); else the one that rings. */
export function subjectCall(state: CallsState): Call | null {
  const active = activeCall(state);
  return active !== null && engaged(active) ? active : (wrapUpCall(state) ?? active);
}
/** The call to show beside the active one: the oldest that rings, else a held one. */
export function secondCall(state: CallsState): Call | null {
  const others = state.calls.filter((call) => call.id !== state.activeId && call.phase !== 'ended');
  return others.find((call) => call.phase === 'ringing') ?? others[0] ?? null;
}

const byId = (state: CallsState, id: string | null): Call | null => state.calls.find((call) => call.id === id) ?? null;
