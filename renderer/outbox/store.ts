import type { Note, OutboxStatus, SendState } from '#contract';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { bridge } from '../bridge.ts';
import { text } from '../text/index.ts';
import { announce } from '../ui/index.ts';

interface OutboxState {
  /** null until the first answer. */
  readonly status: OutboxStatus | null;
  /** Notes of this window's day, by id. */
  readonly states: Readonly<Record<string, SendState>>;
}

export const outboxStore = createStore<OutboxState>(() => ({ status: null, states: {} }));

export function useOutbox<T>(selector: (state: OutboxState) => T): T {
  return useStore(outboxStore, selector);
}

/** Where each note stands now: those not in `unsent` have arrived. */
export function statesAfter(before: Readonly<Record<string, SendState>>, status: OutboxStatus): Record<string, SendState> {
  const unsent = new Map(status.unsent.map((note) => [note.id, note.state]));
  return Object.fromEntries(Object.keys(before).map((id) => [id, unsent.get(id) ?? 'sent']));
}

function take(status: OutboxStatus): void {
  const before = outboxStore.getState().states;
  const states = statesAfter(before, status);
  outboxStore.setState({ status, states });
  const t = text();
  for (const [id, state] of Object.entries(states)) {
    if (before[id] === state) continue;
    if (state === 'sent') announce(t.live.noteSent);
    if (state === 'parked') announce(t.live.noteParked, 'urgent');
  }
}

/** Follows the outbox until the returned function is called. */
export function followOutbox(): () => void {
  const stop = bridge.on('outbox.changed', take);
  void refreshOutbox();
  return stop;
}

async function refreshOutbox(): Promise<void> {
  const answer = await bridge.call('outbox.status', null);
  if (answer.ok) take(answer.value);
}

/** A note that was just handed over. It may have arrived before this is called, so the outbox is asked. */
export function followNote(note: Note): void {
  outboxStore.setState(({ states }) => ({ states: { ...states, [note.id]: note.state } }));
  announce(note.state === 'sent' ? text().live.noteSent : text().live.notePending);
  void refreshOutbox();
}

/** Sends a parked note again. */
export async function retryNote(noteId: string): Promise<void> {
  const answer = await bridge.call('outbox.retry', { noteId });
  if (answer.ok) take(answer.value);
}
