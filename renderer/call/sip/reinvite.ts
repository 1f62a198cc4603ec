import { SessionState, type Session } from 'sip.js';
import type { CallMedia } from './media.ts';

const ATTEMPTS = 6;

/**
 * A re-INVITE with the session's present description; the final status code. When both sides ask at once (491, or 500 while the other's
 * is being answered: RFC 3261 §14) it is tried again after a random wait.
 */
export async function reinvite(session: Session, media: CallMedia): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    const status = media.answering ? 491 : await once(session, media);
    if ((status !== 491 && status !== 500) || attempt === ATTEMPTS || session.state !== SessionState.Established) return status;
    await new Promise((resolve) => setTimeout(resolve, 50 + Math.random() * 500 * attempt));
  }
}

async function once(session: Session, media: CallMedia): Promise<number> {
  try {
    return await new Promise<number>((resolve, reject) => {
      session
        .invite({
          requestDelegate: {
            onAccept: ({ message }) => resolve(message.statusCode ?? 200),
            onReject: ({ message }) => resolve(message.statusCode ?? 500),
          },
        })
        .catch(reject);
    });
  } catch {
    // It was not sent: the other side's came first, and our offer must go.
    await media.rollbackDescription().catch(() => undefined);
    return 491;
  }
}
