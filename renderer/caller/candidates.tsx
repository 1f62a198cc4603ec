import { Button } from '@digdir/designsystemet-react';
import { formatNumber, useText } from '../text/index.ts';
import { chooseContact, chooseNobody, type CallerEntry } from './store.ts';

/** Several may be calling: each with the reason why, and nobody guessed. */
export function Candidates({ entry }: { entry: CallerEntry }) {
  const t = useText();
  const pop = entry.pop;
  if (pop === null) return null;
  return (
    <>
      <ul className="candidates" aria-label={t.caller.several}>
        {pop.candidates.map(({ contact, reason }) => {
          const open = pop.cases.filter((one) => one.contactId === contact.id && one.status !== 'closed');
          const number = formatNumber(reason.number);
          return (
            <li key={contact.id} className="candidate">
              <div className="s-grow">
                <p className="s-cut">
                  <strong>{contact.name}</strong> <span className="s-soft">{contact.address}</span>
                </p>
                <p className="s-cut s-soft">
                  {reason.kind === 'number' ? t.caller.reasonNumber(number) : t.caller.reasonShared(number)}
                  {open.length > 0 && ` · ${t.caller.open}: ${open.map((one) => one.subject).join(', ')}`}
                </p>
              </div>
              <Button
                variant="secondary"
                aria-label={`${t.caller.choose} ${contact.name}`}
                onClick={() => chooseContact(entry.callId, contact.id)}
              >
                {t.caller.choose}
              </Button>
            </li>
          );
        })}
      </ul>
      <div className="candidates-none">
        <Button variant="tertiary" data-color="neutral" onClick={() => chooseNobody(entry.callId)}>
          {t.caller.none}
        </Button>
      </div>
    </>
  );
}
