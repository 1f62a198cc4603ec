import { PhoneFillIcon } from '@navikt/aksel-icons';
import { Button, Input } from '@digdir/designsystemet-react';
import { Key, useCommand } from '../../shortcuts/index.ts';
import { readNumber, useText } from '../../text/index.ts';
import { telephone, useCalls } from '../index.ts';
import { focusDial, setDial, useDial } from './dial.ts';

/** A number to call: always there, so that nothing moves and no caret is lost when somebody rings. */
export function DialCard() {
  const t = useText();
  const typed = useDial();
  const fault = useCalls((state) => (state.fault !== null && state.fault.callId === null ? state.fault.code : null));
  const read = readNumber(typed);
  const number = read.ok ? read.number : null;
  // One sign is only a beginning.
  const wrong = !read.ok && read.why !== 'empty' && (read.why !== 'length' || typed.trim().length > 1) ? read.why : null;
  useCommand('dial', focusDial);
  useCommand('redial', () => {
    if (!telephone.redial()) focusDial();
  });

  const dial = () => {
    if (number === null) return;
    telephone.dial(number);
    setDial('');
  };
  const problem = fault !== null ? t.calls.fault[fault] : wrong !== null ? t.calls.dialProblem[wrong] : null;

  return (
    <form
      className="s-card calls-card calls-dial"
      aria-label={t.calls.dialLabel}
      onSubmit={(event) => {
        event.preventDefault();
        dial();
      }}
    >
      <label className="calls-head" htmlFor="dial">
        {t.calls.dialLabel} <Key action="dial" />
      </label>
      <p className="calls-line s-small s-soft" id="dial-hint" data-bad={problem !== null || undefined} aria-live="polite">
        <span className="s-cut" title={problem ?? undefined}>
          {problem ?? t.calls.dialHint}
        </span>
      </p>
      <div className="calls-buttons">
        <Input
          id="dial"
          className="s-grow"
          type="tel"
          autoComplete="off"
          placeholder="22 05 10 14"
          aria-describedby="dial-hint"
          aria-invalid={wrong !== null || undefined}
          value={typed}
          onChange={(event) => setDial(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') setDial('');
          }}
        />
        <Button type="submit" variant="secondary" data-color="neutral" aria-disabled={number === null || undefined}>
          <PhoneFillIcon aria-hidden />
          {t.calls.dial}
        </Button>
      </div>
    </form>
  );
}
