import { ArrowForwardIcon } from '@navikt/aksel-icons';
import { Tag } from '@digdir/designsystemet-react';
import type { Call } from '../call/index.ts';
import { useLine, useWatchedLines } from '../lines/index.ts';
import { CommandButton } from '../shortcuts/index.ts';
import { useText, when } from '../text/index.ts';
import { numberOf, reachPerson } from './act.ts';
import { Hit } from './hits.tsx';
import { choose, useDirectory, type Suggested } from './store.ts';
import { availabilityOf, availabilityWords, colours } from './availability.ts';
import './suggestions.css';

const kinds = ['spokenTo', 'favourite', 'transferred'] as const;

/** What the empty search field offers: rows that arrows and Enter reach as they reach hits. */
export function Suggestions({ now }: { now: Date }) {
  const t = useText();
  const suggested = useDirectory((state) => state.suggested);
  const chosen = useDirectory((state) => state.chosen);
  useWatchedLines(suggested.flatMap(({ person }) => numberOf(person) ?? []));
  return (
    <div
      id="hits"
      className="hits suggested"
      role="listbox"
      aria-label={t.suggested.label}
      tabIndex={-1}
      data-testid="suggested"
    >
      {kinds.map((why) => {
        const some = suggested.filter((one) => one.why === why);
        if (some.length === 0) return null;
        return (
          <div key={why} role="group" aria-label={t.suggested[why]}>
            <p className="suggested-why s-small s-soft" aria-hidden>
              {t.suggested[why]}
            </p>
            {some.map((one) => (
              <div
                key={one.person.id}
                id={`hit-${suggested.indexOf(one)}`}
                role="option"
                tabIndex={-1}
                className="hit"
                aria-selected={one.person.id === chosen?.id}
                ref={one.person.id === chosen?.id ? intoView : undefined}
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => choose(one.person)}
                onKeyDown={undefined}
              >
                <Hit hit={{ person: one.person, matches: [] }} now={now} />
              </div>
            ))}
          </div>
        );
      })}
    </div>
  );
}

const intoView = (element: HTMLElement | null): void => element?.scrollIntoView({ block: 'nearest' });

/** Whom the caller of this call was last passed on to; undefined: nobody that is known. */
export function useLastSpoken(callId: string): Suggested | undefined {
  return useDirectory((state) =>
    state.suggestedFor === callId ? state.suggested.find((one) => one.why === 'spokenTo') : undefined,
  );
}

/** "Snakket sist med …" with the way there, which opens once the call is answered. */
export function LastSpoken({ call, last, now }: { call: Call; last: Suggested; now: Date }) {
  const t = useText();
  const { person } = last;
  const is = availabilityOf(person, useLine(numberOf(person)), now);
  useWatchedLines([numberOf(person)].filter((number) => number !== null));
  return (
    <div className="caller-last" data-testid="last-spoken">
      <span className="s-cut">
        <span className="s-soft">{t.suggested.spokenLast}</span> <strong>{person.name}</strong>
        {person.unit !== '' && `, ${person.unit}`} <span className="s-soft">{when(new Date(last.at), now, t)}</span>
      </span>
      <Tag data-color={colours[is.kind]}>{availabilityWords(is, now, t)}</Tag>
      <CommandButton
        action="lastSpoken"
        variant="tertiary"
        className="caller-find"
        aria-label={t.suggested.transferTo(person.name)}
        enabled={(call.phase === 'active' || call.phase === 'held') && numberOf(person) !== null}
        run={() => reachPerson('transfer', person)}
      >
        <ArrowForwardIcon aria-hidden />
        {t.suggested.transfer}
      </CommandButton>
    </div>
  );
}
