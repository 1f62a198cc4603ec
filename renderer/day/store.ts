import type { CallRecord, CaseItem, Day } from '#contract';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { bridge } from '../bridge.ts';

interface DayState {
  readonly day: Day | null;
  /** null: not read yet. */
  readonly cases: readonly CaseItem[] | null;
  readonly casesFailed: boolean;
}

export const dayStore = createStore<DayState>(() => ({ day: null, cases: null, casesFailed: false }));

export function useDay<T>(selector: (state: DayState) => T): T {
  return useStore(dayStore, selector);
}

export async function refreshDay(): Promise<void> {
  const [day, cases] = await Promise.all([bridge.call('callLog.today', null), bridge.call('cases.mine', null)]);
  if (day.ok) dayStore.setState({ day: day.value });
  dayStore.setState(cases.ok ? { cases: cases.value, casesFailed: false } : { casesFailed: true });
}

/** Writes a call into the day's list. */
export async function logCall(record: CallRecord): Promise<void> {
  const answer = await bridge.call('callLog.add', record);
  if (!answer.ok) return;
  const day = await bridge.call('callLog.today', null);
  if (day.ok) dayStore.setState({ day: day.value });
}
