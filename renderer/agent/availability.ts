import type { AgentState, CallsState } from '../call/index.ts';
import { useCalls } from '../call/index.ts';

/** What the bar says about the agent: the agent's own state, unless no call could come at all. */
export type Availability = AgentState | 'offline' | 'connecting' | 'refused';

/** A call in progress counts more than a lost line: its audio goes on. */
export function availabilityOf(state: Pick<CallsState, 'line' | 'agent' | 'agentSince'>): {
  readonly kind: Availability;
  readonly since: number;
} {
  if (state.line.kind === 'registered' || state.agent === 'onCall' || state.agent === 'wrapUp')
    return { kind: state.agent, since: state.agentSince };
  return { kind: state.line.kind, since: state.line.since };
}

/** The agent's availability, as it changes. */
export function useAvailability(): { readonly kind: Availability; readonly since: number } {
  const kind = useCalls((state) => availabilityOf(state).kind);
  const since = useCalls((state) => availabilityOf(state).since);
  return { kind, since };
}
