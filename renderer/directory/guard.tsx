import { ArrowForwardIcon } from '@navikt/aksel-icons';
import type { Alternative, Person } from '#contract';
import { Button } from '@digdir/designsystemet-react';
import { useEffect, useId, useLayoutEffect, useRef } from 'react';
import { lineOf, unknownLine, useLine } from '../lines/index.ts';
import { clock, formatNumber, until, useText, type Messages } from '../text/index.ts';
import { Spot } from '../ui/index.ts';
import { deputyTarget, numberOf, reach } from './act.ts';
import { colleagueOf } from './alternatives.ts';
import { availabilityOf, availabilityWords, isAsked, lineWords, type Availability } from './availability.ts';
import { dropQuestion } from './store.ts';

interface GuardProps {
  readonly person: Person;
  readonly wanted: 'transfer' | 'call';
  readonly number: string;
  readonly alternatives: readonly Alternative[];
  readonly now: Date;
}

/** Asked before a call goes to somebody who is away, on the phone or not at work: the deputy first, then who helps with the same. */
export function AbsenceGuard({ person, wanted, number, alternatives, now }: GuardProps) {
  const t = useText();
  const title = useId();
  const about = useId();
  const box = useRef<HTMLDivElement>(null);
  const line = useLine(numberOf(person));
  // Being away tells more about when to try again than a call does.
  const away = availabilityOf(person, unknownLine, now);
  const is = isAsked(away) ? away : availabilityOf(person, line, now);
  const deputy = deputyTarget(person.deputy);
  const colleague = colleagueOf(alternatives, now, person.deputy?.personId ?? null, lineOf);
  const alternative = person.alternativeNumber;
  const offered = deputy !== null || colleague !== null || alternative !== null;
  const deputyLine = useLine(deputy?.number ?? null);
  const deputyWords = lineWords(deputyLine, t);

  useEffect(() => {
    const before = document.activeElement;
    box.current?.querySelector('button')?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);

  const anyway = () => reach(wanted, { number, name: person.name, personId: person.id });
  const toColleague = colleague === null ? undefined : () => reach(wanted, colleague.target);
  const toAlternative =
    alternative === null ? undefined : () => reach(wanted, { number: alternative, name: person.name, personId: person.id });

  const keys = useRef<(event: KeyboardEvent) => void>(() => undefined);
  useLayoutEffect(() => {
    keys.current = (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const does: Record<string, (() => void) | undefined> = { Escape: dropQuestion, '2': toColleague, '3': toAlternative };
      const run = event.shiftKey && event.key === 'Enter' ? anyway : does[event.key];
      if (run === undefined) return keepFocus(event, box.current);
      event.preventDefault();
      // Neither the directory's Escape nor a button's Enter shall follow.
      event.stopPropagation();
      run();
    };
  });
  useEffect(() => {
    const element = box.current;
    const onKeyDown = (event: KeyboardEvent) => keys.current(event);
    element?.addEventListener('keydown', onKeyDown);
    return () => element?.removeEventListener('keydown', onKeyDown);
  }, []);

  return (
    <div ref={box} className="guard" role="alertdialog" aria-labelledby={title} aria-describedby={about} data-testid="guard">
      <h2 id={title} className="guard-title">
        <Spot kind={is.kind} />
        {titleOf(person, is, now, t)}
      </h2>
      <p id={about} className="s-soft">
        {[sourceOf(is, t), ...(offered ? [deputy === null ? t.guard.noDeputy : null, t.guard.choose] : [t.guard.nobodyElse])]
          .filter((part) => part !== null)
          .join(' ')}
      </p>
      {deputy !== null && (
        <Button onClick={() => reach(wanted, deputy)} aria-keyshortcuts="Enter">
          <ArrowForwardIcon aria-hidden />
          <span className="s-cut">
            {[t.guard.deputy(deputy.name), deputyWords].filter((part) => part !== null).join(' · ')}
          </span>
          <kbd className="s-kbd" aria-hidden>
            ↵
          </kbd>
        </Button>
      )}
      {colleague !== null && (
        <Button variant="secondary" onClick={toColleague} aria-keyshortcuts="2">
          <Spot kind={colleague.is.kind} />
          <span className="s-cut">
            {colleague.why === null
              ? t.guard.colleague(colleague.target.name)
              : t.guard.colleagueWith(colleague.target.name, colleague.why)}
            {colleague.is.kind !== 'unknown' && ` · ${availabilityWords(colleague.is, now, t)}`}
          </span>
          <kbd className="s-kbd" aria-hidden>
            2
          </kbd>
        </Button>
      )}
      {alternative !== null && (
        <Button variant="secondary" onClick={toAlternative} aria-keyshortcuts="3">
          <span className="s-cut">{t.guard.alternative(formatNumber(alternative))}</span>
          <kbd className="s-kbd" aria-hidden>
            3
          </kbd>
        </Button>
      )}
      <div className="s-row">
        <Button variant="tertiary" data-color="neutral" onClick={dropQuestion} aria-keyshortcuts="Escape">
          {t.guard.cancel}
          <kbd className="s-kbd" aria-hidden>
            Esc
          </kbd>
        </Button>
        <Button variant="tertiary" data-color="neutral" onClick={anyway} aria-keyshortcuts="Shift+Enter">
          {wanted === 'transfer' ? t.guard.transferAnyway : t.guard.callAnyway}
          <kbd className="s-kbd" aria-hidden>
            ⇧ ↵
          </kbd>
        </Button>
      </div>
    </div>
  );
}

function titleOf(person: Person, is: Availability, now: Date, t: Messages): string {
  const end = is.until === null ? null : until(is.until, now, t);
  if (is.kind === 'closed') return end === null ? t.guard.titleClosed(person.name) : t.guard.titleClosedUntil(person.name, end);
  if (is.kind === 'absent') return end === null ? t.guard.title(person.name) : t.guard.titleUntil(person.name, end);
  return t.guard.titleOnPhone(person.name);
}

/** How it is known. */
function sourceOf({ source, readAt }: Availability, t: Messages): string | null {
  if (source === 'line') return t.guard.fromLine;
  if (source === 'hours') return t.guard.fromHours;
  if (readAt === null) return null;
  return source === 'calendar' ? t.guard.fromCalendar(clock(readAt)) : t.guard.fromDirectory(clock(readAt));
}

/** Tab goes round inside the question. */
function keepFocus(event: KeyboardEvent, box: HTMLElement | null): void {
  if (event.key !== 'Tab' || box === null) return;
  const buttons = [...box.querySelectorAll('button')];
  const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
  const next = buttons[(at + (event.shiftKey ? -1 : 1) + buttons.length) % buttons.length];
  event.preventDefault();
  next?.focus();
}
