import { RequestPendingError, type Session } from 'sip.js';

/**
 * A re-INVITE with the session's present description; the final status code. Glare (491, RFC 3261 §14.1) is tried again after a random
 * wait, up to three times.
 */
export async function reinvite(session: Session): Promise<number> {
  for (let attempt = 0; ; attempt++) {
    const status = await once(session);
    if (status !== 491 || attempt === 3) return status;
    await new Promise((resolve) => setTimeout(resolve, 200 + Math.random() * 1900));
  }
}

function once(session: Session): Promise<number> {
  return new Promise((resolve) => {
    session
      .invite({
        requestDelegate: {
          onAccept: ({ message }) => resolve(message.statusCode ?? 200),
          onReject: ({ message }) => resolve(message.statusCode ?? 500),
        },
      })
      .catch((error: unknown) => resolve(error instanceof RequestPendingError ? 491 : 500));
  });
}
