export { CommandButton, Key, KeyButton, listenToKeys, runCommand, setShortcuts, useBindings, useCommand } from './commands.tsx';
export { ariaKeys, keyLabel, type ActionId } from './registry.ts';
export { KeySheet } from './sheet.tsx';
