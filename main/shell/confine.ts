import type { App, WebContents } from 'electron';
import type { Log } from '../services/ports.ts';
import { linkOpener } from './links.ts';

/** An address as it may stand in the log: what follows the host can hold a citizen's data. */
function shown(address: string): string {
  if (!URL.canParse(address)) return 'invalid';
  const { protocol, host } = new URL(address);
  return `${protocol}//${host}`;
}

export type OpenExternal = (link: string) => Promise<void>;

function confineContents(contents: WebContents, openExternal: OpenExternal, log: Log): void {
  const opens = linkOpener(contents, openExternal, log);
  const refuse =
    (kind: string) => (event: { readonly url: string; readonly isMainFrame?: boolean; preventDefault(): void }) => {
      event.preventDefault();
      // By the top frame itself, not by a redirection that somebody else thought of.
      if (kind !== 'redirect' && event.isMainFrame !== false && opens(event.url)) return;
      log.warn('navigation.refused', { kind, to: shown(event.url) });
    };
  // Our page is loaded by the shell itself, which none of these sees; a page has nowhere to go.
  contents.on('will-navigate', refuse('navigate'));
  contents.on('will-redirect', refuse('redirect'));
  contents.on('will-frame-navigate', refuse('frame'));
  contents.on('will-attach-webview', (event) => {
    event.preventDefault();
    log.warn('webview.refused');
  });
  contents.setWindowOpenHandler(({ url }) => {
    if (!opens(url)) log.warn('window-open.refused', { to: shown(url) });
    return { action: 'deny' };
  });
}

/**
 * Locks every page that this program ever holds, whoever makes it, into where it was put. Links that the agent's own programs open
 * (links.ts) are given to them.
 */
export function confineEverything(app: App, openExternal: OpenExternal, log: Log): void {
  app.on('web-contents-created', (_event, contents) => {
    confineContents(contents, openExternal, log);
  });
}
