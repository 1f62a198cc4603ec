import { useStore } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Call, CallsState } from './call.ts';
import { initialCalls } from './machine.ts';

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
const byId = (state: CallsState, id: string | null): Call | null => state.calls.find((call) => call.id === id) ?? null;
