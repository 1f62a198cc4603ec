import type { Call } from '../call/index.ts';
import { formatNumber, type Messages } from '../text/index.ts';
import { contactOf, type CallerEntry } from './store.ts';

/** Whom to show for a call: the contact if it is certain, else what the signalling says, else the number. */
export function whoCalls(
  call: Call,
  entry: CallerEntry | undefined,
  t: Messages,
): { readonly name: string; readonly number: string | null; readonly possible: number } {
  const raw = call.remote.number ?? entry?.number ?? null;
  const number = raw === null ? null : formatNumber(raw);
  const contact = contactOf(entry);
  const pop = entry?.pop;
  const possible = contact === null && pop?.kind === 'candidates' && entry?.noneOfThese !== true ? pop.candidates.length : 0;
  const signalled = call.remote.name?.trim() ?? '';
  const name = contact?.name ?? (possible === 0 && signalled !== '' && signalled !== raw ? signalled : null);
  if (name !== null) return { name, number, possible };
  return { name: number ?? t.calls.hidden, number: null, possible };
}
