import { HashtagIcon } from '@navikt/aksel-icons';
import { Button } from '@digdir/designsystemet-react';
import { useEffect, useRef, useState } from 'react';
import { useText } from '../../text/index.ts';
import { telephone } from '../index.ts';

const digits = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'];

/** Keypad tones into the call: by mouse, or by typing while the keypad has the focus. */
export function Tones({ enabled }: { enabled: boolean }) {
  const t = useText();
  const [open, setOpen] = useState(false);
  const [sent, setSent] = useState('');
  const pad = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const shown = open && enabled;

  useEffect(() => {
    if (!shown) return;
    setSent('');
    pad.current?.querySelector('button')?.focus();
  }, [shown]);

  const send = (digit: string) => {
    telephone.sendDigits(digit);
    setSent((before) => (before + digit).slice(-16));
  };

  return (
    <div className="tones">
      <Button
        ref={button}
        variant="secondary"
        data-color="neutral"
        aria-disabled={enabled ? undefined : true}
        aria-expanded={shown}
        data-action="tones"
        onClick={() => {
          if (enabled) setOpen(!open);
        }}
      >
        <HashtagIcon aria-hidden />
        {t.calls.tones}
      </Button>
      {shown && (
        <div
          ref={pad}
          className="tones-pad s-card"
          role="group"
          aria-label={t.calls.tonesLabel}
          onKeyDown={(event) => {
            if (event.key === 'Escape') {
              event.stopPropagation();
              setOpen(false);
              button.current?.focus();
            } else if (/^[0-9*#]$/.test(event.key) && !event.ctrlKey && !event.metaKey) send(event.key);
          }}
        >
          <output className="tones-sent">{sent}</output>
          {digits.map((digit) => (
            <Button key={digit} variant="secondary" data-color="neutral" onClick={() => send(digit)}>
              {digit}
            </Button>
          ))}
        </div>
      )}
    </div>
  );
}
