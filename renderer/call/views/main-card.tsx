import {
  ArrowForwardIcon,
  MicrophoneFillIcon,
  MicrophoneSlashFillIcon,
  PauseFillIcon,
  PhoneFillIcon,
  PhoneSlashFillIcon,
  PlayFillIcon,
} from '@navikt/aksel-icons';
import { Button, Tag } from '@digdir/designsystemet-react';
import { useCaller, whoCalls } from '../../caller/index.ts';
import { transferToChosen, useTransferTarget } from '../../directory/index.ts';
import { KeyButton, useCommand } from '../../shortcuts/index.ts';
import { duration, useText } from '../../text/index.ts';
import { CopyDetails, Swap, useNow } from '../../ui/index.ts';
import { engaged, ringingCall, telephone, useCalls, type Call, type CallsState } from '../index.ts';
import { doing, elapsed, lineTrouble } from './describe.ts';
import { Tones } from './tones.tsx';

/** The call that the hands are on. Its buttons are the same six, in the same places, whatever the state. */
export function MainCard({ call }: { call: Call | null }) {
  const t = useText();
  const live = call !== null && call.phase !== 'ended';
  const ringing = call?.phase === 'ringing';
  const talking = call?.phase === 'active' || call?.phase === 'held';
  const held = call?.phase === 'held';
  const somebodyRings = useCalls((state) => ringingCall(state) !== null);
  const anyLive = useCalls((state) => state.calls.some((other) => other.phase !== 'ended'));
  const transferTarget = useTransferTarget();

  useCommand('answer', () => telephone.answer(), somebodyRings);
  useCommand('hold', () => telephone.toggleHold(call?.id), talking);
  useCommand('mute', () => telephone.toggleMute(call?.id), call?.phase === 'active');
  useCommand('transfer', () => transferToChosen(), talking);
  useCommand('hangUp', () => telephone.hangUpOrReject(), anyLive);

  return (
    <section
      className="s-card calls-card calls-main"
      aria-label={t.calls.active}
      data-phase={call?.phase ?? 'none'}
      data-testid="main-card"
    >
      {call === null ? <NoCall /> : <Party call={call} />}
      <div className="calls-buttons">
        <KeyButton
          action="answer"
          data-color="success"
          run={() => telephone.answer(call?.id)}
          enabled={ringing}
          hint={!somebodyRings || ringing}
        >
          <PhoneFillIcon aria-hidden />
          {t.calls.answer}
        </KeyButton>
        <KeyButton
          action="hold"
          variant="secondary"
          data-color="neutral"
          run={() => telephone.toggleHold(call?.id)}
          enabled={talking}
        >
          {held ? <PlayFillIcon aria-hidden /> : <PauseFillIcon aria-hidden />}
          <Swap labels={[t.calls.hold, t.calls.resume]} shown={held ? 1 : 0} />
        </KeyButton>
        <KeyButton
          action="mute"
          variant="secondary"
          data-color="neutral"
          run={() => telephone.toggleMute(call?.id)}
          enabled={call?.phase === 'active'}
          data-on={call?.muted === true || undefined}
        >
          {call?.muted === true ? <MicrophoneFillIcon aria-hidden /> : <MicrophoneSlashFillIcon aria-hidden />}
          <Swap labels={[t.calls.mute, t.calls.unmute]} shown={call?.muted === true ? 1 : 0} />
        </KeyButton>
        <Tones enabled={call?.phase === 'active'} />
        <KeyButton
          action="transfer"
          run={() => transferToChosen()}
          enabled={talking}
          title={transferTarget === null ? t.calls.chooseTransfer : t.calls.transferTo(transferTarget)}
        >
          <ArrowForwardIcon aria-hidden />
          {t.calls.transfer}
        </KeyButton>
        <KeyButton
          action="hangUp"
          data-color="danger"
          run={() => (ringing ? telephone.reject(call.id) : telephone.hangUp(call?.id))}
          enabled={live}
          hint={!somebodyRings || ringing}
        >
          <PhoneSlashFillIcon aria-hidden />
          <Swap labels={[t.calls.hangUp, t.calls.reject]} shown={ringing ? 1 : 0} />
        </KeyButton>
      </div>
    </section>
  );
}

function NoCall() {
  const t = useText();
  const line = useCalls((state) => state.line);
  const ready = useCalls((state) => state.wantsReady);
  const fault = useCalls((state) => (state.fault !== null && state.fault.callId !== null ? state.fault : null));
  const trouble = lineTrouble(line, t);
  return (
    <>
      <p className="calls-head s-soft">{t.calls.none}</p>
      {fault !== null ? (
        <Fault fault={fault} />
      ) : (
        <p className="calls-line s-small s-soft" data-bad={(trouble !== null && line.kind !== 'connecting') || undefined}>
          <span className="s-cut" title={trouble ?? undefined}>
            {trouble ?? (ready ? t.calls.noneReady : t.calls.noneNotReady)}
          </span>
        </p>
      )}
    </>
  );
}

function Party({ call }: { call: Call }) {
  const t = useText();
  const now = useNow(500);
  const entry = useCaller(call.id);
  const who = whoCalls(call, entry, t);
  const state = doing(call, t);
  const fault = useCalls((all) => (all.fault !== null && all.fault.callId === call.id ? all.fault : null));
  return (
    <>
      <div className="calls-head">
        <h2 className="s-cut">
          {who.name} {who.number !== null && <span className="calls-number">{who.number}</span>}
          {who.possible > 0 && <span className="calls-number">{t.calls.possible(who.possible)}</span>}
        </h2>
        <span className="calls-timer" role="timer" aria-live="off">
          {call.phase === 'ended' ? t.note.wrapUp(elapsed(call, now)) : elapsed(call, now)}
        </span>
      </div>
      {fault !== null ? (
        <Fault fault={fault} />
      ) : (
        <p className="calls-line s-small">
          {state !== null && (
            <Tag data-color={state.tone === 'warn' ? 'warning' : 'neutral'} className="calls-state">
              {state.text}
            </Tag>
          )}
          {call.line !== null && <Tag data-color="info">{call.line}</Tag>}
          <span className="s-soft s-cut">
            {[
              call.waitedSeconds === null ? null : t.calls.waited(duration(call.waitedSeconds)),
              call.greeting === null || !(call.phase === 'ringing' || call.phase === 'answering' || engaged(call))
                ? null
                : t.calls.greeting(call.greeting),
            ]
              .filter((part) => part !== null)
              .join(' · ')}
          </span>
        </p>
      )}
    </>
  );
}

function Fault({ fault }: { fault: NonNullable<CallsState['fault']> }) {
  const t = useText();
  const words = t.calls.fault[fault.code];
  return (
    <p className="calls-line s-small" data-bad role="alert">
      <span className="s-cut" title={words}>
        {words}
      </span>
      <CopyDetails details={`${fault.code}\n${fault.reason}`} />
      <Button variant="tertiary" data-color="neutral" onClick={() => telephone.dismissFault()}>
        {t.calls.dismiss}
      </Button>
    </p>
  );
}
