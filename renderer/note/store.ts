import type { Draft, NoteTarget } from '#contract';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { bridge } from '../bridge.ts';
import { followNote } from '../outbox/index.ts';
import { isEmpty } from './requirements.ts';

/** A note in the making. */
export interface Working {
  readonly draft: Draft;
  readonly saving: 'saved' | 'saving' | 'failed';
  /** Kept through a failed submit, so that the next try is the same note. */
  readonly noteId: string | null;
  readonly submitFailed: boolean;
  readonly submitting: boolean;
  /** Notes of this call that were handed over already. */
  readonly submitted: readonly string[];
}

interface NoteState {
  readonly notes: Readonly<Record<string, Working>>;
  /** Drafts that outlived the window (a crash): calls that are not there any more. */
  readonly restored: readonly string[];
  /** The restored draft that the agent went on with; null: none. */
  readonly resumed: string | null;
}

export const noteStore = createStore<NoteState>(() => ({ notes: {}, restored: [], resumed: null }));

export function useNotes<T>(selector: (state: NoteState) => T): T {
  return useStore(noteStore, selector);
}

const blank = (callId: string): Working => ({
  draft: { callId, target: null, text: '', tags: [] },
  saving: 'saved',
  noteId: null,
  submitFailed: false,
  submitting: false,
  submitted: [],
});

export const workingOf = (callId: string): Working => noteStore.getState().notes[callId] ?? blank(callId);

/** The note of a call, empty before anything is written. */
export function useNote(callId: string | null): Working | null {
  const working = useNotes((state) => (callId === null ? null : (state.notes[callId] ?? null)));
  return callId === null ? null : (working ?? blank(callId));
}

function set(callId: string, change: Partial<Working>): void {
  noteStore.setState(({ notes }) => ({ notes: { ...notes, [callId]: { ...(notes[callId] ?? blank(callId)), ...change } } }));
}

/** How long after a keystroke it is stored at the latest. */
const SAVE_MS = 250;
const waiting = new Map<string, ReturnType<typeof setTimeout>>();
const inFlight = new Set<string>();

/** Changes the draft and has it stored. The first keystroke starts the clock, so that steady typing is stored as well. */
export function edit(callId: string, change: Partial<Omit<Draft, 'callId'>>): void {
  const { draft } = workingOf(callId);
  set(callId, { draft: { ...draft, ...change }, saving: 'saving' });
  if (!waiting.has(callId))
    waiting.set(
      callId,
      setTimeout(() => void save(callId), SAVE_MS),
    );
}

/** A new case without a subject is not a target yet: that much is not stored. */
const storable = (draft: Draft): Draft =>
  draft.target?.kind === 'newCase' && draft.target.subject.trim() === '' ? { ...draft, target: null } : draft;

async function save(callId: string): Promise<void> {
  clearTimeout(waiting.get(callId));
  waiting.delete(callId);
  // One at a time, so that an older one never arrives last.
  if (inFlight.has(callId)) {
    waiting.set(
      callId,
      setTimeout(() => void save(callId), SAVE_MS),
    );
    return;
  }
  const { draft } = workingOf(callId);
  inFlight.add(callId);
  const answer = await bridge.call('drafts.save', storable(draft));
  inFlight.delete(callId);
  // Handed over or thrown away meanwhile.
  if (noteStore.getState().notes[callId] === undefined) return;
  if (!answer.ok) {
    set(callId, { saving: 'failed' });
    waiting.set(
      callId,
      setTimeout(() => void save(callId), SAVE_MS * 8),
    );
  } else if (workingOf(callId).draft === draft) set(callId, { saving: 'saved' });
}

/** Stores at once what is not stored yet (the window is being left). */
export function flushDrafts(): void {
  for (const callId of Array.from(waiting.keys())) void save(callId);
}

export const setTarget = (callId: string, target: NoteTarget | null): void => edit(callId, { target });
export const setText = (callId: string, text: string): void => edit(callId, { text });

export function addTag(callId: string, tag: string): void {
  const { tags } = workingOf(callId).draft;
  if (!tags.includes(tag) && tags.length < 50) edit(callId, { tags: [...tags, tag] });
}

export function removeTag(callId: string, tag: string): void {
  edit(callId, { tags: workingOf(callId).draft.tags.filter((other) => other !== tag) });
}

/** Hands the note over to the outbox. True when it is stored there; a failure leaves the text where it is. */
export async function submitNote(callId: string): Promise<boolean> {
  const { draft, noteId, submitting } = workingOf(callId);
  if (draft.target === null || submitting) return false;
  const id = noteId ?? crypto.randomUUID();
  clearTimeout(waiting.get(callId));
  waiting.delete(callId);
  set(callId, { noteId: id, submitting: true, submitFailed: false });
  const target =
    draft.target.kind === 'newCase' ? { ...draft.target, subject: draft.target.subject.trim().slice(0, 200) } : draft.target;
  const answer = await bridge.call('notes.submit', { id, callId, target, text: draft.text, tags: draft.tags });
  if (!answer.ok) {
    set(callId, { submitting: false, submitFailed: true });
    return false;
  }
  const { submitted } = workingOf(callId);
  set(callId, { ...blank(callId), submitted: [...submitted, id] });
  followNote(answer.value);
  return true;
}

/** The call and its note are done with. */
export function forgetNote(callId: string): void {
  clearTimeout(waiting.get(callId));
  waiting.delete(callId);
  noteStore.setState(({ notes, restored, resumed }) => {
    const { [callId]: _gone, ...rest } = notes;
    return { notes: rest, restored: restored.filter((id) => id !== callId), resumed: resumed === callId ? null : resumed };
  });
}

/** A call is gone without wrap-up (nobody answered): what was written about it is offered in the agent's day, not lost from sight. */
export function keepOrForget(callId: string): void {
  const { notes, restored } = noteStore.getState();
  const working = notes[callId];
  if (working === undefined || isEmpty(working.draft)) return forgetNote(callId);
  if (!restored.includes(callId)) noteStore.setState({ restored: [...restored, callId] });
}

/** Throws a draft away, here and where it is stored. */
export async function discardNote(callId: string): Promise<void> {
  forgetNote(callId);
  await bridge.call('drafts.save', { callId, target: null, text: '', tags: [] });
}

/** Goes on with a draft that a crash left behind; null puts it down again. */
export function resumeNote(callId: string | null): void {
  noteStore.setState({ resumed: callId });
}

/** Takes up what was being written when the window last went away. */
export async function restoreDrafts(): Promise<void> {
  const answer = await bridge.call('drafts.list', null);
  if (!answer.ok) return;
  const left = answer.value.filter((draft) => !isEmpty(draft));
  noteStore.setState(({ notes }) => ({
    notes: { ...Object.fromEntries(left.map((draft) => [draft.callId, { ...blank(draft.callId), draft }])), ...notes },
    restored: left.map((draft) => draft.callId),
  }));
}
