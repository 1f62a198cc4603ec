import type { Preferences, SecretName } from '#contract';
import { bridge } from '../bridge.ts';
import { callRecordOf, callsStore, engaged, telephone, type Call, type CallEvent } from '../call/index.ts';
import { focusDial, setDial } from '../call/views/index.ts';
import { callerOf, contactOf, followPops, forgetCaller, openPop } from '../caller/index.ts';
import { logCall, refreshDay } from '../day/index.ts';
import { followDirectory } from '../directory/index.ts';
import { configureLines, followConnection } from '../lines/index.ts';
import { flushDrafts, keepOrForget, restoreDrafts } from '../note/index.ts';
import { followOutbox } from '../outbox/index.ts';
import { askForSecret, onPreferences, preferencesOf, settingsStore, startSession } from '../settings/index.ts';
import { isEmergency, text } from '../text/index.ts';
import { announce, isEditable, showPane } from '../ui/index.ts';
import { speakOf } from './speak.ts';

const soundOf = ({ devices, ringVolume }: Preferences) => ({ ...devices, ringVolume });

/** Signs the telephone in; without its password that is asked for first. */
async function startTelephone(): Promise<void> {
  const account = await bridge.call('telephone.account', null);
  if (!account.ok) {
    if (account.error.code === 'secret-missing') askForSecret('sip');
    return;
  }
  configureLines(account.value);
  const preferences = preferencesOf(settingsStore.getState());
  telephone.start(account.value, preferences === null ? undefined : soundOf(preferences));
}

/** A typed password lets its server be used at once. */
export function secretSaved(name: SecretName): void {
  if (name === 'sip') void startTelephone();
  if (name === 'crm') void refreshDay();
  if (name === 'directory') void bridge.call('directory.refresh', null);
}

/** Writes a line of the call list, with the name that the agent saw. An emergency number is kept nowhere, only that there was one. */
function log(event: CallEvent, wrapUpSeconds: number | null): void {
  const record = callRecordOf(event.call, wrapUpSeconds);
  if (record === null) return;
  const emergency = record.number !== null && isEmergency(record.number);
  void logCall(
    emergency
      ? { ...record, number: null, name: text().calls.emergency }
      : { ...record, name: contactOf(callerOf(event.call.id))?.name ?? record.name },
  );
}

/** Whether the other end is somebody to look up: no colleague who is consulted, and nobody whose number is kept nowhere. */
const lookedUp = (call: Call): boolean =>
  call.consultFor === null && (call.remote.number === null || !isEmergency(call.remote.number));

function onCallEvent(event: CallEvent): void {
  const { call } = event;
  if (event.type === 'incoming') {
    void openPop(call.id, call.remote.number);
    const others = callsStore.getState().calls.some((other) => other.id !== call.id && engaged(other));
    if (!others && !isEditable(document.activeElement)) showPane('left');
  }
  if (event.type === 'answered') showPane('left');
  speakOf(event);
  if (event.type === 'ended') {
    // Answered calls are written again, with the seconds, when the wrap-up is done.
    log(event, null);
    if (call.answeredAt === null) {
      keepOrForget(call.id);
      forgetCaller(call.id);
    }
    const personId = call.endReason === 'transferred' ? (call.transferTarget?.personId ?? null) : null;
    if (personId !== null) {
      void bridge.call('directory.transferred', { personId, number: call.remote.number, line: call.line ?? null });
    }
  }
  if (event.type === 'wrapUpFinished') log(event, event.seconds);
}

/** What follows from the calls as they stand: the taskbar, the look-up of a dialled number, the line in words. */
function onCalls(): void {
  let attention = false;
  let line = callsStore.getState().line.kind;
  const seen = new Set<string>();
  callsStore.subscribe((state) => {
    const ringing = state.calls.some((call) => call.phase === 'ringing');
    if (ringing !== attention) {
      attention = ringing;
      void bridge.call('window.attention', { wanted: ringing });
    }
    for (const call of state.calls) {
      if (call.direction !== 'outgoing' || seen.has(call.id)) continue;
      seen.add(call.id);
      if (lookedUp(call)) void openPop(call.id, call.remote.number);
    }
    if (state.line.kind !== line) {
      if (state.line.kind === 'offline' || state.line.kind === 'refused') announce(text().live.lineDown, 'urgent');
      else if (state.line.kind === 'registered') announce(text().live.lineUp);
      line = state.line.kind;
    }
  });
}

/** Connects the features with each other and with the process that lasts. Once a window. */
export async function startWindow(): Promise<void> {
  telephone.onCallEvent(onCallEvent);
  onCalls();
  const session = await startSession();
  if (session === null) return;
  onPreferences((preferences) => telephone.useSound(soundOf(preferences)));
  followPops();
  followOutbox();
  followDirectory();
  followConnection();
  bridge.on('dial.requested', ({ number }) => {
    setDial(number);
    if (!isEditable(document.activeElement)) focusDial();
  });
  for (const leaving of ['pagehide', 'blur'] as const) window.addEventListener(leaving, flushDrafts);
  // A window closed by mistake would hang up on a citizen: the shell, or the browser, asks first.
  window.addEventListener('beforeunload', (event) => {
    if (callsStore.getState().calls.some(engaged)) event.preventDefault();
  });
  await Promise.all([startTelephone(), restoreDrafts()]);
}
