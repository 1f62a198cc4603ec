import type { Colleague, Person } from '#contract';
import { activeCall, callsStore, telephone, useCalls } from '../call/index.ts';
import { lineOf } from '../lines/index.ts';
import { formatNumber } from '../text/index.ts';
import { showPane } from '../ui/index.ts';
import { withLine } from './words.ts';
import { ask, directoryStore, dropQuestion, search, useDirectory } from './store.ts';

/** The number that a transfer or call to a person takes: the first that the directory gives. */
export const numberOf = (person: Person): string | null => person.numbers[0]?.value ?? null;

const transferable = (phase: string | undefined): boolean => phase === 'active' || phase === 'held';

/** True while there is a call that could be passed on: then Enter and the card's button transfer, else they call. */
export function useTransferable(): boolean {
  return useCalls((state) => transferable(activeCall(state)?.phase));
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

/** As `reach` for a person of the directory; asks first when they are away or on the phone. */
export function reachPerson(wanted: 'transfer' | 'call', person: Person): void {
  const number = numberOf(person);
  if (number === null) return;
  const now = withLine(person, lineOf(number));
  if (now.availability === 'absent' || now.availability === 'onPhone' || now.absence !== null) return ask(now, wanted);
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

/** Shift+F8: asks the chosen person before the call is passed on; nobody chosen yet: to the search field. */
export function consultChosen(): void {
  const { chosen } = directoryStore.getState();
  if (!transferable(activeCall(callsStore.getState())?.phase)) return;
  const number = chosen === null ? null : numberOf(chosen);
  if (chosen === null || number === null) focusSearch();
  else telephone.consult({ number, name: chosen.name, personId: chosen.id });
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
