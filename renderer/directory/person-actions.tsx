import { FilesIcon, StarFillIcon, StarIcon } from '@navikt/aksel-icons';
import type { Person } from '#contract';
import { Button } from '@digdir/designsystemet-react';
import { preferencesOf, useSettings } from '../settings/index.ts';
import { formatNumber, useText } from '../text/index.ts';
import { numberOf } from './act.ts';
import { copy, setFavourite, useTemplates, write } from './around.ts';

/** Whether a template can reach the person at all. */
const reaches = (person: Person, kind: 'mail' | 'sms') =>
  kind === 'mail' ? person.email !== null : person.numbers.some((number) => number.kind === 'mobile');

/** The helpdesk's messages that can reach the person; each opens in the agent's own program. */
export function MessagesFact({ person }: { person: Person }) {
  const t = useText();
  const language = useSettings((state) => preferencesOf(state)?.language ?? 'nb');
  const templates = useTemplates().filter(({ kind }) => reaches(person, kind));
  if (templates.length === 0) return null;
  return (
    <>
      <dt>{t.directory.write}</dt>
      <dd className="card-numbers">
        {templates.map(({ id, name }) => (
          <Button key={id} variant="tertiary" className="card-number" onClick={() => void write(id, person)}>
            {name[language]}
          </Button>
        ))}
      </dd>
    </>
  );
}

/** Copy and favourite, beside the name. */
export function PersonActions({ person }: { person: Person }) {
  const t = useText();
  const number = numberOf(person);
  return (
    <div className="card-more">
      {number !== null && (
        <Button
          icon
          variant="tertiary"
          data-color="neutral"
          aria-label={t.directory.copyNumber(formatNumber(number))}
          onClick={() => void copy(formatNumber(number))}
        >
          <FilesIcon aria-hidden />
        </Button>
      )}
      <Button
        icon
        variant="tertiary"
        data-color="neutral"
        aria-label={t.directory.favourite}
        aria-pressed={person.favourite}
        onClick={() => void setFavourite(person, !person.favourite)}
      >
        {person.favourite ? <StarFillIcon aria-hidden /> : <StarIcon aria-hidden />}
      </Button>
    </div>
  );
}
