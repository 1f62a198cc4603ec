export { Notices } from './notices.tsx';
export { SecretsDialog } from './secrets.tsx';
export { SettingsDialog } from './dialog.tsx';
export { useDevices } from './devices.ts';
export {
  askForSecret,
  followSession,
  onPreferences,
  preferencesOf,
  settingsStore,
  startSession,
  useSettings,
} from './store.ts';
