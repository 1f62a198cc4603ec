/** What a page of the app has (renderer/bridge.ts): the tests ask it too. */
import type { Bridge } from '#contract';

declare global {
  interface Window {
    readonly samband: Bridge;
  }
}
