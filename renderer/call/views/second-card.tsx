import { PhoneFillIcon, PhoneSlashFillIcon } from '@navikt/aksel-icons';
import { Button, Tag } from '@digdir/designsystemet-react';
import { useLayoutEffect, useRef } from 'react';
import { useCaller, whoCalls } from '../../caller/index.ts';
import { Key, KeyButton, keyLabel, useBindings } from '../../shortcuts/index.ts';
import { clock, duration, useText } from '../../text/index.ts';
import { Swap, useNow } from '../../ui/index.ts';
import { conference, ringingCall, telephone, useCalls, type Call } from '../index.ts';
import { partnerOf } from '../together.ts';
import { cameBack } from './describe.ts';
import { Rest } from './rest.tsx';

/** A click that comes so soon (ms) after one call took another's place was meant for the other. */
const MEANT_FOR_ANOTHER = 400;

/** Who rings or waits beside the call in hand. */
export function SecondCard({ call, rest, alone }: { call: Call | null; rest: readonly Call[]; alone: boolean }) {
  const t = useText();
  return (
    <section
      className="s-card calls-card calls-second"
      aria-label={t.calls.second}
      data-phase={call?.phase ?? 'none'}
      data-testid="second-card"
    >
      {call === null ? <Nobody alone={alone} /> : <Other call={call} rest={rest} />}
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

function Other({ call, rest }: { call: Call; rest: readonly Call[] }) {
  const t = useText();
  const now = useNow(500);
  const entry = useCaller(call.id);
  const who = whoCalls(call, entry, t);
  const { bindings } = useBindings();
  const guarded = useCalls((state) => state.guard?.callId === call.id);
  const first = useCalls((state) => ringingCall(state)?.id === call.id);
  const rings = call.phase === 'ringing';
  const since = (now.getTime() - (call.heldAt ?? call.answeredAt ?? call.startedAt)) / 1000;
  const together = useCalls((state) => conference(state) !== null);
  const partner = useCalls((state) => partnerOf(state)?.id === call.id);
  const meant = useMeant(call.id);
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
          {!rings && (
            <Tag
              data-color={call.phase === 'held' ? 'warning' : 'neutral'}
              className={call.transferRefused ? 's-cut' : undefined}
              title={call.transferRefused ? cameBack(call, t) : undefined}
            >
              {call.transferRefused ? cameBack(call, t) : t.calls.phase[call.phase]}
            </Tag>
          )}
          {call.line !== null && (
            <Tag data-color={rings ? 'warning' : 'info'} className="s-cut calls-second-line" title={call.line}>
              {call.line}
            </Tag>
          )}
          <span className="s-soft s-cut">
            {rings && call.waitedSeconds !== null ? t.calls.waited(duration(call.waitedSeconds)) : null}
          </span>
          <Rest calls={rest} />
        </p>
      )}
      <div className="calls-buttons">
        {rings ? (
          <>
            <KeyButton
              action="answer"
              data-color="success"
              run={() => {
                if (meant()) telephone.answer(call.id);
              }}
              hint={first}
            >
              <PhoneFillIcon aria-hidden />
              {t.calls.answer}
            </KeyButton>
            <KeyButton
              action="hangUp"
              variant="secondary"
              data-color="danger"
              run={() => {
                if (meant()) telephone.reject(call.id);
              }}
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
              onClick={() => {
                if (call.phase === 'held' && meant()) telephone.toggleHold(call.id);
              }}
            >
              {t.calls.swap}
              <Key action="swap" hidden={!partner} />
            </Button>
            <Button
              variant="secondary"
              data-color="neutral"
              aria-disabled={!(partner || together) || undefined}
              onClick={() => {
                if (!meant()) return;
                if (together) telephone.part();
                else telephone.merge();
              }}
            >
              <Swap labels={[t.calls.merge, t.calls.part]} shown={together ? 1 : 0} />
            </Button>
            <Button
              icon
              variant="secondary"
              data-color="danger"
              aria-label={`${t.calls.hangUp}: ${who.name}`}
              title={t.calls.hangUp}
              onClick={() => {
                if (meant()) telephone.hangUp(call.id);
              }}
            >
              <PhoneSlashFillIcon aria-hidden />
            </Button>
          </>
        )}
      </div>
    </>
  );
}

/** Asks whether a click is meant for the call that is here now: not for the one whose place it has just taken. */
function useMeant(callId: string): () => boolean {
  const here = useRef(callId);
  const since = useRef(-Infinity);
  useLayoutEffect(() => {
    if (here.current === callId) return;
    here.current = callId;
    since.current = performance.now();
  }, [callId]);
  return () => performance.now() - since.current > MEANT_FOR_ANOTHER;
}
