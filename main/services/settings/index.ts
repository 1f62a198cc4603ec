export { createSettings, type Settings, type SettingsPaths } from './settings.ts';
export { provisionSecrets, readProvision } from './provision.ts';
export type * from './schema.ts';
