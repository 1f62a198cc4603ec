import { InformationSquareIcon, XMarkIcon } from '@navikt/aksel-icons';
import { Button } from '@digdir/designsystemet-react';
import { useText } from '../text/index.ts';
import { CopyDetails } from '../ui/index.ts';
import { dismissNotice, useSettings } from './store.ts';

/** What the agent must be told once. */
export function Notices() {
  const t = useText();
  const notices = useSettings((state) => state.notices);
  if (notices.length === 0) return null;
  return (
    <ul className="notices" aria-label={t.bar.label}>
      {notices.map((notice) => (
        <li key={`${notice.code}${notice.details}`} className="notice">
          <InformationSquareIcon aria-hidden />
          <span className="s-grow">{t.notices[notice.code]}</span>
          <CopyDetails details={`${notice.code}\n${notice.details}`} />
          <Button icon variant="tertiary" data-color="neutral" aria-label={t.app.close} onClick={() => dismissNotice(notice)}>
            <XMarkIcon aria-hidden />
          </Button>
        </li>
      ))}
    </ul>
  );
}
