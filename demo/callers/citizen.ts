import { Inviter, UserAgent, type Referral, type Session } from 'sip.js';
import { end, established, pause, untilOver } from './session.ts';
import { sound, type SoundName } from './sound.ts';
import { mediaOf, type Telephone } from './telephone.ts';

/** Somebody who calls in. */
export interface Citizen {
  /** E.164; null: withheld. */
  readonly number: string | null;
  /** The line that they call. */
  readonly line: string;
  readonly reason: SoundName;
  readonly hello: SoundName;
  readonly thanks: SoundName;
}

/** Milliseconds. */
export interface Pace {
  /** Rings this long before the citizen gives up. */
  readonly givesUp: number;
  /** Between a phrase and its repetition. */
  readonly repeats: number;
  /** Stays this long in a call at most. */
  readonly patience: number;
  /** Talks this long with the colleague. */
  readonly withColleague: number;
}
export const naturalPace: Pace = { givesUp: 30_000, repeats: 9000, patience: 90_000, withColleague: 15_000 };

/** How a call went. */
export type Outcome = 'answered' | 'unanswered' | 'transferred';

/** Sends how a transfer goes on (RFC 3515 §2.4.5). */
function notify(session: Session, status: number, reason: string): void {
  const state = status < 200 ? 'active;expires=60' : 'terminated;reason=noresource';
  session.dialog?.notify(undefined, {
    extraHeaders: ['Event: refer', `Subscription-State: ${state}`],
    body: {
      contentDisposition: 'render',
      contentType: 'message/sipfrag;version=2.0',
      content: `SIP/2.0 ${status} ${reason}\r\n`,
    },
  });
}

/** Follows a REFER: calls the target and tells the transferor how it goes. Resolves with the new call, or null when it was refused. */
async function follow(telephone: Telephone, citizen: Citizen, session: Session, referral: Referral): Promise<Session | null> {
  const target = referral.referTo.uri.clone();
  const replaces = referral.replaces;
  target.clearHeaders();
  await referral.accept();
  notify(session, 100, 'Trying');
  const inviter = new Inviter(telephone.agent, target, {
    ...identity(telephone, citizen),
    extraHeaders: [
      ...(replaces ? [`Replaces: ${decodeURIComponent(replaces)}`] : []),
      ...(referral.referredBy ? [`Referred-By: ${referral.referredBy}`] : []),
    ],
  });
  const told = ({ message }: { message: { statusCode?: number | undefined; reasonPhrase?: string | undefined } }) => {
    if (message.statusCode && message.statusCode > 100) notify(session, message.statusCode, message.reasonPhrase ?? '');
  };
  await inviter.invite({ requestDelegate: { onProgress: told, onAccept: told, onReject: told } });
  return (await established(inviter)) ? inviter : null;
}

function identity(telephone: Telephone, { number }: Citizen) {
  const from = number === null ? 'sip:anonymous@anonymous.invalid' : `sip:${number}@${telephone.domain}`;
  const fromUri = UserAgent.makeURI(from);
  return {
    params: fromUri ? { fromUri, fromDisplayName: number === null ? 'Anonymous' : '' } : {},
    extraHeaders: number === null ? ['Privacy: id'] : [],
  };
}

/**
 * One citizen's call from beginning to end: rings, says why they call, says it again after a pause, waits, lets themselves be
 * transferred, and hangs up in the end. `onCall` gets each call that this makes, so that whoever began it can end it.
 */
export async function callIn(
  telephone: Telephone,
  citizen: Citizen,
  pace: Pace = naturalPace,
  onCall?: (session: Session) => void,
): Promise<Outcome> {
  const target = UserAgent.makeURI(`sip:${citizen.line}@${telephone.domain}`);
  if (!target) throw new TypeError(`not a line's number: ${citizen.line}`);
  const session = new Inviter(telephone.agent, target, identity(telephone, citizen));
  onCall?.(session);
  const over = untilOver(session);
  let outcome: Outcome = 'answered';
  let following = false;
  session.delegate = {
    onRefer: (referral) => {
      // One transfer at a time.
      if (following) {
        referral.reject({ statusCode: 491 }).catch(() => undefined);
        return;
      }
      following = true;
      void follow(telephone, citizen, session, referral)
        .then(async (colleague) => {
          following = false;
          if (!colleague) {
            await mediaOf(session)?.say(sound(citizen.hello));
            return;
          }
          outcome = 'transferred';
          onCall?.(colleague);
          await talkToColleague(colleague, citizen, pace);
        })
        .catch(() => {
          following = false;
        });
    },
  };
  let answered = false;
  await session.invite();
  void pause(pace.givesUp, over).then((late) => (late && !answered ? end(session) : undefined));
  answered = await established(session);
  if (!answered) return 'unanswered';
  const media = mediaOf(session);
  media?.onLost(() => void end(session));
  void pause(pace.patience, over).then((late) => (late ? end(session) : undefined));
  // People draw breath before they speak.
  for (const wait of [400, pace.repeats, pace.repeats * 2]) {
    if (!(await pause(wait, over))) break;
    if (!following) await media?.say(sound(citizen.reason));
  }
  if (!over.aborted) await new Promise((resolve) => over.addEventListener('abort', resolve, { once: true }));
  return outcome;
}

async function talkToColleague(colleague: Session, citizen: Citizen, pace: Pace): Promise<void> {
  const over = untilOver(colleague);
  const media = mediaOf(colleague);
  media?.onLost(() => void end(colleague));
  // The colleague greets first.
  if (await pause(Math.min(6000, pace.withColleague / 2), over)) await media?.say(sound(citizen.reason));
  if (await pause(pace.withColleague, over)) await media?.say(sound(citizen.thanks));
  await end(colleague);
}
