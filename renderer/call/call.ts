/** A call as the views see it. The machine (machine.ts) makes one from the next by each event; it imports nothing but the port. */
import type { EndReason, LineState, PhoneFault, RemoteParty } from './phone.ts';

/**
 *   incoming:    ringing ──answer──▶ answering ──▶ active ⇄ held ──▶ ended
 *   outgoing:    dialling ──▶ remoteRinging ──▶ active ⇄ held ──▶ ended
 *   conference:  active + held ──merge──▶ conference, both ──▶ active + held | the other ended: active
 *   transfer:    active|held|conference ──▶ transferring ──▶ ended (done) | held (nobody answered: the caller is back with the agent)
 *                     └──▶ joined (answered, but the exchange cannot do the rest: they talk through this client) ──▶ ended
 */
export type CallPhase =
  | 'ringing'
  | 'answering'
  | 'dialling'
  | 'remoteRinging'
  | 'active'
  | 'held'
  | 'conference'
  | 'transferring'
  | 'joined'
  | 'ended';

export interface TransferTarget {
  readonly number: string;
  readonly name: string | null;
  /** The directory's id, where the target was chosen there. */
  readonly personId: string | null;
}

export interface Call {
  readonly id: string;
  readonly direction: 'incoming' | 'outgoing';
  readonly phase: CallPhase;
  readonly remote: RemoteParty;
  readonly line: string | null;
  readonly greeting: string | null;
  readonly waitedSeconds: number | null;
  /** Date.now() values. */
  readonly startedAt: number;
  readonly answeredAt: number | null;
  readonly endedAt: number | null;
  readonly muted: boolean;
  /** Since when it waits on hold; null: it does not. */
  readonly heldAt: number | null;
  /** The call on whose behalf the agent consults in this one; that call may be over. null: no consultation. */
  readonly consultFor: string | null;
  /** Whom it is being, or was, transferred to. */
  readonly transferTarget: TransferTarget | null;
  /** The telephone's call to the target of a safe or consulted transfer: part of this call, and none of its own. */
  readonly transferLeg: { readonly id: string; readonly answered: boolean } | null;
  readonly transferRinging: boolean;
  /** Set when a transfer came back: shown until the next action on this call. */
  readonly transferRefused: boolean;
  /** Why it came back, where that is known. */
  readonly transferReason: EndReason | null;
  readonly endReason: EndReason | null;
}

/** ready: calls may come · notReady: by choice · onCall · wrapUp: the last call's note is not done yet. */
export type AgentState = 'ready' | 'notReady' | 'onCall' | 'wrapUp';

/** What an agent can be told about an action, or a call that ended otherwise than wanted. Each has its words. */
export type CallFault = PhoneFault | 'busy' | 'noAnswer' | 'notFound' | 'lost';

export interface CallsState {
  readonly line: LineState;
  /** Live calls and those that wait for wrap-up, oldest first. Ended calls that nobody answered are not kept. */
  readonly calls: readonly Call[];
  /** The call that buttons and keys act on: the one in hand; else the held one; else the oldest that rings. */
  readonly activeId: string | null;
  /** The ended call whose note is being written (the first that ended, if several wait); null: none. It may stand beside a live call. */
  readonly wrapUpId: string | null;
  readonly agent: AgentState;
  readonly agentSince: number;
  /** What the agent chose; `agent` goes back to it after calls and wrap-up. */
  readonly wantsReady: boolean;
  /** The last action's fault, until the next action. `reason` is for the helpdesk. */
  readonly fault: { readonly callId: string | null; readonly code: CallFault; readonly reason: string } | null;
  /** F4 was pressed on this ringing call while another is in hand: a second press before `until` rejects it. */
  readonly guard: { readonly callId: string; readonly until: number } | null;
}
