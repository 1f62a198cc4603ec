import type { App, WebContents } from 'electron';
import { dialTarget } from '../services/launch/dial.ts';
import type { Log } from '../services/ports.ts';
import { isOurPage } from './origin.ts';

/** macOS hands links over as events, also before the program is ready; elsewhere they come by the command line. */
export function receiveLinks(app: App, requestDial: (number: string) => void, log: Log): void {
  app.on('open-url', (event, link) => {
    event.preventDefault();
    const number = dialTarget(link);
    if (number === null) log.warn('link.not-a-number');
    else requestDial(number);
  });
}

/** What the agent's own programs open, and what a link to them may say beside the address: a mail's `attach` would read a file. */
const fields: Readonly<Record<string, readonly string[]>> = { 'mailto:': ['subject', 'body'], 'sms:': ['body'], 'tel:': [] };
/** Windows takes no more (Electron's shell.openExternal). */
const longest = 2081;
/** RFC 3986's own signs but `#`: no quotation mark, space or backslash for another program's command line. */
const signs = /^[\w.~!$&'()*+,;=:@/?%-]+$/;

/** Whether the system may be asked to open this link: a mail, a text message or a call, and nothing else. Pure. */
export function isOpenable(link: string): boolean {
  if (link.length > longest || !signs.test(link) || !URL.canParse(link)) return false;
  const { protocol, pathname, searchParams } = new URL(link);
  const allowed = Object.hasOwn(fields, protocol) ? fields[protocol] : undefined;
  if (allowed === undefined || pathname === '' || pathname.startsWith('/')) return false;
  if (protocol !== 'mailto:' && !/^\+?[\d*]+$/.test(pathname)) return false;
  return [...searchParams.keys()].every((name) => allowed.includes(name));
}

/** A world of its own in the page, where the page's scripts cannot answer. */
const isolatedWorld = 999;
/** As long as Chromium itself takes what follows for the user's doing. */
const activeMs = 5000;
const presses: ReadonlySet<string> = new Set(['mouseDown', 'mouseUp', 'rawKeyDown', 'keyDown', 'gestureTap', 'touchEnd']);

/**
 * Opens a link that our page was led to by a click or a key; the page itself stays where it is. Answers false for what is not such a
 * link, which is then somebody else's to refuse.
 */
export function linkOpener(
  contents: WebContents,
  openExternal: (link: string) => Promise<void>,
  log: Log,
): (link: string) => boolean {
  let asking = false;
  let pressedAt = -Infinity;
  contents.on('input-event', (_event, { type }) => {
    if (presses.has(type)) pressedAt = performance.now();
  });
  // Either what the system told of the mouse and the keys, or what the page knows (a screen reader presses without either).
  const isByUser = async (): Promise<boolean> => {
    if (performance.now() - pressedAt < activeMs) return true;
    const active: unknown = await contents.executeJavaScriptInIsolatedWorld(isolatedWorld, [
      { code: 'navigator.userActivation.isActive' },
    ]);
    return active === true;
  };
  const open = async (link: string) => {
    const { protocol } = new URL(link);
    if (!(await isByUser())) return log.warn('link.not-by-user', { kind: protocol });
    // One press opens one.
    pressedAt = -Infinity;
    await openExternal(link);
    log.info('link.opened', { kind: protocol });
  };
  return (link) => {
    if (!isOpenable(link) || !isOurPage(contents.getURL())) return false;
    // One click is told by several events.
    if (asking) return true;
    asking = true;
    open(link)
      // The cause can quote the link.
      .catch(() => log.warn('link.not-opened', { kind: new URL(link).protocol }))
      .finally(() => (asking = false));
    return true;
  };
}
