import type { Call, CallsState } from '../call.ts';
import { engaged } from '../machine.ts';
import { subjectOf } from '../together.ts';

export interface Places {
  /** The big card: the call in hand; else the one in wrap-up; else the one that rings or waits. */
  readonly main: Call | null;
  /** Beside it: who rings, else the other one of a conference or consultation, else who waits. */
  readonly second: Call | null;
  /** The call that the caller's pane and the note are about: of a consultation its caller. */
  readonly subject: Call | null;
  /** Live calls that have no card. */
  readonly rest: readonly Call[];
}

/** Which call has which card. A call that rings never takes the card, or the note, of one that is being written up. */
export function placesOf(state: Pick<CallsState, 'calls' | 'activeId' | 'wrapUpId'>): Places {
  const byId = (id: string | null) => state.calls.find((call) => call.id === id) ?? null;
  const active = byId(state.activeId);
  const main = active !== null && engaged(active) ? active : (byId(state.wrapUpId) ?? active);
  const others = state.calls.filter((call) => call.phase !== 'ended' && call.id !== main?.id);
  const together = (call: Call) =>
    call.phase === 'conference' || (main !== null && (call.id === main.consultFor || call.consultFor === main.id));
  const second =
    others.find((call) => call.phase === 'ringing') ??
    others.find(together) ??
    others.find((call) => call.phase !== 'transferring' && call.phase !== 'joined') ??
    others[0] ??
    null;
  return { main, second, subject: subjectOf(state, main), rest: others.filter((call) => call !== second) };
}
