import { ArrowsCirclepathIcon, CloudSlashIcon, ExclamationmarkTriangleIcon } from '@navikt/aksel-icons';
import type { OutboxStatus } from '#contract';
import { useText, type Messages } from '../text/index.ts';
import { useOutbox } from './store.ts';

/** The outbox in a few words. */
export function syncWords(
  status: OutboxStatus | null,
  t: Messages,
): { readonly text: string; readonly tone: 'good' | 'warn' | 'bad' } | null {
  if (status === null) return null;
  const stuck = status.unreachableSince !== null || status.paused !== null;
  const waiting = status.pending === 0 ? null : stuck ? t.sync.stored(status.pending) : t.sync.pending(status.pending);
  if (status.parked > 0)
    return { text: [t.sync.parked(status.parked), waiting].filter((part) => part !== null).join(' · '), tone: 'bad' };
  return waiting === null ? { text: t.sync.allSent, tone: 'good' } : { text: waiting, tone: 'warn' };
}

/** Sending, in the bar. */
export function SyncState() {
  const t = useText();
  const words = syncWords(
    useOutbox((state) => state.status),
    t,
  );
  if (words === null) return null;
  return (
    <span className="bar-item" data-tone={words.tone} data-testid="sync">
      {words.tone === 'good' ? (
        <ArrowsCirclepathIcon aria-hidden />
      ) : words.tone === 'warn' ? (
        <CloudSlashIcon aria-hidden />
      ) : (
        <ExclamationmarkTriangleIcon aria-hidden />
      )}
      <span className="s-hide">{t.sync.label}: </span>
      <span className="s-cut">{words.text}</span>
    </span>
  );
}
