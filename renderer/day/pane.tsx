import { PhoneFillIcon } from '@navikt/aksel-icons';
import { Button } from '@digdir/designsystemet-react';
import { useEffect } from 'react';
import type { CallRecord, CaseItem } from '#contract';
import { telephone } from '../call/index.ts';
import { CaseLines, CaseList } from '../caller/index.ts';
import { resumeNote, setTarget, useNote, useNotes } from '../note/index.ts';
import { Unsent } from '../outbox/index.ts';
import { clock, duration, formatNumber, useText, type Messages } from '../text/index.ts';
import { Empty, useNow } from '../ui/index.ts';
import { refreshDay, useDay } from './store.ts';
import './day.css';

/** The agent's day, where the caller would be: last calls, own open cases, what is not sent. */
export function DayPane() {
  const t = useText();
  const now = useNow(30_000);
  const day = useDay((state) => state.day);
  const cases = useDay((state) => state.cases);
  const failed = useDay((state) => state.casesFailed);
  useEffect(() => {
    void refreshDay();
  }, []);
  return (
    <section className="day" aria-label={t.day.label} data-testid="day">
      <header className="day-head">
        <h2>{t.day.label}</h2>
        {day !== null && (
          <p className="s-soft">
            {t.day.summary(day.calls, day.transferred)}
            {day.averageWrapUpSeconds !== null && ` · ${t.day.average(duration(day.averageWrapUpSeconds))}`}
          </p>
        )}
      </header>
      <Drafts />
      <Unsent />
      <section aria-label={t.day.recent}>
        <h3 className="day-title">{t.day.recent}</h3>
        {day !== null && day.recent.length === 0 && <Empty title={t.day.noRecent}>{t.day.noRecentHelp}</Empty>}
        <ul>
          {day?.recent.map((record) => (
            <Recent key={record.id} record={record} t={t} />
          ))}
        </ul>
      </section>
      <section aria-label={t.day.mine}>
        <h3 className="day-title">{t.day.mine}</h3>
        {failed && <p className="day-about s-soft">{t.day.mineFailed}</p>}
        {cases?.length === 0 && <Empty title={t.day.noMine} />}
        {cases !== null && cases.length > 0 && <MyCases cases={cases} now={now} />}
      </section>
    </section>
  );
}

/** The agent's own cases; while an unfinished note is taken up again it can go to one of them. */
function MyCases({ cases, now }: { cases: readonly CaseItem[]; now: Date }) {
  const t = useText();
  const resumed = useNotes((state) => state.resumed);
  const note = useNote(resumed);
  if (resumed !== null) {
    const target = note?.draft.target;
    return (
      <CaseList
        id="my-cases"
        label={t.day.mine}
        cases={cases}
        chosen={target?.kind === 'case' ? target.caseId : null}
        now={now}
        onChoose={(one) => setTarget(resumed, { kind: 'case', caseId: one.id })}
      />
    );
  }
  return (
    <ul>
      {cases.map((one) => (
        <li key={one.id} className="case-row">
          <CaseLines one={one} now={now} />
        </li>
      ))}
    </ul>
  );
}

/** Whom a line of the call list is about. */
function whoOf(record: CallRecord, t: Messages): string {
  return record.name ?? (record.number === null ? t.calls.hidden : formatNumber(record.number));
}

function Recent({ record, t }: { record: CallRecord; t: Messages }) {
  const who = whoOf(record, t);
  const talk = record.answeredAt === null ? null : (Date.parse(record.endedAt) - Date.parse(record.answeredAt)) / 1000;
  const { number } = record;
  return (
    <li className="case-row" data-testid="recent">
      <span className="s-soft day-time">{clock(new Date(record.startedAt))}</span>
      <span className="case-lines">
        <span className="s-cut">
          <strong>{who}</strong>{' '}
          <span className="s-soft">{record.line ?? (record.direction === 'outgoing' ? t.day.outgoing : '')}</span>
        </span>
        <span className="s-cut s-soft">
          {[
            record.transferredTo === null ? t.day.outcome[record.outcome] : t.day.transferredTo(record.transferredTo),
            talk === null ? null : duration(talk),
          ]
            .filter((part) => part !== null)
            .join(' · ')}
        </span>
      </span>
      {number !== null && (
        <Button
          variant="tertiary"
          data-color="neutral"
          aria-label={t.day.callWho(who)}
          onClick={() => telephone.dial(number, record.name ?? undefined)}
        >
          <PhoneFillIcon aria-hidden />
          {t.day.callBack}
        </Button>
      )}
    </li>
  );
}

function Drafts() {
  const t = useText();
  const restored = useNotes((state) => state.restored);
  const notes = useNotes((state) => state.notes);
  if (restored.length === 0) return null;
  return (
    <section aria-label={t.day.drafts} data-testid="drafts">
      <h3 className="day-title">{t.day.drafts}</h3>
      <p className="day-about s-soft">{t.day.draftsHelp}</p>
      <ul>
        {restored.map((callId) => {
          const draft = notes[callId]?.draft;
          if (draft === undefined) return null;
          return (
            <li key={callId} className="case-row">
              <span className="day-time s-soft">{t.note.label}</span>
              <span className="case-lines">
                <strong className="s-cut">{draft.text.trim() === '' ? t.outbox.noText : draft.text}</strong>
                <span className="s-cut s-soft">
                  {[draft.target?.kind === 'case' ? t.outbox.toCase(draft.target.caseId) : null, ...draft.tags]
                    .filter((part) => part !== null)
                    .join(' · ')}
                </span>
              </span>
              <Button variant="secondary" onClick={() => resumeNote(callId)}>
                {t.day.resume}
              </Button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
