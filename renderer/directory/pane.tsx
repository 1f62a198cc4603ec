import { MagnifyingGlassIcon, XMarkIcon } from '@navikt/aksel-icons';
import { Button, Input } from '@digdir/designsystemet-react';
import { Key, useCommand } from '../shortcuts/index.ts';
import { count, dialable, formatNumber, useText } from '../text/index.ts';
import { Empty, useNow } from '../ui/index.ts';
import { consultChosen, focusBack, focusSearch, reach, reachChosen, useTransferable } from './act.ts';
import { PersonCard } from './card.tsx';
import { AbsenceGuard } from './guard.tsx';
import { Hits } from './hits.tsx';
import { choose, move, search, useDirectory } from './store.ts';
import { copyAge } from './words.ts';
import './directory.css';

/** One field, the hits, the chosen person: the same with and without a call. */
export function DirectoryPane() {
  const t = useText();
  const now = useNow(30_000);
  const query = useDirectory((state) => state.query);
  const hits = useDirectory((state) => state.hits);
  const total = useDirectory((state) => state.total);
  const status = useDirectory((state) => state.status);
  const chosen = useDirectory((state) => state.chosen);
  const failed = useDirectory((state) => state.failed);
  const asked = useDirectory((state) => state.asked);
  useCommand('search', focusSearch);
  useCommand('hitTransfer', reachChosen, chosen !== null && asked === null);
  useCommand('hitConsult', consultChosen, chosen !== null && asked === null);
  useCommand('hitBack', focusBack);
  const age = status === null ? null : copyAge(status, now, t);
  const at = hits.findIndex((hit) => hit.person.id === chosen?.id);

  return (
    <section className="directory s-card" aria-label={t.directory.label} data-keys="directory" data-testid="directory">
      <div className="directory-top">
        <div className="directory-field">
          <MagnifyingGlassIcon aria-hidden className="directory-glass" />
          <Input
            id="search"
            type="text"
            role="combobox"
            aria-label={t.directory.search}
            aria-expanded={hits.length > 0}
            aria-controls="hits"
            aria-autocomplete="list"
            aria-activedescendant={at < 0 ? undefined : `hit-${at}`}
            placeholder={t.directory.placeholder}
            autoComplete="off"
            spellCheck={false}
            maxLength={200}
            value={query}
            onChange={(event) => {
              choose(null);
              void search(event.target.value);
            }}
            onKeyDown={(event) => {
              if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
              const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 5, PageUp: -5 }[event.key];
              if (step === undefined) return;
              event.preventDefault();
              move(step);
            }}
          />
          {query === '' ? (
            <Key action="search" />
          ) : (
            <Button
              icon
              variant="tertiary"
              data-color="neutral"
              className="directory-clear"
              aria-label={t.directory.clear}
              onClick={() => {
                choose(null);
                void search('');
                focusSearch();
              }}
            >
              <XMarkIcon aria-hidden />
            </Button>
          )}
        </div>
        <p className="directory-status s-small s-soft" data-testid="directory-status">
          {failed ? t.directory.failed : query.trim() !== '' && `${t.directory.hits(count(total))} · `}
          {!failed && hits.length > 0 && <span className="directory-fields">{t.directory.fields} · </span>}
          {!failed && age !== null && <span data-stale={age.stale || undefined}>{age.text}</span>}
        </p>
      </div>
      {hits.length > 0 ? (
        <Hits now={now} />
      ) : (
        <div className="directory-none">
          {query.trim() === '' ? (
            <Empty title={t.directory.start}>{t.directory.startHelp}</Empty>
          ) : (
            status !== null && <NoHits query={query} />
          )}
        </div>
      )}
      {chosen !== null && <PersonCard person={chosen} now={now} />}
      {asked !== null && <AbsenceGuard person={asked.person} wanted={asked.wanted} now={now} />}
    </section>
  );
}

/** Nobody found; a number can be reached all the same. */
function NoHits({ query }: { query: string }) {
  const t = useText();
  const number = dialable(query);
  const transfer = useTransferable();
  return (
    <>
      <Empty title={t.directory.noHits}>{t.directory.noHitsHelp}</Empty>
      {number !== null && /\d{3}/.test(number) && (
        <div className="directory-number">
          <Button
            variant="secondary"
            onClick={() => reach(transfer ? 'transfer' : 'call', { number, name: formatNumber(number), personId: null })}
          >
            {transfer ? t.directory.transfer : t.directory.call} {formatNumber(number)}
          </Button>
        </div>
      )}
    </>
  );
}
