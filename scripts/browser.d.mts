import type { ChildProcess } from 'node:child_process';

export function findBrowser(): string | null;
export function hasDisplay(): boolean;
export const telephoneFlags: readonly string[];
/** Opens the address as an app window with its own profile in `folder`. The process lives as long as the window. */
export function openWindow(browser: string, address: string, folder: string): ChildProcess;
