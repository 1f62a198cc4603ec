import type { SignedOut } from '#contract';
import { bridge } from '../bridge.ts';
import { telephone } from '../call/index.ts';
import { setDial } from '../call/views/index.ts';
import { callerStore } from '../caller/index.ts';
import { dayStore } from '../day/index.ts';
import { directoryStore } from '../directory/index.ts';
import { flushDrafts, noteStore } from '../note/index.ts';
import { outboxStore } from '../outbox/index.ts';
import { settingsStore } from '../settings/index.ts';
import { stopFollowing } from './wiring.ts';

type Unsent = Extract<SignedOut, { outcome: 'unsent' }>;

/** What the window keeps in memory of the one who leaves, and of those who called. */
function forgetEverything(): void {
  setDial('');
  callerStore.setState(callerStore.getInitialState(), true);
  dayStore.setState(dayStore.getInitialState(), true);
  directoryStore.setState(directoryStore.getInitialState(), true);
  noteStore.setState(noteStore.getInitialState(), true);
  outboxStore.setState(outboxStore.getInitialState(), true);
}

/** Signs out; answers what is in the way (notes that would be lost), null: nobody is signed in any longer. */
export async function signOut(discardDrafts: boolean): Promise<Unsent | null> {
  flushDrafts();
  const answer = await bridge.call('session.signOut', { discardDrafts });
  if (answer.ok && answer.value.outcome === 'unsent') return answer.value;
  stopFollowing();
  forgetEverything();
  // A failure leaves nobody signed in either: what could not be wiped is wiped at the next start.
  const left = !answer.ok ? 'inPart' : answer.value.outcome === 'done' && answer.value.wiped ? 'wiped' : 'forgot';
  settingsStore.setState({ ...settingsStore.getInitialState(), left }, true);
  await telephone.stop();
  return null;
}
