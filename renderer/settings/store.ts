import type { Fault, Notice, Preferences, PreferencesPatch, PreferencesView, SecretName, Session } from '#contract';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { bridge } from '../bridge.ts';
import { setShortcuts } from '../shortcuts/index.ts';
import { setLanguage } from '../text/index.ts';

interface SettingsState {
  /** null until the lasting process has answered. */
  readonly session: Session | null;
  /** Why there is no session. */
  readonly fault: Fault | null;
  readonly notices: readonly Notice[];
  readonly missingSecrets: readonly SecretName[];
  readonly changeFailed: boolean;
  /** Nobody is signed in: what became of what was kept here. null: somebody is, or is about to be. */
  readonly left: 'forgot' | 'wiped' | 'inPart' | null;
}

const initial: SettingsState = {
  session: null,
  fault: null,
  notices: [],
  missingSecrets: [],
  changeFailed: false,
  left: null,
};
export const settingsStore = createStore<SettingsState>(() => initial);
const listeners = new Set<(preferences: Preferences) => void>();

/** The part of the session that a view needs. */
export function useSettings<T>(selector: (state: SettingsState) => T): T {
  return useStore(settingsStore, selector);
}

/** The agent's preferences, once there is a session. */
export const preferencesOf = (state: SettingsState): Preferences | null => state.session?.preferences.preferences ?? null;

/** Follows the preferences, from the first ones on. */
export function onPreferences(listener: (preferences: Preferences) => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

function take(view: PreferencesView): void {
  const { session } = settingsStore.getState();
  if (session !== null) settingsStore.setState({ session: { ...session, preferences: view } });
  const { preferences } = view;
  setLanguage(preferences.language);
  setShortcuts(preferences.shortcuts);
  const root = document.documentElement;
  root.lang = preferences.language;
  root.dataset['colorScheme'] = preferences.theme === 'system' ? 'auto' : preferences.theme;
  for (const listener of listeners) listener(preferences);
}

/** Follows what the lasting process says of the session, until the returned function is called. */
export function followSession(): () => void {
  const ends = [
    bridge.on('preferences.changed', take),
    bridge.on('notice.raised', (notice) => settingsStore.setState((state) => ({ notices: [...state.notices, notice] }))),
  ];
  return () => {
    for (const end of ends) end();
  };
}

/** Asks who this is and how it shall look. */
export async function startSession(): Promise<Session | null> {
  const answer = await bridge.call('session.start', null);
  if (!answer.ok) {
    settingsStore.setState({ fault: answer.error });
    return null;
  }
  const session = answer.value;
  settingsStore.setState({
    session,
    fault: null,
    left: null,
    notices: session.notices,
    missingSecrets: session.missingSecrets,
  });
  take(session.preferences);
  return session;
}

export async function changePreferences(patch: PreferencesPatch): Promise<void> {
  const answer = await bridge.call('preferences.change', patch);
  settingsStore.setState({ changeFailed: !answer.ok });
  if (answer.ok) take(answer.value);
}

export function dismissNotice(notice: Notice): void {
  settingsStore.setState((state) => ({ notices: state.notices.filter((other) => other !== notice) }));
}

/** Asks for a secret that a server turned out to need. */
export function askForSecret(name: SecretName): void {
  settingsStore.setState((state) =>
    state.missingSecrets.includes(name) ? state : { missingSecrets: [...state.missingSecrets, name] },
  );
}

/** Stores a typed secret; false when that failed. */
export async function saveSecret(name: SecretName, value: string): Promise<boolean> {
  const answer = await bridge.call('secrets.set', { name, value });
  if (answer.ok) forgetSecret(name);
  return answer.ok;
}

/** "Later": asked again at the next start. */
export function forgetSecret(name: SecretName): void {
  settingsStore.setState((state) => ({ missingSecrets: state.missingSecrets.filter((other) => other !== name) }));
}
