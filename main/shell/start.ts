import { app, dialog, session, shell, type BrowserWindow } from 'electron';
import { z } from 'zod';
import { fail, type Fault, type Result } from '#contract';
import { startFailure } from '../services/launch/failure.ts';
import { keepDialUntilHeard, type WindowServices } from '../services/launch/window-services.ts';
import type { Log, Platform } from '../services/ports.ts';
import { openSite } from '../services/site/site.ts';
import { confineEverything } from './confine.ts';
import { openDoor, tell } from './door.ts';
import { receiveLinks } from './links.ts';
import { setMenu } from './menu.ts';
import { restrictPermissions } from './permissions.ts';
import { registerScheme, serveScheme } from './scheme.ts';
import { bringForward, createWindow } from './window.ts';

export interface ShellOptions {
  /** Called once Electron is ready. */
  readonly services: (platform: Platform) => Promise<Result<WindowServices>>;
  readonly rendererFolder: string;
  readonly preloadFile: string;
  /** Exists already; Electron's own userData. */
  readonly dataFolder: string;
  readonly logFolder: string;
  /** What the dial field is to show at once: this instance's own command line. */
  readonly dial: string | null;
  /** Opens developer tools on demand. */
  readonly development: boolean;
  readonly platform: NodeJS.Platform;
  readonly log: Log;
}

const handedOver = z.object({ dial: z.string().nullable() });

/** Chromium slows what nobody looks at; a softphone is mostly not looked at. */
const wakefulness = [
  'disable-background-timer-throttling',
  'disable-renderer-backgrounding',
  'disable-backgrounding-occluded-windows',
];

/** How long the services may take to end before the program leaves without them. */
const closeWithinMs = 5_000;

function within(work: Promise<void>, milliseconds: number): Promise<'done' | 'late'> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve('late'), milliseconds);
    work.then(() => resolve('done'), reject).finally(() => clearTimeout(timer));
  });
}

/** Flashes the taskbar's button, or lets the dock's icon bounce, while somebody is wanted at the window. */
function attention(window: () => BrowserWindow | null, platform: NodeJS.Platform): Platform {
  let bounce: number | null = null;
  return {
    requestAttention(wanted) {
      if (platform === 'darwin') {
        if (bounce !== null) app.dock?.cancelBounce(bounce);
        bounce = wanted ? (app.dock?.bounce('critical') ?? null) : null;
      } else {
        window()?.flashFrame(wanted);
      }
    },
  };
}

/**
 * Runs the desktop shell around any services of the contract. To be called while the program's entry is evaluated: the scheme, the
 * switches and the single-instance lock must be there before Electron is ready. Ends the program itself, with a code: 0 as wished, or
 * handed over to the instance that runs already; otherwise startFailure's.
 */
export function startShell(options: ShellOptions): void {
  const { log, platform } = options;
  if (!app.requestSingleInstanceLock({ dial: options.dial } satisfies z.infer<typeof handedOver>)) {
    log.info('shell.handed-over', { dial: options.dial !== null });
    app.exit(0);
    return;
  }

  let window: BrowserWindow | null = null;
  let services: WindowServices | null = null;
  let exitCode = 0;
  let closing = false;
  let dial = options.dial;

  const requestDial = (number: string) => {
    if (window !== null) bringForward(window);
    if (services === null) dial = number;
    else services.requestDial(number);
  };
  const explain = (fault: Fault): number => {
    const failure = startFailure(fault, app.getLocale(), options.logFolder);
    log.error('shell.failed', { code: fault.code, message: fault.message, exitCode: failure.exitCode });
    dialog.showErrorBox(failure.title, failure.text);
    return failure.exitCode;
  };
  const leave = (fault: Fault) => app.exit(explain(fault));

  registerScheme();
  for (const name of wakefulness) app.commandLine.appendSwitch(name);
  confineEverything(app, (link) => shell.openExternal(link), log);
  app.on('session-created', (created) => restrictPermissions(created, log));
  app.on('child-process-gone', (_event, details) =>
    log.error('shell.process-gone', { type: details.type, reason: details.reason, exitCode: details.exitCode }),
  );
  // Electron's own window with the stack stays; the log has it too.
  process.on('uncaughtExceptionMonitor', (error, origin) =>
    log.error('shell.uncaught', { origin, cause: error.stack ?? error.message }),
  );
  receiveLinks(app, requestDial, log);
  app.on('second-instance', (_event, _arguments, _folder, data) => {
    log.info('shell.second-instance');
    const received = handedOver.safeParse(data);
    if (received.success && received.data.dial !== null) requestDial(received.data.dial);
    else if (window !== null) bringForward(window);
  });
  app.on('window-all-closed', () => app.quit());
  app.on('will-quit', (event) => {
    if (services === null) return;
    // The windows are gone, and with them the calls; now the services may end. Electron does not wait by itself.
    event.preventDefault();
    if (closing) return;
    closing = true;
    within(services.close(), closeWithinMs)
      .then((outcome) => log[outcome === 'done' ? 'info' : 'error']('shell.closed', { outcome }))
      .catch((error: unknown) => log.error('shell.close-failed', { cause: String(error) }))
      .finally(() => app.exit(exitCode));
  });

  const open = async (): Promise<void> => {
    await app.whenReady();
    restrictPermissions(session.defaultSession, log);
    setMenu(platform, options.development);
    // Chromium prepares the window's process while the services open the database.
    const made = createWindow({
      preloadFile: options.preloadFile,
      dataFolder: options.dataFolder,
      title: app.name,
      development: options.development,
      log,
      onHopeless: () => {
        exitCode = explain({ code: 'internal', message: 'The process of the window ended again and again.' });
        app.quit();
      },
    });
    window = made.window;
    window.on('closed', () => {
      window = null;
    });
    const [started, site] = await Promise.all([
      options.services(attention(() => window, platform)),
      openSite(options.rendererFolder),
    ]);
    if (!started.ok) return leave(started.error);
    services = keepDialUntilHeard(started.value);
    const { dispatch } = services;
    openDoor({
      window: () => window?.webContents ?? null,
      log,
      dispatch: async (name, input) => (closing ? fail('unreachable', 'Samband is closing.') : dispatch(name, input)),
    });
    services.onEvent((name, data) => tell(window?.webContents ?? null, name, data));
    serveScheme(session.defaultSession, site, services.contentSecurityPolicy, log);
    for (const name of services.linkSchemes) app.setAsDefaultProtocolClient(name);
    if (dial !== null) services.requestDial(dial);
    try {
      await made.load();
    } catch (error) {
      // Closed before it was there: nothing failed.
      if (window === null) return;
      throw error;
    }
    log.info('shell.started', { afterMs: Math.round(performance.now()) });
  };
  open().catch((error: unknown) => {
    leave({ code: 'internal', message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  });
}
