import type { CaseItem, Contact, Pop } from '#contract';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { bridge } from '../bridge.ts';

/** What is known of a call's other end, and what the agent has decided about it. */
export interface CallerEntry {
  readonly callId: string;
  readonly number: string | null;
  /** null: not answered yet. */
  readonly pop: Pop | null;
  readonly failed: boolean;
  /** The candidate that the agent chose; null: none chosen. */
  readonly chosen: string | null;
  /** "Feil person?": the candidates are open to be chosen again. */
  readonly reopened: boolean;
  /** The agent said: none of these. */
  readonly noneOfThese: boolean;
}

interface CallerState {
  readonly entries: Readonly<Record<string, CallerEntry>>;
}

export const callerStore = createStore<CallerState>(() => ({ entries: {} }));

/** The caller of a call; undefined before the look-up began. */
export function useCaller(callId: string | null): CallerEntry | undefined {
  return useStore(callerStore, (state) => (callId === null ? undefined : state.entries[callId]));
}

export const callerOf = (callId: string): CallerEntry | undefined => callerStore.getState().entries[callId];

function update(callId: string, change: Partial<CallerEntry>): void {
  callerStore.setState(({ entries }) => {
    const entry = entries[callId];
    return entry === undefined ? { entries } : { entries: { ...entries, [callId]: { ...entry, ...change } } };
  });
}

/** Who is this? Asked the moment that it rings, or is dialled; what the CRM adds comes as `pop.updated`. */
export async function openPop(callId: string, number: string | null): Promise<void> {
  callerStore.setState(({ entries }) => ({
    entries: {
      ...entries,
      [callId]: { callId, number, pop: null, failed: false, chosen: null, reopened: false, noneOfThese: false },
    },
  }));
  const answer = await bridge.call('pop.open', { callId, number });
  if (!answer.ok) return update(callId, { failed: true });
  // An update may have overtaken the answer.
  if (callerOf(callId)?.pop == null) update(callId, { pop: answer.value });
}

/** Listens for what the CRM adds, until the returned function is called. */
export function followPops(): () => void {
  return bridge.on('pop.updated', (pop) => update(pop.callId, { pop, failed: false }));
}

/** Forgets a call that is over and whose note is done. */
export function forgetCaller(callId: string): void {
  callerStore.setState(({ entries }) => {
    const { [callId]: _gone, ...rest } = entries;
    return { entries: rest };
  });
}

export function chooseContact(callId: string, contactId: string): void {
  update(callId, { chosen: contactId, reopened: false, noneOfThese: false });
}

export function chooseNobody(callId: string): void {
  update(callId, { chosen: null, reopened: false, noneOfThese: true });
}

export function reopenChoice(callId: string): void {
  update(callId, { chosen: null, reopened: true, noneOfThese: false });
}

/** Who it is: the one contact with the number unless doubted, or whom the agent chose. Never a guess. */
export function contactOf(entry: CallerEntry | undefined): Contact | null {
  const pop = entry?.pop;
  if (entry === undefined || pop == null || entry.noneOfThese || entry.reopened) return null;
  if (entry.chosen !== null) return pop.candidates.find((one) => one.contact.id === entry.chosen)?.contact ?? null;
  return pop.kind === 'contact' ? (pop.candidates[0]?.contact ?? null) : null;
}

/** True while the agent has to say which candidate it is. */
export function mustChoose(entry: CallerEntry | undefined): boolean {
  const pop = entry?.pop;
  if (entry === undefined || pop == null || entry.noneOfThese) return false;
  return entry.reopened || (pop.kind === 'candidates' && entry.chosen === null);
}

const none: readonly CaseItem[] = [];

/** The cases of the person that it is; those without a person go with the only one there is. */
export function casesOf(entry: CallerEntry | undefined): readonly CaseItem[] {
  const contact = contactOf(entry);
  const pop = entry?.pop;
  if (contact === null || pop == null) return none;
  return pop.cases.filter((one) => one.contactId === contact.id || (one.contactId === null && pop.candidates.length === 1));
}
