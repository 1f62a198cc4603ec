import { HashtagIcon } from '@navikt/aksel-icons';
import { Button } from '@digdir/designsystemet-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useText } from '../../text/index.ts';
import { telephone } from '../index.ts';

const digits = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'];

/** Keypad tones into the call: by mouse, or by typing while the keypad has the focus. */
export function Tones({ enabled }: { enabled: boolean }) {
  const t = useText();
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const shown = open && enabled;
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
        <Keypad
          onClose={() => {
            setOpen(false);
            button.current?.focus();
          }}
        />
      )}
    </div>
  );
}

function send(digit: string): string {
  telephone.sendDigits(digit);
  return digit;
}

function Keypad({ onClose }: { onClose: () => void }) {
  const t = useText();
  const [sent, setSent] = useState('');
  const pad = useRef<HTMLDivElement>(null);
  const close = useRef(onClose);
  const press = useCallback((digit: string) => {
    const added = send(digit);
    setSent((before) => (before + added).slice(-16));
  }, []);

  useEffect(() => {
    close.current = onClose;
  });
  useEffect(() => {
    const element = pad.current;
    element?.querySelector('button')?.focus();
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key === 'Escape') {
        event.stopPropagation();
        close.current();
      } else if (/^[0-9*#]$/.test(event.key) && !event.ctrlKey && !event.metaKey && !event.repeat) press(event.key);
    };
    element?.addEventListener('keydown', onKeyDown);
    return () => element?.removeEventListener('keydown', onKeyDown);
  }, [press]);

  return (
    <div ref={pad} className="tones-pad s-card" role="group" aria-label={t.calls.tonesLabel}>
      <output className="tones-sent">{sent}</output>
      {digits.map((digit) => (
        <Button key={digit} variant="secondary" data-color="neutral" onClick={() => press(digit)}>
          {digit}
        </Button>
      ))}
    </div>
  );
}
