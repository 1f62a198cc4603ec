import { CogIcon, PersonHeadsetIcon, QuestionmarkCircleIcon, PhoneFillIcon, PhoneSlashFillIcon } from '@navikt/aksel-icons';
import { Button } from '@digdir/designsystemet-react';
import { telephone, useCalls, type AgentState, type LineState } from '../call/index.ts';
import { SyncState } from '../outbox/index.ts';
import { preferencesOf, useDevices, useSettings } from '../settings/index.ts';
import { keyLabel, useBindings, useCommand } from '../shortcuts/index.ts';
import { clock, useText } from '../text/index.ts';
import { Spot } from '../ui/index.ts';
import { DemoBanner } from './demo-banner.tsx';

const spots = { ready: 'free', notReady: 'absent', onCall: 'talking', wrapUp: 'unknown' } as const satisfies Record<
  AgentState,
  string
>;

/** Own state and what is next, the line, the headset, sending, settings: always in this order. */
export function Bar({ onSettings, onKeys }: { onSettings: () => void; onKeys: () => void }) {
  const t = useText();
  const { bindings } = useBindings();
  return (
    <header className="bar" aria-label={t.bar.label}>
      <h1 className="bar-name">{t.app.name}</h1>
      <OwnState />
      <DemoBanner />
      <div className="bar-end">
        <Line />
        <Headset />
        <SyncState />
        <Button
          icon
          variant="tertiary"
          data-color="neutral"
          aria-label={t.bar.keys}
          title={`${t.bar.keys} (${keyLabel(bindings.keys)})`}
          aria-keyshortcuts={bindings.keys}
          onClick={onKeys}
        >
          <QuestionmarkCircleIcon aria-hidden />
        </Button>
        <Button
          icon
          variant="tertiary"
          data-color="neutral"
          aria-label={t.bar.settings}
          title={t.bar.settings}
          onClick={onSettings}
        >
          <CogIcon aria-hidden />
        </Button>
      </div>
    </header>
  );
}

function OwnState() {
  const t = useText();
  const agent = useCalls((state) => state.agent);
  const since = useCalls((state) => state.agentSince);
  const wants = useCalls((state) => state.wantsReady);
  const line = useCalls((state) => state.line.kind);
  const busy = agent === 'onCall' || agent === 'wrapUp';
  // Ready without a line is not ready: it says so, and what comes when the line is back.
  const cut = !busy && line !== 'registered';
  const toggle = () => telephone.setReady(!wants);
  useCommand('ready', toggle);
  return (
    <button
      type="button"
      className="bar-state"
      data-state={agent}
      onClick={toggle}
      title={wants ? t.bar.setNotReady : t.bar.setReady}
    >
      <Spot kind={cut ? 'unknown' : spots[agent]} />
      <strong>{cut ? lineWords(line, t) : t.bar[agent]}</strong>
      <span className="s-soft">
        {busy || cut ? (wants ? t.bar.thenReady : t.bar.thenNotReady) : t.bar.since(clock(new Date(since)))}
      </span>
    </button>
  );
}

function lineWords(kind: LineState['kind'], t: ReturnType<typeof useText>): string {
  switch (kind) {
    case 'registered':
      return t.bar.lineRegistered;
    case 'connecting':
      return t.bar.lineConnecting;
    case 'offline':
      return t.bar.lineOffline;
    case 'refused':
      return t.bar.lineRefused;
  }
}

function Line() {
  const t = useText();
  const kind = useCalls((state) => state.line.kind);
  const tone = kind === 'registered' ? 'good' : kind === 'connecting' ? 'warn' : 'bad';
  return (
    <span className="bar-item" data-tone={tone} data-testid="line">
      {kind === 'registered' ? <PhoneFillIcon aria-hidden /> : <PhoneSlashFillIcon aria-hidden />}
      <span className="s-hide">{t.bar.line}: </span>
      <span className="s-cut">{lineWords(kind, t)}</span>
    </span>
  );
}

function Headset() {
  const t = useText();
  const wanted = useSettings((state) => preferencesOf(state)?.devices.microphone ?? '');
  const { microphones } = useDevices();
  const missing = wanted !== '' && microphones.length > 0 && !microphones.includes(wanted);
  const name = wanted === '' ? (microphones[0] ?? t.bar.systemDevice) : wanted;
  return (
    <span className="bar-item bar-headset" data-tone={missing ? 'warn' : undefined} title={name}>
      <PersonHeadsetIcon aria-hidden />
      <span className="s-hide">{t.bar.microphone}: </span>
      <span className="s-cut">{missing ? t.settings.notThere(wanted) : name}</span>
    </span>
  );
}
