import { MagnifyingGlassIcon } from '@navikt/aksel-icons';
import { Button } from '@digdir/designsystemet-react';
import { useEffect } from 'react';
import type { Call } from '../call/index.ts';
import { LastSpoken, searchFor, useLastSpoken } from '../directory/index.ts';
import { setTarget, useNote } from '../note/index.ts';
import { useCommand } from '../shortcuts/index.ts';
import { formatNumber, initials, useText, when } from '../text/index.ts';
import { Empty, showPane, useNow } from '../ui/index.ts';
import { Candidates } from './candidates.tsx';
import { CaseList } from './case-list.tsx';
import { freshnessLine, unknownWords } from './freshness.ts';
import { casesOf, contactOf, mustChoose, reopenChoice, useCaller, type CallerEntry } from './store.ts';
import './caller.css';

const painted = new Set<string>();

/** Notes when the pop of a call was first on the screen: `samband:pop-painted`. */
function usePainted(callId: string, shown: boolean): void {
  useEffect(() => {
    if (!shown || painted.has(callId)) return;
    painted.add(callId);
    // The second frame begins when the first, with the pop in it, has been handed over.
    requestAnimationFrame(() => requestAnimationFrame(() => performance.mark('samband:pop-painted', { detail: { callId } })));
  }, [callId, shown]);
}

/** Who calls, and their cases. */
export function CallerPane({ call }: { call: Call }) {
  const t = useText();
  const now = useNow(1000);
  const entry = useCaller(call.id);
  const note = useNote(call.id);
  const cases = casesOf(entry);
  const contact = contactOf(entry);
  usePainted(call.id, entry?.pop != null);
  useCommand(
    'cases',
    () => {
      showPane('left');
      document.querySelector<HTMLElement>('#cases')?.focus();
    },
    cases.length > 0,
  );
  const chosen = note?.draft.target?.kind === 'case' ? note.draft.target.caseId : null;
  const spoken = useLastSpoken(call.id);
  const last = cases.find((one) => one.owner !== null);

  return (
    <section className="caller" aria-label={t.caller.label} data-testid="caller">
      <header className="caller-head">
        {entry === undefined || entry.pop === null ? <Opening entry={entry} call={call} /> : <Who entry={entry} />}
      </header>
      {spoken !== undefined && <LastSpoken call={call} last={spoken} now={now} />}
      {spoken === undefined && contact !== null && last !== undefined && (
        <p className="caller-last">
          <span className="s-soft">{t.caller.lastOwner}</span> <strong>{last.owner}</strong>{' '}
          <span className="s-soft">{when(new Date(last.updatedAt), now, t)}</span>
          <Button variant="tertiary" className="caller-find" onClick={() => searchFor(last.owner ?? '')}>
            <MagnifyingGlassIcon aria-hidden />
            {t.caller.find}
          </Button>
        </p>
      )}
      <div className="caller-body">
        {entry !== undefined && mustChoose(entry) ? (
          <Candidates entry={entry} />
        ) : (
          contact !== null &&
          (cases.length === 0 ? (
            <Empty title={t.caller.noCases}>{t.caller.noCasesHelp}</Empty>
          ) : (
            <CaseList
              id="cases"
              label={t.caller.cases}
              cases={cases}
              chosen={chosen}
              now={now}
              onChoose={(one) => setTarget(call.id, { kind: 'case', caseId: one.id })}
            />
          ))
        )}
      </div>
      {entry?.pop != null && entry.pop.kind !== 'hidden' && <Fresh entry={entry} now={now} />}
    </section>
  );
}

function Opening({ entry, call }: { entry: CallerEntry | undefined; call: Call }) {
  const t = useText();
  return (
    <div className="s-grow">
      <h2>{call.remote.number === null ? t.caller.hidden : formatNumber(call.remote.number)}</h2>
      <p className="s-soft">{entry?.failed === true ? t.caller.openFailed : t.caller.opening}</p>
    </div>
  );
}

function Who({ entry }: { entry: CallerEntry }) {
  const t = useText();
  const pop = entry.pop;
  const contact = contactOf(entry);
  if (pop === null) return null;
  const number = pop.number === null ? null : formatNumber(pop.number);
  if (contact !== null)
    return (
      <>
        <span className="caller-disc" aria-hidden>
          {initials(contact.name)}
        </span>
        <div className="s-grow">
          <h2 className="s-cut">{contact.name}</h2>
          <p className="s-soft s-cut">
            {[contact.address, number, contact.email].filter((part) => part !== null && part !== '').join(' · ')}
          </p>
        </div>
        <Button variant="tertiary" data-color="neutral" onClick={() => reopenChoice(entry.callId)}>
          {t.caller.wrong}
        </Button>
      </>
    );
  if (mustChoose(entry))
    return (
      <div className="s-grow">
        <h2>{t.caller.several}</h2>
        <p className="s-soft">
          {number} · {pop.candidates.length > 1 ? t.caller.severalHelp(pop.candidates.length) : t.caller.hiddenHelp}
        </p>
      </div>
    );
  return (
    <>
      <span className="caller-disc" data-unknown aria-hidden>
        ?
      </span>
      <div className="s-grow">
        <h2>{pop.kind === 'hidden' ? t.caller.hidden : (number ?? t.caller.unknown)}</h2>
        <p className="s-soft">
          {pop.kind === 'hidden'
            ? t.caller.hiddenHelp
            : entry.noneOfThese
              ? t.caller.undecided
              : unknownWords(pop.freshness, t)}
        </p>
      </div>
      {entry.noneOfThese && (
        <Button variant="tertiary" data-color="neutral" onClick={() => reopenChoice(entry.callId)}>
          {t.caller.wrong}
        </Button>
      )}
    </>
  );
}

function Fresh({ entry, now }: { entry: CallerEntry; now: Date }) {
  const t = useText();
  if (entry.pop === null) return null;
  const { text, stale } = freshnessLine(entry.pop.freshness, now, t);
  return (
    <p className="caller-fresh s-small" data-stale={stale || undefined} data-testid="freshness">
      {text}
    </p>
  );
}
