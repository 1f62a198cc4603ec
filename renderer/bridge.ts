import type { Bridge } from '#contract';

declare global {
  interface Window {
    /** Put there before the bundle loads, by Electron's preload or by the web host. */
    readonly samband: Bridge;
  }
}

/** The way to the process that lasts. */
export const bridge: Bridge = window.samband;
