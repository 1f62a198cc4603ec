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
import { useMemo } from 'react';
import { callerOf, useCaller, whoCalls } from '../../caller/index.ts';
import { consultChosen, transferToChosen, useTransferTarget } from '../../directory/index.ts';
import { Key, KeyButton, useCommand } from '../../shortcuts/index.ts';
import { duration, useText } from '../../text/index.ts';
import { CopyDetails, Swap, useNow } from '../../ui/index.ts';
import {
  callsStore,
  conference,
  consultation,
  engaged,
  ringingCall,
  telephone,
  useCalls,
  type Call,
  type CallsState,
} from '../index.ts';
import { doing, elapsed, lineTrouble } from './describe.ts';
import { Tones } from './tones.tsx';

/** The call that the hands are on. Its buttons are the same six, in the same places, whatever the state. */
export function MainCard({ call }: { call: Call | null }) {
  const t = useText();
  const live = call !== null && call.phase !== 'ended';
  const ringing = call?.phase === 'ringing';
  const talking = call?.phase === 'active' || call?.phase === 'held';
  const together = call?.phase === 'conference';
  const heard = call?.phase === 'active' || together;
  // What the hold button does is said on it: also out of a transfer that nobody has answered yet.
  const out = call?.phase === 'joined' || call?.transferLeg?.answered === false;
  const holdable = talking || together || out;
  const holdLabel = together ? 2 : call?.phase === 'held' || out ? 1 : 0;
  const joinable = useCalls((state) => conference(state) !== null || consultation(state) !== null);
  const somebodyRings = useCalls((state) => ringingCall(state) !== null);
  const anyLive = useCalls((state) => state.calls.some((other) => other.phase !== 'ended'));
  const transferTarget = useTransferTarget();

  useCommand('answer', () => telephone.answer(), somebodyRings);
  const passOn = () => (joinable ? telephone.completeConsult() : transferToChosen());
  const refused = call?.transferRefused === true ? call.transferTarget : null;
  const voicemail = refused === null ? null : telephone.voicemailOf(refused.number);
  useCommand('hold', () => telephone.toggleHold(call?.id), holdable);
  useCommand('mute', () => telephone.toggleMute(call?.id), heard);
  useCommand('transfer', passOn, talking || joinable);
  useCommand('consult', consultChosen, talking && !joinable);
  useCommand('swap', () => telephone.swap());
  useCommand('merge', () => (conference(callsStore.getState()) === null ? telephone.merge() : telephone.part()));
  useCommand('nextCall', () => telephone.nextCall());
  useCommand(
    'voicemail',
    () => {
      if (refused !== null) telephone.transferToVoicemail(refused, call?.id);
    },
    voicemail !== null,
  );
  useCommand('hangUp', () => telephone.hangUpOrReject(), anyLive);

  return (
    <section
      className="s-card calls-card calls-main"
      aria-label={t.calls.active}
      data-phase={call?.phase ?? 'none'}
      data-testid="main-card"
    >
      {call === null ? <NoCall /> : <Party call={call} voicemail={voicemail !== null} />}
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
          enabled={holdable}
        >
          {holdLabel === 1 ? <PlayFillIcon aria-hidden /> : <PauseFillIcon aria-hidden />}
          <Swap labels={[t.calls.hold, t.calls.resume, t.calls.part]} shown={holdLabel} />
        </KeyButton>
        <KeyButton
          action="mute"
          variant="secondary"
          data-color="neutral"
          run={() => telephone.toggleMute(call?.id)}
          enabled={heard}
          data-on={call?.muted === true || undefined}
        >
          {call?.muted === true ? <MicrophoneFillIcon aria-hidden /> : <MicrophoneSlashFillIcon aria-hidden />}
          <Swap labels={[t.calls.mute, t.calls.unmute]} shown={call?.muted === true ? 1 : 0} />
        </KeyButton>
        <Tones enabled={call?.phase === 'active'} />
        <KeyButton
          action="transfer"
          run={passOn}
          enabled={talking || joinable}
          title={joinable ? undefined : transferTarget === null ? t.calls.chooseTransfer : t.calls.transferTo(transferTarget)}
        >
          <ArrowForwardIcon aria-hidden />
          <Swap labels={[t.calls.transfer, t.calls.complete]} shown={joinable ? 1 : 0} />
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

function Party({ call, voicemail }: { call: Call; voicemail: boolean }) {
  const t = useText();
  const now = useNow(500);
  const entry = useCaller(call.id);
  const who = whoCalls(call, entry, t);
  const calls = useCalls((all) => all.calls);
  const pair = useMemo(() => conference({ calls }) ?? consultation({ calls }), [calls]);
  const name = (one: Call) => whoCalls(one, callerOf(one.id), t).name;
  const state = doing(call, t, pair === null ? null : { caller: name(pair.caller), other: name(pair.other) });
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
            <Tag
              data-color={state.tone === 'warn' ? 'warning' : 'neutral'}
              className={call.transferRefused || pair !== null ? 's-cut' : 'calls-state'}
              title={state.text}
            >
              {state.text}
            </Tag>
          )}
          {voicemail && (
            <Button
              variant="tertiary"
              onClick={() => {
                if (call.transferTarget !== null) telephone.transferToVoicemail(call.transferTarget, call.id);
              }}
            >
              {t.calls.voicemail}
              <Key action="voicemail" />
            </Button>
          )}
          {call.line !== null && <Tag data-color="info">{call.line}</Tag>}
          <span className="s-soft s-cut">
            {[
              call.waitedSeconds === null || call.transferRefused ? null : t.calls.waited(duration(call.waitedSeconds)),
              call.greeting === null ||
              call.transferRefused ||
              !(call.phase === 'ringing' || call.phase === 'answering' || engaged(call))
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
