import type { Colleague, Person } from '#contract';
import { activeCall, callsStore, telephone, useCalls } from '../call/index.ts';
import { lineOf } from '../lines/index.ts';
import { numberOf } from './number.ts';
import { formatNumber } from '../text/index.ts';
import { showPane } from '../ui/index.ts';
import { availabilityOf, isAsked } from './availability.ts';
import { ask, directoryStore, dropQuestion, search, useDirectory } from './store.ts';

export { numberOf } from './number.ts';

const transferable = (phase: string | undefined): boolean => phase === 'active' || phase === 'held';

/** True while there is a call that could be passed on: then Enter and the card's button transfer, else they call. */
export function useTransferable(): boolean {
  return useCalls((state) => transferable(activeCall(state)?.phase));
}

/** True while nobody can be called or transferred to: a call rings, or is being set up. */
export function useBusy(): boolean {
  return useCalls((state) => {
    const call = activeCall(state);
    return call !== null && !transferable(call.phase);
  });
}

/** Whom F8 would transfer to; null: nobody with a number is chosen. */
export function useTransferTarget(): string | null {
  return useDirectory((state) => (state.chosen !== null && numberOf(state.chosen) !== null ? state.chosen.name : null));
}

/** Passes the call on, or calls when there is none: without a further question. */
export function reach(wanted: 'transfer' | 'call', target: { number: string; name: string; personId: string | null }): void {
  dropQuestion();
  if (wanted === 'transfer') telephone.transfer(target);
  else telephone.dial(target.number, target.name);
}

/** As `reach` for a person of the directory; asks first when they are away, on the phone, or not at work. */
export function reachPerson(wanted: 'transfer' | 'call', person: Person, number = numberOf(person)): void {
  if (number === null) return;
  if (isAsked(availabilityOf(person, lineOf(numberOf(person)), new Date()))) return void ask(person, wanted, number);
  reach(wanted, { number, name: person.name, personId: person.id });
}

/** What a deputy is reached by; null: no number is known. */
export function deputyTarget(deputy: Colleague | null): { number: string; name: string; personId: string | null } | null {
  if (deputy === null || deputy.number === null) return null;
  return {
    number: deputy.number,
    name: deputy.name === '' ? formatNumber(deputy.number) : deputy.name,
    personId: deputy.personId,
  };
}

/** F8: the call to the chosen person; nobody chosen yet: to the search field. */
export function transferToChosen(): void {
  const { chosen } = directoryStore.getState();
  if (!transferable(activeCall(callsStore.getState())?.phase)) return;
  if (chosen === null || numberOf(chosen) === null) focusSearch();
  else reachPerson('transfer', chosen);
}

/** Enter among the hits: transfer in a call, call without one. */
export function reachChosen(): void {
  const { chosen, asked } = directoryStore.getState();
  if (chosen === null || asked !== null) return;
  const phase = activeCall(callsStore.getState())?.phase;
  if (transferable(phase)) reachPerson('transfer', chosen);
  else if (phase === undefined) reachPerson('call', chosen);
}

let back: HTMLElement | null = null;

/** Puts the caret in the search field and remembers where it was. */
export function focusSearch(): void {
  const focused = document.activeElement;
  if (focused instanceof HTMLElement && focused.closest('[data-keys="directory"]') === null) back = focused;
  showPane('directory');
  const field = document.querySelector<HTMLInputElement>('#search');
  if (field === null) return;
  field.focus();
  field.select();
}

/** Escape in the directory: back to where the focus was. */
export function focusBack(): void {
  if (back !== null && back.isConnected && back !== document.body) {
    if (back.closest('[hidden]') !== null) showPane('left');
    back.focus();
  } else if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  back = null;
}

/** Looks somebody up on the agent's behalf. */
export function searchFor(words: string): void {
  void search(words);
  focusSearch();
}
