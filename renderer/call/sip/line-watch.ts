import type { URI, UserAgent } from 'sip.js';
import type { LineEvents, LineReport } from '../phone.ts';
import { readDialogInfo, lineUseOfDialogs, lineUseOfPidf, type DialogInfo } from './line-use.ts';
import { EventSubscription } from './subscription.ts';

const ACCEPT: Readonly<Record<LineEvents, string>> = {
  dialog: 'application/dialog-info+xml',
  presence: 'application/pidf+xml',
};

/** Subscribes to one line and reports its use; what follows when it ends is the listener's. */
export function watchLine(
  agent: UserAgent,
  target: URI,
  events: LineEvents,
  listener: (report: LineReport) => void,
): EventSubscription {
  let dialogs: DialogInfo | null = null;
  const onBody = (body: string): 'taken' | 'again' => {
    if (events === 'presence') {
      listener({ kind: 'use', use: lineUseOfPidf(body) });
      return 'taken';
    }
    const read = readDialogInfo(body, dialogs);
    dialogs = read?.info ?? null;
    listener({ kind: 'use', use: read === null || read.gap ? 'unknown' : lineUseOfDialogs(read.info) });
    return read?.gap === true ? 'again' : 'taken';
  };
  const subscription = new EventSubscription({
    agent,
    target,
    event: events,
    accept: ACCEPT[events],
    onBody,
    onOver: (status, retryAfterSeconds) => listener({ kind: 'over', status, retryAfterSeconds }),
  });
  subscription.start();
  return subscription;
}
