import { setTimeout as delay } from 'node:timers/promises';
import { Inviter, Invitation, SessionState, type Session } from 'sip.js';

/** Aborts when the call is over. */
export function untilOver(session: Session): AbortSignal {
  const over = new AbortController();
  if (session.state === SessionState.Terminated) over.abort();
  session.stateChange.addListener((state) => {
    if (state === SessionState.Terminated) over.abort();
  });
  return over.signal;
}

/** Waits; false: the signal came first. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<boolean> {
  try {
    await delay(milliseconds, undefined, { signal });
    return true;
  } catch {
    return false;
  }
}

/** True once the call is answered, false when it ended first. */
export function established(session: Session): Promise<boolean> {
  if (session.state === SessionState.Established) return Promise.resolve(true);
  if (session.state === SessionState.Terminated) return Promise.resolve(false);
  return new Promise((resolve) => {
    session.stateChange.addListener((state) => {
      if (state === SessionState.Established) resolve(true);
      if (state === SessionState.Terminated) resolve(false);
    });
  });
}

/** Ends a call from whatever state it is in. */
export async function end(session: Session): Promise<void> {
  try {
    if (session.state === SessionState.Established) await session.bye();
    else if (session instanceof Inviter && [SessionState.Initial, SessionState.Establishing].includes(session.state))
      await session.cancel();
    else if (session instanceof Invitation && [SessionState.Initial, SessionState.Establishing].includes(session.state))
      await session.reject();
  } catch {
    // It ended by itself in the same moment.
  }
}
