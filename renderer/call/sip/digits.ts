import type { Session } from 'sip.js';

/** Sends digits one after another by INFO (application/dtmf-relay); false: one of them was refused. */
export async function sendByInfo(session: Session, digits: string): Promise<boolean> {
  for (const digit of digits) if (!(await one(session, digit))) return false;
  return true;
}

function one(session: Session, digit: string): Promise<boolean> {
  return new Promise((resolve) => {
    session
      .info({
        requestOptions: {
          body: {
            contentDisposition: 'render',
            contentType: 'application/dtmf-relay',
            content: `Signal=${digit}\r\nDuration=120\r\n`,
          },
        },
        requestDelegate: { onAccept: () => resolve(true), onReject: () => resolve(false) },
      })
      .catch(() => resolve(false));
  });
}
