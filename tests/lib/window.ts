/** `window.samband`, for the tests that ask a page's own bridge. */
export type * from '../../renderer/bridge.ts';
