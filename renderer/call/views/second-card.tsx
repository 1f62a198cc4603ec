import { ArrowRightLeftIcon, PhoneFillIcon } from '@navikt/aksel-icons';
import { Button, Tag } from '@digdir/designsystemet-react';
import { useCaller, whoCalls } from '../../caller/index.ts';
import { KeyButton, keyLabel, useBindings } from '../../shortcuts/index.ts';
import { clock, duration, useText } from '../../text/index.ts';
import { useNow } from '../../ui/index.ts';
import { ringingCall, telephone, useCalls, type Call } from '../index.ts';

/** Who rings or waits beside the call in hand. */
export function SecondCard({ call, more, alone }: { call: Call | null; more: number; alone: boolean }) {
  const t = useText();
  return (
    <section
      className="s-card calls-card calls-second"
      aria-label={t.calls.second}
      data-phase={call?.phase ?? 'none'}
      data-testid="second-card"
    >
      {call === null ? <Nobody alone={alone} /> : <Other call={call} more={more} />}
    </section>
  );
}

function Nobody({ alone }: { alone: boolean }) {
  const t = useText();
  const line = useCalls((state) => state.line);
  const registered = line.kind === 'registered';
  return (
    <>
      <p className="calls-head s-soft">{alone && registered ? t.calls.noSecond : t.calls.noSecondMore}</p>
      {alone && registered && (
        <p className="calls-line s-small s-soft">
          {t.bar.lineRegistered} {t.bar.since(clock(new Date(line.since)))}
        </p>
      )}
    </>
  );
}

function Other({ call, more }: { call: Call; more: number }) {
  const t = useText();
  const now = useNow(500);
  const entry = useCaller(call.id);
  const who = whoCalls(call, entry, t);
  const { bindings } = useBindings();
  const guarded = useCalls((state) => state.guard?.callId === call.id);
  const first = useCalls((state) => ringingCall(state)?.id === call.id);
  const rings = call.phase === 'ringing';
  const since = (now.getTime() - (call.answeredAt ?? call.startedAt)) / 1000;
  return (
    <>
      <div className="calls-head">
        <h2 className="s-cut">
          {who.name} {who.number !== null && <span className="calls-number">{who.number}</span>}
          {who.possible > 0 && <span className="calls-number">{t.calls.possible(who.possible)}</span>}
        </h2>
        <span className="calls-since" role="timer" aria-live="off" title={rings ? t.calls.rings(duration(since)) : undefined}>
          {duration(since)}
        </span>
      </div>
      {guarded ? (
        <p className="calls-line s-small" data-bad role="alert">
          {t.calls.rejectAgain(keyLabel(bindings.hangUp))}
        </p>
      ) : (
        <p className="calls-line s-small">
          {!rings && <Tag data-color="warning">{t.calls.phase[call.phase]}</Tag>}
          {call.line !== null && (
            <Tag data-color={rings ? 'warning' : 'info'} className="s-cut calls-second-line" title={call.line}>
              {call.line}
            </Tag>
          )}
          <span className="s-soft s-cut">
            {[
              more > 0 ? t.calls.more(more) : null,
              rings && call.waitedSeconds !== null ? t.calls.waited(duration(call.waitedSeconds)) : null,
            ]
              .filter((part) => part !== null)
              .join(' · ')}
          </span>
        </p>
      )}
      <div className="calls-buttons">
        {rings ? (
          <>
            <KeyButton action="answer" data-color="success" run={() => telephone.answer(call.id)} hint={first}>
              <PhoneFillIcon aria-hidden />
              {t.calls.answer}
            </KeyButton>
            <KeyButton
              action="hangUp"
              variant="secondary"
              data-color="danger"
              run={() => telephone.reject(call.id)}
              hint={first}
            >
              {t.calls.reject}
            </KeyButton>
          </>
        ) : (
          <>
            <Button
              variant="secondary"
              aria-disabled={call.phase !== 'held' || undefined}
              onClick={() => telephone.toggleHold(call.id)}
            >
              <ArrowRightLeftIcon aria-hidden />
              {t.calls.resume}
            </Button>
            <Button variant="secondary" data-color="danger" onClick={() => telephone.hangUp(call.id)}>
              {t.calls.hangUp}
            </Button>
          </>
        )}
      </div>
    </>
  );
}
