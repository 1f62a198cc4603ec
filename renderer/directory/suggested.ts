import type { Person, Suggestions } from '#contract';
import { bridge } from '../bridge.ts';
import { callsStore, subjectCall } from '../call/index.ts';
import { directoryStore, type Suggested } from './store.ts';

/** In the order to try: whom this caller spoke to, favourites, last transferred to. Each person stands where they come first. */
export function inOrder({ spokenTo, favourites, lastTransferred }: Suggestions): readonly Suggested[] {
  const all = [
    ...spokenTo.map((one) => ({ ...one, why: 'spokenTo' as const })),
    ...favourites.map((one) => ({ ...one, why: 'favourite' as const })),
    ...lastTransferred.map((one) => ({ ...one, why: 'transferred' as const })),
  ];
  return all.filter((one, at) => all.findIndex(({ person }) => person.id === one.person.id) === at);
}

let asked = 0;

/** Asks whom to try first for the call at hand; an answer that a later question has overtaken is dropped. */
export async function refreshSuggestions(): Promise<void> {
  asked += 1;
  const mine = asked;
  const call = subjectCall(callsStore.getState());
  const answer = await bridge.call('directory.suggested', { number: call?.remote.number ?? null, line: call?.line ?? null });
  if (mine !== asked || !answer.ok) return;
  directoryStore.setState({ suggested: inOrder(answer.value), suggestedFor: call?.id ?? null });
}

/** Puts what is now told of people in the place of what was: no row moves, the choice stays. */
export function putInPlace(people: readonly Person[]): void {
  const fresh = new Map(people.map((person) => [person.id, person]));
  const renewed = <T extends { readonly person: Person }>(row: T): T => {
    const person = fresh.get(row.person.id);
    return person === undefined ? row : { ...row, person };
  };
  directoryStore.setState(({ hits, suggested, chosen, asked: question }) => ({
    hits: hits.map(renewed),
    suggested: suggested.map(renewed),
    chosen: chosen === null ? null : (fresh.get(chosen.id) ?? chosen),
    asked: question === null ? null : renewed(question),
  }));
}

/** Asks again for those of the people who are shown. */
async function renew(ids: readonly string[]): Promise<void> {
  const { hits, suggested, chosen, asked: question } = directoryStore.getState();
  const shown = new Set([...hits, ...suggested].map(({ person }) => person.id));
  for (const person of [chosen, question?.person]) if (person) shown.add(person.id);
  const answers = await Promise.all(ids.filter((id) => shown.has(id)).map((id) => bridge.call('directory.person', { id })));
  const people = answers.flatMap((answer) => (answer.ok ? [answer.value] : []));
  if (people.length > 0) putInPlace(people);
}

/** Keeps the suggestions to the call at hand, and what is told of the people shown to what is known. */
export function followSuggestions(): () => void {
  let call = subjectCall(callsStore.getState())?.id ?? null;
  void refreshSuggestions();
  const ends = [
    callsStore.subscribe((state) => {
      const id = subjectCall(state)?.id ?? null;
      if (id === call) return;
      call = id;
      void refreshSuggestions();
    }),
    bridge.on('people.changed', ({ ids }) => void renew(ids)),
  ];
  return () => {
    for (const end of ends) end();
  };
}
