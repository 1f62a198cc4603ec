import { Button } from '@digdir/designsystemet-react';
import { useEffect, useRef, useState } from 'react';
import { useCaller, whoCalls } from '../../caller/index.ts';
import { duration, useText } from '../../text/index.ts';
import { useNow } from '../../ui/index.ts';
import { telephone, type Call } from '../index.ts';

/** The calls that have no card, behind a button that says how many: each can be taken and ended. */
export function Rest({ calls }: { calls: readonly Call[] }) {
  const t = useText();
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLSpanElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const shown = open && calls.length > 0;

  useEffect(() => {
    const element = box.current;
    if (!shown || element === null) return undefined;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      setOpen(false);
      button.current?.focus();
    };
    element.addEventListener('keydown', onKeyDown);
    return () => element.removeEventListener('keydown', onKeyDown);
  }, [shown]);

  if (calls.length === 0) return null;
  return (
    <span ref={box} className="rest">
      <Button ref={button} variant="tertiary" data-color="neutral" aria-expanded={shown} onClick={() => setOpen(!open)}>
        {t.calls.more(calls.length)}
      </Button>
      {shown && (
        <ul className="rest-list s-card" aria-label={t.calls.others}>
          {calls.map((call) => (
            <One key={call.id} call={call} />
          ))}
        </ul>
      )}
    </span>
  );
}

function One({ call }: { call: Call }) {
  const t = useText();
  const now = useNow(500);
  const { name } = whoCalls(call, useCaller(call.id), t);
  const rings = call.phase === 'ringing';
  const since = call.heldAt ?? call.startedAt;
  return (
    <li>
      <span className="s-grow s-cut">
        <strong>{name}</strong>{' '}
        <span className="s-soft">
          {t.calls.phase[call.phase]} {duration((now.getTime() - since) / 1000)}
        </span>
      </span>
      <Button
        variant="secondary"
        aria-label={`${rings ? t.calls.answer : t.calls.resume}: ${name}`}
        onClick={() => (rings ? telephone.answer(call.id) : telephone.toggleHold(call.id))}
      >
        {rings ? t.calls.answer : t.calls.resume}
      </Button>
      <Button
        variant="tertiary"
        data-color="danger"
        aria-label={`${rings ? t.calls.reject : t.calls.hangUp}: ${name}`}
        onClick={() => (rings ? telephone.reject(call.id) : telephone.hangUp(call.id))}
      >
        {rings ? t.calls.reject : t.calls.hangUp}
      </Button>
    </li>
  );
}
