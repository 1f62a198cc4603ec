import type { SearchHit } from '#contract';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import { useLine, useWatchedLines } from '../lines/index.ts';
import { formatNumber, useText } from '../text/index.ts';
import { Marked, Spot } from '../ui/index.ts';
import { numberOf } from './act.ts';
import { availabilityOf, availabilityWords } from './availability.ts';
import { choose, searchMore, useDirectory } from './store.ts';
import { howWords, keywordsOf, nicknamesOf, rangesOf } from './words.ts';

/** A hit's height in rem (theme.css: --s-hit). */
const HIT_REM = 4.375;
const rem = (): number => parseFloat(getComputedStyle(document.documentElement).fontSize);

/** The hits; only those in view are in the document. */
export function Hits({ now }: { now: Date }) {
  const t = useText();
  const hits = useDirectory((state) => state.hits);
  const total = useDirectory((state) => state.total);
  const chosen = useDirectory((state) => state.chosen);
  const box = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: hits.length,
    getScrollElement: () => box.current,
    estimateSize: () => HIT_REM * rem(),
    overscan: 4,
    getItemKey: (index) => hits[index]?.person.id ?? index,
  });
  const at = hits.findIndex((hit) => hit.person.id === chosen?.id);
  const shown = rows.getVirtualItems();
  useWatchedLines(shown.map((row) => hits[row.index]?.person).flatMap((person) => (person ? (numberOf(person) ?? []) : [])));
  const last = shown.at(-1)?.index ?? 0;

  useEffect(() => {
    if (at >= 0) rows.scrollToIndex(at, { align: 'auto' });
    // Only when the choice moves: scrolling by hand is left alone.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [at]);
  useEffect(() => {
    if (last >= hits.length - 5) searchMore();
  }, [last, hits.length]);

  return (
    <div ref={box} id="hits" className="hits" role="listbox" aria-label={t.directory.results} tabIndex={-1} data-testid="hits">
      <div className="hits-all" role="presentation" style={{ height: rows.getTotalSize() }}>
        {shown.map((row) => {
          const hit = hits[row.index];
          if (hit === undefined) return null;
          return (
            <div
              key={row.key}
              id={`hit-${row.index}`}
              role="option"
              tabIndex={-1}
              className="hit"
              aria-selected={row.index === at}
              aria-setsize={total}
              aria-posinset={row.index + 1}
              style={{ transform: `translateY(${row.start}px)` }}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => choose(hit.person)}
              onKeyDown={undefined}
            >
              <Hit hit={hit} now={now} />
            </div>
          );
        })}
      </div>
    </div>
  );
}

function Hit({ hit, now }: { hit: SearchHit; now: Date }) {
  const t = useText();
  const { person } = hit;
  const is = availabilityOf(person, useLine(numberOf(person)), now);
  const how = howWords(hit, t);
  const unit = person.agency === '' || person.agency === person.unit ? null : person.agency;
  const number = hit.matches.find((match) => match.field === 'number')?.text ?? numberOf(person);
  return (
    <>
      <Spot kind={is.kind} />
      <span className="hit-main">
        <span className="s-cut">
          <strong>
            <Marked text={person.name} ranges={rangesOf(hit, 'name', person.name)} />
          </strong>{' '}
          {nicknamesOf(hit).map((name) => (
            <span key={name}>
              «
              <Marked text={name} ranges={rangesOf(hit, 'name', name)} />»{' '}
            </span>
          ))}
          <span className="s-soft">
            <Marked text={person.title} ranges={rangesOf(hit, 'title', person.title)} />
          </span>
        </span>
        <span className="s-cut s-soft">
          <Marked text={person.unit} ranges={rangesOf(hit, 'unit', person.unit)} />
          {unit !== null && `, ${unit}`}
        </span>
        <span className="s-cut s-small hit-words">
          {how.length > 0 && <span className="hit-how">{how.join(', ')} </span>}
          {keywordsOf(hit).map((word) => (
            <span key={word}>
              <Marked text={word} ranges={rangesOf(hit, 'keyword', word)} />{' '}
            </span>
          ))}
        </span>
      </span>
      <span className="hit-end">
        <span className="s-small" data-kind={is.kind}>
          {availabilityWords(is, now, t)}
        </span>
        <span className="s-small s-soft">{number === null ? '' : formatNumber(number)}</span>
      </span>
    </>
  );
}
