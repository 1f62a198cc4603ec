import { PhoneFillIcon } from '@navikt/aksel-icons';
import { Button, Tag } from '@digdir/designsystemet-react';
import { useState } from 'react';
import { bridge } from '../bridge.ts';
import { useSettings } from '../settings/index.ts';
import { useText } from '../text/index.ts';

/** Says that all is made up, and offers a caller. Only on the embedded demo. */
export function DemoBanner() {
  const t = useText();
  const demo = useSettings((state) => state.session?.demo === true);
  const [failed, setFailed] = useState(false);
  if (!demo) return null;
  return (
    <div className="bar-demo" role="group" aria-label={t.demo.label}>
      <Tag data-color="brand2" className="s-cut">
        {t.demo.about}
      </Tag>
      <Button
        variant="secondary"
        className="bar-small"
        data-testid="demo-call"
        onClick={() => {
          void bridge.call('demo.call', null).then((answer) => setFailed(!answer.ok));
        }}
      >
        <PhoneFillIcon aria-hidden />
        {t.demo.call}
      </Button>
      <span role="status" className="note-bad s-cut">
        {failed ? t.demo.failed : ''}
      </span>
    </div>
  );
}
