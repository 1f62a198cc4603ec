import { useEffect, useState } from 'react';
import { bridge } from '../bridge.ts';
import { callsStore, engaged, ringingCall, useCalls } from '../call/index.ts';
import { CallsRow, focusDial, usePlaces } from '../call/views/index.ts';
import { DirectoryPane, OwnProfile, ReportDialog } from '../directory/index.ts';
import { Notices, preferencesOf, SecretsDialog, SettingsDialog, useSettings } from '../settings/index.ts';
import { KeySheet, listenToKeys, useCommand } from '../shortcuts/index.ts';
import { useText } from '../text/index.ts';
import { CopyDetails, Guarded, isEditable, LiveRegions, showPane, useMedia, usePane } from '../ui/index.ts';
import { Bar } from './bar.tsx';
import { LeftPane } from './left-pane.tsx';
import { SignedOutPage, SignOut } from './sign-out.tsx';
import { secretSaved } from './wiring.ts';
import './app.css';

function onFault(error: Error): void {
  void bridge.call('log.write', {
    level: 'error',
    event: 'view.broken',
    details: `${error.name} ${error.stack ?? ''}`.slice(0, 4000),
  });
}

/** The window: the places that never move. */
export function Frame() {
  const t = useText();
  const started = useSettings((state) => state.session !== null);
  const fault = useSettings((state) => state.fault);
  const left = useSettings((state) => state.left);
  if (fault !== null)
    return (
      <main className="app-alone" role="alert">
        <h1>{t.app.noStart}</h1>
        <p>{t.app.noStartHelp}</p>
        <CopyDetails details={`${fault.code}\n${fault.message}`} />
      </main>
    );
  if (left !== null) return <SignedOutPage left={left} />;
  // Nothing to show for a blink; no spinner before it is worth one.
  if (!started) return <main className="app-alone" aria-busy="true" aria-label={t.app.starting} />;
  return <Window />;
}

function Window() {
  const t = useText();
  const [open, setOpen] = useState<'settings' | 'keys' | null>(null);
  const compact = useSettings((state) => preferencesOf(state)?.compact === true);
  const narrow = useMedia('(max-width: 759px)') || compact;
  const pane = usePane();
  const { main } = usePlaces();
  const ringing = useCalls((state) => ringingCall(state) !== null);
  useCommand('keys', () => setOpen(open === 'keys' ? null : 'keys'));
  useEffect(() => listenToKeys(window), []);
  useEffect(() => digitsBeginANumber(window), []);
  useEffect(() => {
    document.title = ringing ? t.app.ringingTitle : t.app.name;
  }, [ringing, t]);

  return (
    <div className="app" data-narrow={narrow || undefined}>
      <LiveRegions />
      <Guarded onFault={onFault}>
        <Bar onSettings={() => setOpen('settings')} onKeys={() => setOpen('keys')} />
      </Guarded>
      <main className="app-main">
        <Notices />
        <Guarded onFault={onFault}>
          <CallsRow />
        </Guarded>
        {narrow && (
          <div className="app-tabs" role="group" aria-label={t.app.tabs}>
            <button type="button" aria-pressed={pane === 'left'} onClick={() => showPane('left')}>
              {main === null ? t.app.tabDay : t.app.tabCaller}
            </button>
            <button type="button" aria-pressed={pane === 'directory'} onClick={() => showPane('directory')}>
              {t.app.tabDirectory}
            </button>
          </div>
        )}
        <div className="app-panes">
          <div className="app-pane" hidden={narrow && pane !== 'left'}>
            <Guarded onFault={onFault}>
              <LeftPane />
            </Guarded>
          </div>
          <div className="app-pane" hidden={narrow && pane !== 'directory'}>
            <Guarded onFault={onFault}>
              <DirectoryPane />
            </Guarded>
          </div>
        </div>
      </main>
      {open === 'settings' && (
        <SettingsDialog onClose={() => setOpen(null)}>
          <OwnProfile onReport={() => setOpen(null)} />
          <SignOut />
        </SettingsDialog>
      )}
      <ReportDialog />
      {open === 'keys' && <KeySheet onClose={() => setOpen(null)} />}
      {open === null && <SecretsDialog onSaved={secretSaved} />}
    </div>
  );
}

/** Without a call a digit begins a number, wherever the focus is, unless somebody is writing. */
function digitsBeginANumber(target: Window): () => void {
  const onKeyDown = (event: KeyboardEvent) => {
    if (!/^[0-9+]$/.test(event.key) || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (isEditable(document.activeElement) || document.querySelector('dialog:modal, [role="alertdialog"], .tones-pad') !== null)
      return;
    if (callsStore.getState().calls.some(engaged)) return;
    // The key itself is then typed into the field that has the focus.
    focusDial();
  };
  target.addEventListener('keydown', onKeyDown);
  return () => target.removeEventListener('keydown', onKeyDown);
}
