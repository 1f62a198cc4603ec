import { ArrowForwardIcon, PhoneFillIcon } from '@navikt/aksel-icons';
import type { Person } from '#contract';
import { Button, Tag } from '@digdir/designsystemet-react';
import { useLine, useWatchedLines } from '../lines/index.ts';
import { Key, KeyButton } from '../shortcuts/index.ts';
import { formatNumber, useText, when } from '../text/index.ts';
import { numberOf, reach, reachPerson, useBusy, useTransferable } from './act.ts';
import { availabilityOf, availabilityWords, colours } from './availability.ts';
import { report } from './report.tsx';
import { useDirectory } from './store.ts';
import { MessagesFact, PersonActions } from './person-actions.tsx';
import { CalendarFact, ColleagueFact, HoursFact, OthersFact } from './person-facts.tsx';

/** The chosen person: what they help with, who answers for them, and the way to them. */
export function PersonCard({ person, now }: { person: Person; now: Date }) {
  const t = useText();
  const is = availabilityOf(person, useLine(numberOf(person)), now);
  useWatchedLines(
    [numberOf(person), person.deputy?.number ?? null, person.manager?.number ?? null].filter((number) => number !== null),
  );
  const transfer = useTransferable();
  const asked = useDirectory((state) => state.asked !== null);
  const busy = useBusy();
  const none = numberOf(person) === null;
  const ways = [
    ...person.numbers.map(({ value, kind }) => ({ number: value, kind: t.directory.kinds[kind], own: true })),
    ...(person.alternativeNumber === null
      ? []
      : [{ number: person.alternativeNumber, kind: t.directory.alternative, own: false }]),
  ];
  /** A number as the way to it. Only the alternative one is for when the person is not there: nothing is asked before it. */
  const way = (number: string, kind: string, own: boolean) => (
    <Button
      key={number}
      variant="tertiary"
      aria-disabled={busy || undefined}
      className="card-number"
      aria-label={`${transfer ? t.directory.transfer : t.directory.call} ${formatNumber(number)} ${kind}`}
      onClick={() => {
        if (busy) return;
        const wanted = transfer ? 'transfer' : 'call';
        if (own) reachPerson(wanted, person, number);
        else reach(wanted, { number, name: person.name, personId: person.id });
      }}
    >
      {formatNumber(number)} <span className="s-soft">{kind}</span>
    </Button>
  );
  return (
    <section className="card" aria-label={t.directory.card} data-asked={asked || undefined} data-testid="person">
      <div className="card-head">
        <h2 className="s-cut">{person.name}</h2>
        <Tag data-color={colours[is.kind]}>{availabilityWords(is, now, t)}</Tag>
        <span className="s-cut s-soft">{person.title}</span>
        <PersonActions person={person} />
      </div>
      <dl className="card-facts">
        {person.keywords.length > 0 && (
          <>
            <dt>{t.directory.helps}</dt>
            <dd className="card-words">{person.keywords.join(', ')}</dd>
          </>
        )}
        {ways.length > 1 && (
          <>
            <dt>{t.directory.numbers}</dt>
            <dd className="card-numbers">{ways.map(({ number, kind, own }) => way(number, kind, own))}</dd>
          </>
        )}
        <MessagesFact person={person} />
        {person.switchboardNote !== null && (
          <>
            <dt>{t.directory.switchboardNote}</dt>
            <dd>{person.switchboardNote}</dd>
          </>
        )}
        <ColleagueFact label={t.directory.deputy} of={person.deputy} />
        <OthersFact person={person} now={now} />
        <CalendarFact person={person} now={now} />
        <HoursFact person={person} />
        {person.workplace !== '' && (
          <>
            <dt>{t.directory.workplace}</dt>
            <dd>{person.workplace}</dd>
          </>
        )}
        {person.email !== null && (
          <>
            <dt>{t.directory.email}</dt>
            <dd className="s-cut" title={person.email}>
              <a className="card-mail" href={`mailto:${encodeURIComponent(person.email)}`}>
                {person.email}
              </a>
            </dd>
          </>
        )}
        <ColleagueFact label={t.directory.manager} of={person.manager} />
        <dt>{t.directory.source}</dt>
        <dd className="s-small s-soft">{t.directory.readAt(when(new Date(person.readAt), now, t))}</dd>
      </dl>
      <div className="card-foot">
        <Button
          aria-disabled={none || busy || undefined}
          aria-keyshortcuts="Enter"
          data-testid="reach"
          onClick={() => {
            if (!none && !busy) reachPerson(transfer ? 'transfer' : 'call', person);
          }}
        >
          {transfer ? <ArrowForwardIcon aria-hidden /> : <PhoneFillIcon aria-hidden />}
          {transfer ? t.directory.transfer : t.directory.call}
          {numberOf(person) !== null && <span>{formatNumber(numberOf(person) ?? '')}</span>}
          <Key action="hitTransfer" />
        </Button>
        <KeyButton action="report" variant="tertiary" data-color="neutral" run={() => report(person)}>
          {t.report.open}
        </KeyButton>
        {none && <span className="s-soft">{t.directory.noNumber}</span>}
      </div>
    </section>
  );
}
