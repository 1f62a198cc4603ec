import type { Bridge } from '#contract';

declare global {
  interface Window {
    /** Put there before the bundle loads, by Electron's preload or by the web host. */
    readonly samband: Bridge;
  }
}

/** The way to the process that lasts. */
export const bridge: Bridge = {
  call: (name, input) => window.samband.call(name, input),
  on: (name, listener) => window.samband.on(name, listener),
};
