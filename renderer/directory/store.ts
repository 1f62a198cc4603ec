import type { Alternative, DirectoryStatus, Person, SearchHit, Suggestion } from '#contract';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { bridge } from '../bridge.ts';
import { activeCall, callsStore } from '../call/index.ts';
import { text, count } from '../text/index.ts';
import { announce, showPane } from '../ui/index.ts';

/** Somebody to try before anything is typed, and why. */
export interface Suggested extends Suggestion {
  readonly why: 'spokenTo' | 'favourite' | 'transferred';
}

interface DirectoryState {
  readonly query: string;
  readonly hits: readonly SearchHit[];
  readonly total: number;
  /** What an empty search field offers; each person once. */
  readonly suggested: readonly Suggested[];
  /** The call that the suggestions are for; null: none. */
  readonly suggestedFor: string | null;
  readonly status: DirectoryStatus | null;
  /** The hit under the arrows: the person whose card is shown and whom F8 means. null: nobody. */
  readonly chosen: Person | null;
  /** The agent chose (arrow, click): later answers keep the choice while the person is among the hits. */
  readonly byHand: boolean;
  readonly failed: boolean;
  /** Whom the guard asks about, what was wanted, and who may help instead; null: no question. */
  readonly asked: {
    readonly person: Person;
    readonly wanted: 'transfer' | 'call';
    /** The one of the person's numbers that was chosen. */
    readonly number: string;
    readonly alternatives: readonly Alternative[];
  } | null;
}

export const directoryStore = createStore<DirectoryState>(() => ({
  query: '',
  hits: [],
  total: 0,
  suggested: [],
  suggestedFor: null,
  status: null,
  chosen: null,
  byHand: false,
  failed: false,
  asked: null,
}));

export function useDirectory<T>(selector: (state: DirectoryState) => T): T {
  return useStore(directoryStore, selector);
}

/** The people whom the arrows go through: the hits, or what an empty field offers. */
const rows = ({ query, hits, suggested }: DirectoryState): readonly Person[] =>
  (query.trim() === '' ? suggested : hits).map(({ person }) => person);

const PAGE = 40;
const ALL = 200;
let asked = 0;
let spoken: ReturnType<typeof setTimeout> | undefined;

/** Searches at once; an answer that a later question has overtaken is dropped. `quiet`: nobody typed, so the number of hits is not read out. */
export async function search(query: string, limit = PAGE, quiet = false): Promise<void> {
  asked += 1;
  const mine = asked;
  directoryStore.setState({ query });
  const line = activeCall(callsStore.getState())?.line ?? null;
  const answer = await bridge.call('directory.search', { query: query.slice(0, 200), limit, line });
  if (mine !== asked) return;
  if (!answer.ok) return directoryStore.setState({ failed: true });
  const { hits, total, status } = answer.value;
  const { chosen, byHand } = directoryStore.getState();
  const offered = rows({ ...directoryStore.getState(), hits });
  const kept = byHand ? offered.find((person) => person.id === chosen?.id) : undefined;
  const first = query.trim() === '' ? null : (hits[0]?.person ?? null);
  directoryStore.setState({ hits, total, status, failed: false, chosen: kept ?? first, byHand: kept !== undefined });
  if (quiet) return;
  clearTimeout(spoken);
  if (query.trim() !== '') spoken = setTimeout(() => announce(text().directory.hits(count(total))), 400);
}

/** The rest of the hits, when the list is scrolled to its end. */
export function searchMore(): void {
  const { query, hits, total } = directoryStore.getState();
  if (hits.length < Math.min(total, ALL)) void search(query, ALL, true);
}

export function choose(person: Person | null): void {
  directoryStore.setState({ chosen: person, byHand: person !== null });
}

/** The next or previous hit or suggestion; past an end it stays. */
export function move(step: number): void {
  const people = rows(directoryStore.getState());
  const at = people.findIndex((person) => person.id === directoryStore.getState().chosen?.id);
  const next = people[Math.min(Math.max(at + step, 0), people.length - 1)];
  if (next !== undefined) choose(next);
}

let questions = 0;
/** The question waits this long for who may help instead: no button comes under a finger that is on its way. */
const ALTERNATIVES_MS = 200;

export async function ask(person: Person, wanted: 'transfer' | 'call', number: string): Promise<void> {
  questions += 1;
  const mine = questions;
  const answer = await Promise.race([
    bridge.call('directory.alternatives', { personId: person.id }),
    new Promise<null>((resolve) => setTimeout(resolve, ALTERNATIVES_MS, null)),
  ]);
  if (mine !== questions) return;
  directoryStore.setState({ asked: { person, wanted, number, alternatives: answer?.ok === true ? answer.value : [] } });
  // Wherever it was wanted from, the question stands in the directory.
  showPane('directory');
}

export function dropQuestion(): void {
  questions += 1;
  directoryStore.setState({ asked: null });
}

/** Follows the copy's age, and looks again when the people changed. */
export function followDirectory(): () => void {
  void search('');
  return bridge.on('directory.changed', (status) => {
    const before = directoryStore.getState().status;
    directoryStore.setState({ status });
    const { query, hits } = directoryStore.getState();
    if (before?.people !== status.people || before.asOf !== status.asOf) void search(query, Math.max(PAGE, hits.length), true);
  });
}
