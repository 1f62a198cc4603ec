import { join } from 'node:path';
import { app, BrowserWindow, dialog, nativeTheme, screen } from 'electron';
import { leaveQuestion } from '../services/launch/failure.ts';
import type { Log } from '../services/ports.ts';
import { startPage } from './origin.ts';
import { leastSize, place, readWindowState, writeWindowState } from './window-state.ts';

export interface WindowOptions {
  readonly preloadFile: string;
  readonly dataFolder: string;
  readonly title: string;
  readonly development: boolean;
  readonly log: Log;
  /** The page died again and again: reloading will not mend it. */
  readonly onHopeless: () => void;
}

/** A page that dies more often than this within a minute is not loaded again. */
const deathsAllowed = 3;

/**
 * Colours of the window before there is a page in it, so that the dark theme does not begin with a white flash. Literals, as the
 * theme's own stand in its style sheet, which main does not read.
 */
const background = { light: '#ffffff', dark: '#1b1f25' };

function rememberPlace(window: BrowserWindow, file: string, log: Log): void {
  window.on('close', () => {
    try {
      writeWindowState(file, { bounds: window.getNormalBounds(), maximized: window.isMaximized() });
    } catch (error) {
      log.warn('window.state-not-written', { cause: String(error) });
    }
  });
}

function reviveWhenDead(window: BrowserWindow, { log, onHopeless }: WindowOptions): void {
  let deaths: number[] = [];
  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    if (reason === 'clean-exit') return;
    const now = performance.now();
    deaths = [...deaths.filter((then) => now - then < 60_000), now];
    log.error('window.process-gone', { reason, exitCode, deaths: deaths.length });
    if (deaths.length > deathsAllowed) onHopeless();
    else if (!window.isDestroyed()) window.webContents.reload();
  });
  window.on('unresponsive', () => log.warn('window.unresponsive'));
  window.on('responsive', () => log.info('window.responsive'));
  window.webContents.on('preload-error', (_event, _path, error) =>
    log.error('window.preload-failed', { cause: error.message }),
  );
}

/** A page that has a call says so by `beforeunload`; Electron would then silently stay open. */
function askBeforeLeaving(window: BrowserWindow): void {
  window.webContents.on('will-prevent-unload', (event) => {
    const { message, detail, stay, leave } = leaveQuestion(app.getLocale());
    const choice = dialog.showMessageBoxSync(window, {
      type: 'question',
      message,
      detail,
      buttons: [stay, leave],
      defaultId: 0,
      cancelId: 0,
    });
    // Preventing the prevention lets the window close.
    if (choice === 1) event.preventDefault();
  });
}

/** Makes the one window, hidden until it has something to show. It is loaded by `load`, once there is something to serve it. */
export function createWindow(options: WindowOptions): { readonly window: BrowserWindow; load(): Promise<void> } {
  const stateFile = join(options.dataFolder, 'window.json');
  const primary = screen.getPrimaryDisplay();
  const others = screen.getAllDisplays().filter(({ id }) => id !== primary.id);
  const placement = place(
    readWindowState(stateFile),
    [primary, ...others].map(({ workArea }) => workArea),
  );
  const window = new BrowserWindow({
    ...placement.bounds,
    minWidth: leastSize.width,
    minHeight: leastSize.height,
    show: false,
    title: options.title,
    backgroundColor: nativeTheme.shouldUseDarkColors ? background.dark : background.light,
    webPreferences: {
      preload: options.preloadFile,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      // Chromium would fetch its dictionaries from the internet.
      spellcheck: false,
      // A covered window must still ring, and its timers keep registrations alive.
      backgroundThrottling: false,
      // It rings before anybody has touched it.
      autoplayPolicy: 'no-user-gesture-required',
      devTools: options.development,
    },
  });
  // The menu's keys (zoom, copy) work; its bar would take Alt and F10 from the window.
  window.setMenuBarVisibility(false);
  if (placement.maximized) window.maximize();
  window.once('ready-to-show', () => window.show());
  rememberPlace(window, stateFile, options.log);
  reviveWhenDead(window, options);
  askBeforeLeaving(window);
  return { window, load: () => window.loadURL(startPage) };
}

/** To the front, from wherever it is: somebody started Samband again or chose a number elsewhere. */
export function bringForward(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}
