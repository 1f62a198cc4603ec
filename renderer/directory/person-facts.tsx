import type { Colleague, Person } from '#contract';
import { Button } from '@digdir/designsystemet-react';
import { lineOf, useLine, useWatchedLines } from '../lines/index.ts';
import { formatNumber, until, useText, when } from '../text/index.ts';
import { Spot } from '../ui/index.ts';
import { deputyTarget, numberOf, reach, reachPerson, useBusy, useTransferable } from './act.ts';
import { useAlternatives } from './around.ts';
import { availabilityOf, availabilityWords, isAsked, lineWords } from './availability.ts';
import { hoursWords } from './words.ts';

const SHOWN = 3;

/** When the person has an appointment next; only where calendars are read. */
export function CalendarFact({ person: { calendar }, now }: { person: Person; now: Date }) {
  const t = useText();
  if (calendar === null) return null;
  const read = calendar.readAt === null ? null : when(new Date(calendar.readAt), now, t);
  const next = calendar.nextBusyAt === null ? t.directory.noAppointment : until(new Date(calendar.nextBusyAt), now, t);
  return (
    <>
      <dt>{t.directory.nextAppointment}</dt>
      <dd>
        {calendar.known ? next : t.directory.calendarUnread}
        {read !== null && <span className="s-small s-soft"> · {t.directory.readAt(read)}</span>}
      </dd>
    </>
  );
}

/** The hours that the person or their unit keeps. */
export function HoursFact({ person }: { person: Person }) {
  const t = useText();
  const hours = person.hours?.text ?? person.openingHours;
  if (hours === null) return null;
  return (
    <>
      <dt>{t.directory.openingHours}</dt>
      <dd>{hoursWords(hours, t)}</dd>
    </>
  );
}

/** Another person and what their line says: one press away where a number is known. */
export function ColleagueFact({ label, of }: { label: string; of: Colleague | null }) {
  const t = useText();
  const line = useLine(of?.number ?? null);
  const transfer = useTransferable();
  const busy = useBusy();
  if (of === null) return null;
  const target = deputyTarget(of);
  const words = lineWords(line, t);
  return (
    <>
      <dt>{label}</dt>
      <dd className="card-numbers">
        {target === null ? (
          of.name
        ) : (
          <Button
            variant="tertiary"
            className="card-number"
            aria-label={`${transfer ? t.directory.transfer : t.directory.call} ${[target.name, words].filter(Boolean).join(', ')}`}
            aria-disabled={busy || undefined}
            onClick={() => {
              if (!busy) reach(transfer ? 'transfer' : 'call', target);
            }}
          >
            {words !== null && <Spot kind={line.state === 'free' ? 'free' : 'onPhone'} />}
            {target.name} <span className="s-soft">{[formatNumber(target.number), words].filter(Boolean).join(' · ')}</span>
          </Button>
        )}
      </dd>
    </>
  );
}

/** Who can help with the same, and is not known to be away or taken: one press away. */
export function OthersFact({ person, now }: { person: Person; now: Date }) {
  const t = useText();
  const transfer = useTransferable();
  const others = useAlternatives(person.id)
    .filter(({ why, person: other }) => {
      const number = numberOf(other);
      return why.keywords.length > 0 && number !== null && !isAsked(availabilityOf(other, lineOf(number), now));
    })
    .slice(0, SHOWN);
  useWatchedLines(others.flatMap(({ person: other }) => numberOf(other) ?? []));
  if (others.length === 0) return null;
  return (
    <>
      <dt>{t.directory.others}</dt>
      <dd className="card-numbers">
        {others.map(({ person: other }) => (
          <Other key={other.id} person={other} now={now} wanted={transfer ? 'transfer' : 'call'} />
        ))}
      </dd>
    </>
  );
}

function Other({ person, now, wanted }: { person: Person; now: Date; wanted: 'transfer' | 'call' }) {
  const t = useText();
  const is = availabilityOf(person, useLine(numberOf(person)), now);
  const busy = useBusy();
  return (
    <Button
      variant="tertiary"
      className="card-number"
      aria-label={`${wanted === 'transfer' ? t.directory.transfer : t.directory.call} ${person.name}, ${availabilityWords(is, now, t)}`}
      aria-disabled={busy || undefined}
      onClick={() => {
        if (!busy) reachPerson(wanted, person);
      }}
    >
      <Spot kind={is.kind} /> {person.name} <span className="s-soft">{availabilityWords(is, now, t)}</span>
    </Button>
  );
}
