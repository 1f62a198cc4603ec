import type { OutboxStatus } from '#contract';
import { Button, Tag } from '@digdir/designsystemet-react';
import { clock, useText, type Messages } from '../text/index.ts';
import { CopyDetails } from '../ui/index.ts';
import { retryNote, useOutbox } from './store.ts';

function why(status: OutboxStatus, t: Messages): string {
  if (status.paused === 'unauthorized') return t.outbox.unauthorized;
  if (status.paused === 'secret-missing') return t.outbox.secretMissing;
  return status.unreachableSince === null ? t.outbox.sending : t.outbox.unreachable(clock(new Date(status.unreachableSince)));
}

/** All that the CRM has not got yet, with the reason. Nothing when all is sent. */
export function Unsent() {
  const t = useText();
  const status = useOutbox((state) => state.status);
  if (status === null || status.unsent.length === 0) return null;
  return (
    <section aria-label={t.day.unsent} data-testid="unsent">
      <h3 className="day-title">{t.day.unsent}</h3>
      {status.pending > 0 && <p className="day-about s-soft">{why(status, t)}</p>}
      <ul>
        {status.unsent.map((note) => (
          <li key={note.id} className="case-row">
            <Tag data-color={note.state === 'parked' ? 'danger' : 'info'} className="case-tag">
              {note.state === 'parked' ? t.outbox.parked : t.outbox.pending}
            </Tag>
            <span className="case-lines">
              <strong className="s-cut">{note.text.trim() === '' ? t.outbox.noText : note.text}</strong>
              <span className="s-cut s-soft">
                {[
                  note.target.kind === 'case' ? t.outbox.toCase(note.target.caseId) : t.outbox.toNew(note.target.subject),
                  clock(new Date(note.createdAt)),
                  ...note.tags,
                ].join(' · ')}
              </span>
            </span>
            <span className="s-row">
              {note.state === 'parked' && (
                <>
                  {note.fault !== null && <CopyDetails details={`${note.id}\n${note.fault}`} />}
                  <Button variant="secondary" onClick={() => void retryNote(note.id)}>
                    {t.outbox.retry}
                  </Button>
                </>
              )}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
