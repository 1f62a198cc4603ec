import { ArrowForwardIcon } from '@navikt/aksel-icons';
import type { Person } from '#contract';
import { Button } from '@digdir/designsystemet-react';
import { useEffect, useId, useLayoutEffect, useRef } from 'react';
import { lineOf } from '../lines/index.ts';
import { clock, until, useText } from '../text/index.ts';
import { Spot } from '../ui/index.ts';
import { deputyTarget, numberOf, reach } from './act.ts';
import { dropQuestion, useDirectory } from './store.ts';
import { colleagueOf, withLine } from './words.ts';

/** Asked before a call goes to somebody who is away or on the phone: the deputy first, then a colleague, then all the same. */
export function AbsenceGuard({ person, wanted, now }: { person: Person; wanted: 'transfer' | 'call'; now: Date }) {
  const t = useText();
  const title = useId();
  const about = useId();
  const box = useRef<HTMLDivElement>(null);
  const hits = useDirectory((state) => state.hits);
  const deputy = deputyTarget(person.deputy);
  const colleague = colleagueOf(
    person,
    hits.map((hit) => ({ ...hit, person: withLine(hit.person, lineOf(numberOf(hit.person))) })),
  );
  const back = person.absence?.until ?? null;
  const read = person.absence === null ? null : clock(new Date(person.absence.readAt));

  useEffect(() => {
    const before = document.activeElement;
    box.current?.querySelector('button')?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);

  const anyway = () => {
    const number = numberOf(person);
    if (number !== null) reach(wanted, { number, name: person.name, personId: person.id });
  };
  const toColleague = () => {
    const number = colleague === null ? null : numberOf(colleague);
    if (colleague !== null && number !== null) reach(wanted, { number, name: colleague.name, personId: colleague.id });
  };

  const keys = useRef<(event: KeyboardEvent) => void>(() => undefined);
  useLayoutEffect(() => {
    keys.current = (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const does: Record<string, (() => void) | undefined> = { Escape: dropQuestion, '2': toColleague };
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
        <Spot kind={person.absence === null && person.availability === 'onPhone' ? 'onPhone' : 'absent'} />
        {person.absence === null && person.availability === 'onPhone'
          ? t.guard.titleOnPhone(person.name)
          : back === null
            ? t.guard.title(person.name)
            : t.guard.titleUntil(person.name, until(new Date(back), now, t))}
      </h2>
      <p id={about} className="s-soft">
        {[
          read === null
            ? person.availability === 'onPhone'
              ? t.guard.fromLine
              : null
            : person.absence?.source === 'calendar'
              ? t.guard.fromCalendar(read)
              : t.guard.fromDirectory(read),
          deputy === null ? t.guard.noDeputy : null,
          t.guard.choose,
        ]
          .filter((part) => part !== null)
          .join(' ')}
      </p>
      {deputy !== null && (
        <Button onClick={() => reach(wanted, deputy)} aria-keyshortcuts="Enter">
          <ArrowForwardIcon aria-hidden />
          <span className="s-cut">{t.guard.deputy(deputy.name)}</span>
          <kbd className="s-kbd" aria-hidden>
            ↵
          </kbd>
        </Button>
      )}
      {colleague !== null && (
        <Button variant="secondary" onClick={toColleague} aria-keyshortcuts="2">
          <span className="s-cut">{t.guard.colleague(colleague.name)}</span>
          <kbd className="s-kbd" aria-hidden>
            2
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

/** Tab goes round inside the question. */
function keepFocus(event: KeyboardEvent, box: HTMLElement | null): void {
  if (event.key !== 'Tab' || box === null) return;
  const buttons = [...box.querySelectorAll('button')];
  const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
  const next = buttons[(at + (event.shiftKey ? -1 : 1) + buttons.length) % buttons.length];
  event.preventDefault();
  next?.focus();
}
