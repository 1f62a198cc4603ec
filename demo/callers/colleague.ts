import type { Invitation, Session } from 'sip.js';
import { end, established, pause, untilOver } from './session.ts';
import { sound, type SoundName } from './sound.ts';
import { mediaOf } from './telephone.ts';

/** What a colleague does when the telephone rings. */
export type Temper = 'answers' | 'busy' | 'doesNotAnswer';

export interface Colleague {
  readonly temper: Temper;
  readonly greeting: SoundName;
}

/** Milliseconds. */
export interface ColleaguePace {
  readonly picksUp: number;
  readonly givesUp: number;
  readonly patience: number;
}
export const naturalColleague: ColleaguePace = { picksUp: 2200, givesUp: 15_000, patience: 90_000 };

/** A colleague's part of a call. `null`: no such colleague. */
export async function takeCall(
  invitation: Invitation,
  colleague: Colleague | null,
  pace: ColleaguePace = naturalColleague,
  onCall?: (session: Session) => void,
): Promise<void> {
  // The caller takes the place of the agent who asked first (RFC 3891): that is the call that has been taken already.
  if (invitation.replacee) {
    onCall?.(invitation);
    mediaOf(invitation)?.onLost(() => void end(invitation));
    await invitation.accept();
    if (await pause(pace.patience, untilOver(invitation))) await end(invitation);
    return;
  }
  if (!colleague) return invitation.reject({ statusCode: 404 });
  if (colleague.temper === 'busy') return invitation.reject({ statusCode: 486, reasonPhrase: 'Busy Here' });
  onCall?.(invitation);
  const over = untilOver(invitation);
  await invitation.progress({ statusCode: 180 });
  const wait = colleague.temper === 'answers' ? pace.picksUp : pace.givesUp;
  if (!(await pause(wait, over))) return;
  if (colleague.temper !== 'answers') return invitation.reject({ statusCode: 480, reasonPhrase: 'Temporarily Unavailable' });
  await invitation.accept();
  if (!(await established(invitation))) return;
  const media = mediaOf(invitation);
  media?.onLost(() => void end(invitation));
  if (await pause(300, over)) await media?.say(sound(colleague.greeting));
  if (await pause(pace.patience, over)) await end(invitation);
}
