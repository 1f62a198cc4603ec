/**
 * As much of the `electron` module as the shell uses, for plain Node. Every member is held against the real electron.d.ts (`satisfies`):
 * what the types do not have, or have otherwise, does not compile.
 */
import { EventEmitter } from 'node:events';
import type * as Electron from 'electron';

type Of<T, K extends keyof T> = Pick<T, K>;

export interface Refusable {
  readonly prevented: boolean;
  preventDefault(): void;
}

/** An event whose default can be prevented, as Electron's are. */
export function refusable<T extends object>(details: T = {} as T): T & Refusable {
  const event = {
    ...details,
    prevented: false,
    preventDefault() {
      event.prevented = true;
    },
  };
  return event;
}

class Contents extends EventEmitter {
  windowOpen: Parameters<Electron.WebContents['setWindowOpenHandler']>[0] | null = null;
  readonly sent: unknown[][] = [];
  reloads = 0;
  address = 'app://samband/';
  /** Whether somebody has just clicked. */
  clicked = false;
  readonly members = {
    setWindowOpenHandler: (handler) => void (this.windowOpen = handler),
    send: (...message) => void this.sent.push(message),
    isDestroyed: () => false,
    reload: () => void (this.reloads += 1),
    getURL: () => this.address,
    executeJavaScriptInIsolatedWorld: async (_world, [script]) =>
      script?.code === 'navigator.userActivation.isActive' ? this.clicked : undefined,
  } satisfies Of<
    Electron.WebContents,
    'setWindowOpenHandler' | 'send' | 'isDestroyed' | 'reload' | 'getURL' | 'executeJavaScriptInIsolatedWorld'
  >;
}

export type Handler = (event: unknown, ...args: unknown[]) => Promise<unknown>;

export interface StandInOptions {
  readonly version?: string;
  readonly locale?: string;
  /** Another instance has the lock. */
  readonly secondInstance?: boolean;
  readonly packaged?: boolean;
  readonly keyStore?: 'gnome_libsecret' | 'basic_text';
}

/** A fresh module, and everything that a test wants to see or do with it. */
export function standInElectron(options: StandInOptions = {}) {
  const order: string[] = [];
  const seen = {
    /** What happened, in order. */
    order,
    exits: [] as number[],
    switches: [] as string[],
    paths: {} as Record<string, string>,
    schemes: [] as Electron.CustomScheme[],
    lockData: undefined as unknown,
    links: [] as string[],
    /** Links that the system was asked to open. */
    opened: [] as string[],
    errorBoxes: [] as { readonly title: string; readonly content: string }[],
    questions: [] as Electron.MessageBoxSyncOptions[],
    menu: [] as readonly unknown[],
    windows: [] as Window[],
    handlers: new Map<string, Handler>(),
    request: null as Parameters<Electron.Session['setPermissionRequestHandler']>[0],
    check: null as Parameters<Electron.Session['setPermissionCheckHandler']>[0],
    device: null as Parameters<Electron.Session['setDevicePermissionHandler']>[0],
    serve: null as Parameters<Electron.Protocol['handle']>[1] | null,
    /** What the next question is answered with. */
    answer: 0,
  };

  class Window extends EventEmitter {
    readonly options: Electron.BrowserWindowConstructorOptions;
    readonly webContents: Electron.WebContents & Contents;
    loaded: string | null = null;
    shown = 0;
    focused = 0;
    minimized = false;
    flashing = false;
    menuVisible = true;
    readonly bounds = { x: 10, y: 20, width: 1000, height: 700 };

    constructor(given: Electron.BrowserWindowConstructorOptions = {}) {
      super();
      order.push('window');
      this.options = given;
      const contents = new Contents();
      this.webContents = Object.assign(contents, contents.members) as unknown as Electron.WebContents & Contents;
      Object.assign(this, {
        loadURL: async (url) => void (this.loaded = url),
        show: () => void (this.shown += 1),
        focus: () => void (this.focused += 1),
        restore: () => void (this.minimized = false),
        isMinimized: () => this.minimized,
        isMaximized: () => false,
        maximize: () => undefined,
        isDestroyed: () => false,
        getNormalBounds: () => this.bounds,
        flashFrame: (on) => void (this.flashing = on),
        setMenuBarVisibility: (visible) => void (this.menuVisible = visible),
      } satisfies Of<
        Electron.BrowserWindow,
        | 'loadURL'
        | 'show'
        | 'focus'
        | 'restore'
        | 'isMinimized'
        | 'isMaximized'
        | 'maximize'
        | 'isDestroyed'
        | 'getNormalBounds'
        | 'flashFrame'
        | 'setMenuBarVisibility'
      >);
      seen.windows.push(this);
      app.emit('web-contents-created', {}, this.webContents);
    }

    /** As when a user closes it. */
    close(): void {
      this.emit('close', refusable());
      this.emit('closed');
      app.emit('window-all-closed');
    }
  }

  let readied: () => void = () => undefined;
  const ready = new Promise<void>((resolve) => (readied = resolve));
  const app = Object.assign(new EventEmitter(), {
    name: 'Samband',
    isPackaged: options.packaged ?? false,
    whenReady: () => ready,
    getVersion: () => options.version ?? '0.0.0-test',
    getLocale: () => options.locale ?? 'nb',
    setPath: (name, path) => void (seen.paths[name] = path),
    setAppLogsPath: (path) => void (seen.paths['logs'] = path ?? ''),
    setAppUserModelId: () => undefined,
    requestSingleInstanceLock: (data) => {
      seen.lockData = data;
      order.push('lock');
      return !options.secondInstance;
    },
    setAsDefaultProtocolClient: (name) => {
      seen.links.push(name);
      return true;
    },
    exit: (code) => {
      order.push('exit');
      seen.exits.push(code ?? 0);
    },
    quit: () => {
      const event = refusable();
      app.emit('will-quit', event);
      if (!event.prevented) app.exit(0);
    },
    commandLine: { appendSwitch: (name: string) => void seen.switches.push(name) },
  } satisfies Of<
    Electron.App,
    | 'name'
    | 'isPackaged'
    | 'whenReady'
    | 'getVersion'
    | 'getLocale'
    | 'setPath'
    | 'setAppLogsPath'
    | 'setAppUserModelId'
    | 'requestSingleInstanceLock'
    | 'setAsDefaultProtocolClient'
    | 'exit'
    | 'quit'
  > & { commandLine: Of<Electron.CommandLine, 'appendSwitch'> });

  const session = {
    defaultSession: {
      setPermissionRequestHandler: (handler) => void (seen.request = handler),
      setPermissionCheckHandler: (handler) => void (seen.check = handler),
      setDevicePermissionHandler: (handler) => void (seen.device = handler),
      protocol: {
        handle: (_scheme, handler) => {
          order.push('serve');
          seen.serve = handler;
        },
      } satisfies Of<Electron.Protocol, 'handle'>,
    } satisfies Of<
      Electron.Session,
      'setPermissionRequestHandler' | 'setPermissionCheckHandler' | 'setDevicePermissionHandler'
    > & {
      protocol: object;
    },
  };

  const display = { id: 1, workArea: { x: 0, y: 0, width: 1920, height: 1040 } } satisfies Of<
    Electron.Display,
    'id' | 'workArea'
  >;
  const electron = {
    app,
    session,
    BrowserWindow: Window,
    protocol: {
      registerSchemesAsPrivileged: (schemes) => {
        order.push('scheme');
        seen.schemes.push(...schemes);
      },
    } satisfies Of<Electron.Protocol, 'registerSchemesAsPrivileged'>,
    ipcMain: {
      handle: (channel, listener) => void seen.handlers.set(channel, listener as Handler),
      removeHandler: (channel) => void seen.handlers.delete(channel),
    } satisfies Of<Electron.IpcMain, 'handle' | 'removeHandler'>,
    dialog: {
      showErrorBox: (title, content) => {
        order.push('error-box');
        seen.errorBoxes.push({ title, content });
      },
      showMessageBoxSync: (...given: unknown[]) => {
        seen.questions.push(given.at(-1) as Electron.MessageBoxSyncOptions);
        return seen.answer;
      },
    } satisfies Of<Electron.Dialog, 'showErrorBox' | 'showMessageBoxSync'>,
    shell: {
      openExternal: async (link) => void seen.opened.push(link),
    } satisfies Of<Electron.Shell, 'openExternal'>,
    Menu: {
      setApplicationMenu: () => undefined,
      buildFromTemplate: (template: readonly unknown[]) => {
        seen.menu = template;
        return null;
      },
    },
    nativeTheme: { shouldUseDarkColors: false } satisfies Of<Electron.NativeTheme, 'shouldUseDarkColors'>,
    screen: { getPrimaryDisplay: () => display, getAllDisplays: () => [display] },
    // Reversible, and not what was put in.
    safeStorage: {
      isAsyncEncryptionAvailable: async () => true,
      getSelectedStorageBackend: () => options.keyStore ?? 'gnome_libsecret',
      encryptStringAsync: async (text) => Buffer.from(`sealed:${Buffer.from(text).toString('hex')}`),
      decryptStringAsync: async (sealed) => ({
        result: Buffer.from(sealed.toString().replace('sealed:', ''), 'hex').toString(),
        shouldReEncrypt: false,
      }),
    } satisfies Of<
      Electron.SafeStorage,
      'isAsyncEncryptionAvailable' | 'getSelectedStorageBackend' | 'encryptStringAsync' | 'decryptStringAsync'
    >,
  };
  return {
    electron: electron as { readonly app: typeof app } & Record<string, unknown>,
    seen,
    /** Electron is ready. */
    ready() {
      order.push('ready');
      readied();
    },
  };
}

export type StandIn = ReturnType<typeof standInElectron>;
