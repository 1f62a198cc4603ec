import { ipcMain, type IpcMainInvokeEvent, type WebContents } from 'electron';
import { fail, type Result } from '#contract';
import type { Log } from '../services/ports.ts';
import type { Dispatch } from '../services/router.ts';
import { isOurPage } from './origin.ts';

export const callChannel = 'samband:call';
export const eventChannel = 'samband:event';

export interface DoorOptions {
  readonly dispatch: Dispatch;
  /** The window's contents, while there is a window. */
  readonly window: () => WebContents | null;
  readonly log: Log;
}

/** Why a message is not listened to; null: it comes from our page in our window. */
function refusal(event: IpcMainInvokeEvent, window: WebContents | null): string | null {
  // null when the frame was gone before the message arrived.
  const frame = event.senderFrame;
  if (frame === null) return 'frame-gone';
  if (window === null || event.sender !== window) return 'not-our-window';
  // frame.parent is null at the top, and only there.
  if (frame.parent !== null) return 'not-the-top-frame';
  if (!isOurPage(frame.url)) return 'foreign-origin';
  return null;
}

/**
 * The only way from a window into this process: one channel, served for the top frame of our own page alone.
 * Returns a function that closes it.
 */
export function openDoor({ dispatch, window, log }: DoorOptions): () => void {
  ipcMain.handle(callChannel, async (event, ...args: readonly unknown[]): Promise<Result<unknown>> => {
    const [name, input] = args;
    const reason = refusal(event, window()) ?? (args.length === 2 ? null : 'malformed');
    if (reason !== null || typeof name !== 'string') {
      log.warn('door.refused', { reason: reason ?? 'malformed' });
      return fail('refused', 'This page may not ask.');
    }
    return dispatch(name, input);
  });
  return () => {
    ipcMain.removeHandler(callChannel);
  };
}

/** Tells the window. Nothing happens when it is gone, or is on its way out. */
export function tell(window: WebContents | null, name: string, data: unknown): void {
  if (window === null || window.isDestroyed()) return;
  window.send(eventChannel, name, data);
}
