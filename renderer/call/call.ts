/** A call as the views see it. The machine (machine.ts) makes one from the next by each event; it imports nothing but the port. */
import type { EndReason, LineState, RemoteParty } from './phone.ts';

/**
 *   incoming:  ringing ──answer──▶ answering ──▶ active ⇄ held ──▶ ended
 *   outgoing:  dialling ──▶ remoteRinging ──▶ active ⇄ held ──▶ ended
 *   transfer:  active|held ──▶ transferring ──▶ ended (done) | held (refused: the caller is back with the agent)
 */
export type CallPhase = 'ringing' | 'answering' | 'dialling' | 'remoteRinging' | 'active' | 'held' | 'transferring' | 'ended';

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
  /** Whom it is being, or was, transferred to. */
  readonly transferTarget: { readonly number: string; readonly name: string | null } | null;
  readonly transferRinging: boolean;
  /** Set when a transfer came back: shown until the next action. */
  readonly transferRefused: boolean;
  readonly endReason: EndReason | null;
}

/** ready: calls may come · notReady: by choice · onCall · wrapUp: the last call's note is not done yet. */
export type AgentState = 'ready' | 'notReady' | 'onCall' | 'wrapUp';

export interface CallsState {
  readonly line: LineState;
  /** Live calls and the one in wrap-up, oldest first. */
  readonly calls: readonly Call[];
  /** The call that buttons and keys act on. */
  readonly activeId: string | null;
  /** The ended call whose note is being written; null outside wrap-up. */
  readonly wrapUpId: string | null;
  readonly agent: AgentState;
  readonly agentSince: number;
  /** The last action's fault, until the next action. */
  readonly fault: { readonly callId: string | null; readonly code: string; readonly reason: string } | null;
}
