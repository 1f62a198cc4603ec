/** main/electron.ts as it is, with the real services, under plain Node: `electron` alone is a stand-in. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type * as Compose from '../../main/services/compose.ts';
import { scratch, waitFor } from '../lab/process.ts';
import { refusable, standInElectron, type StandIn, type StandInOptions } from './electron-stand-in.ts';

const root = join(import.meta.dirname, '../..');
const source = join(root, 'main/electron.ts');
const built = join(root, 'out/main/electron.js');
const compose = join(root, 'main/services/compose.ts');

let folder: string;
let running: StandIn[] = [];
const argv = [...process.argv];

interface StartOptions extends StandInOptions {
  readonly args?: readonly string[];
  readonly settings?: string;
  readonly entry?: string;
}

/** Starts the program's entry, and Electron is ready once it has been evaluated. */
async function start(options: StartOptions = {}): Promise<StandIn> {
  vi.resetModules();
  const standIn = standInElectron(options);
  vi.doMock('electron', () => standIn.electron);
  vi.doMock(compose, async (original) => {
    const real = await original<typeof Compose>();
    return {
      ...real,
      startServices: (given: Parameters<typeof real.startServices>[0]) =>
        real.startServices({ ...given, checkOutput: true, databaseWorker: pathToFileURL(join(root, 'main/db/worker.ts')) }),
    };
  });
  if (options.settings !== undefined) writeFileSync(join(folder, 'settings.json'), options.settings);
  process.argv = ['electron', '.', '--data', folder, '--policy', join(folder, 'policy.json'), ...(options.args ?? [])];
  await import(/* @vite-ignore */ options.entry ?? source);
  running.push(standIn);
  standIn.ready();
  return standIn;
}

async function started(options: StartOptions = {}): Promise<StandIn> {
  const standIn = await start(options);
  await waitFor(() => standIn.seen.windows[0]?.loaded ?? standIn.seen.errorBoxes[0], { timeoutMs: 20_000, what: 'the window' });
  expect(standIn.seen.errorBoxes).toEqual([]);
  return standIn;
}

async function failed(options: StartOptions = {}): Promise<StandIn> {
  const standIn = await start(options);
  await waitFor(() => standIn.seen.exits.length, { timeoutMs: 20_000, what: 'the program to leave' });
  return standIn;
}

function call(standIn: StandIn, ...args: unknown[]): Promise<unknown> {
  const window = standIn.seen.windows[0];
  return callAs(standIn, { sender: window?.webContents, senderFrame: { url: 'app://samband/', parent: null } }, ...args);
}

function callAs(standIn: StandIn, event: unknown, ...args: unknown[]): Promise<unknown> {
  return standIn.seen.handlers.get('samband:call')!(event, ...args);
}

const logged = () => readFileSync(join(folder, 'logs/samband.log'), 'utf8');

beforeEach(() => {
  folder = scratch('contract');
});

afterEach(async () => {
  for (const { electron, seen } of running) {
    if (seen.exits.length > 0) continue;
    electron.app.quit();
    await waitFor(() => seen.exits.length, { timeoutMs: 10_000, what: 'the services to end' });
  }
  running = [];
  process.argv = argv;
  process.removeAllListeners('uncaughtExceptionMonitor');
});

describe.each([
  ['from its source', source],
  ['as it is built', built],
])('the program %s', (_name, entry) => {
  it('opens its window on the real services, and ends in order', async () => {
    const standIn = await started({ entry });
    const { seen, electron } = standIn;
    expect(seen.order).toEqual(['lock', 'scheme', 'ready', 'window', 'serve']);
    expect(seen.windows[0]?.loaded).toBe('app://samband/');
    expect(await call(standIn, 'session.start', null)).toMatchObject({ ok: true, value: { version: '0.0.0-test' } });
    expect(await call(standIn, 'directory.search', { query: 'a', limit: 5, line: null })).toMatchObject({ ok: true });

    seen.windows[0]?.close();
    // The services may still be asked to end twice: a second wish to quit comes while the first is under way.
    electron.app.quit();
    await waitFor(() => seen.exits.length, { timeoutMs: 10_000, what: 'the end' });
    expect(seen.exits).toEqual([0]);
    expect(logged().match(/"services.closed"/g)).toHaveLength(1);
    expect(logged().indexOf('services.closed')).toBeLessThan(logged().indexOf('shell.closed'));
    // The database is closed: no journal is left beside it.
    expect(existsSync(join(folder, 'data/samband.db'))).toBe(true);
    expect(existsSync(join(folder, 'data/samband.db-wal'))).toBe(false);
  });
});

describe('a dry run of the directory', () => {
  it('prints and ends, with no window, no lock and no database', async () => {
    let printed = '';
    const write = vi.spyOn(process.stdout, 'write').mockImplementation((text: unknown, ...rest: readonly unknown[]) => {
      printed += String(text);
      for (const done of rest) if (typeof done === 'function') (done as () => void)();
      return true;
    });
    try {
      const file = join(folder, 'people.csv');
      writeFileSync(file, 'id,name\n1,Kari Nordmann\n');
      const settings = JSON.stringify({ directory: { kind: 'csv', file } });
      const { seen } = await failed({ args: ['--directory-dry-run'], settings });
      expect(seen.exits).toEqual([0]);
      expect(seen.order).toEqual(['ready', 'exit']);
      expect(printed).toContain('1. Kari Nordmann');
      expect(existsSync(join(folder, 'data'))).toBe(false);
      const missing = await failed({ args: ['--directory-dry-run', '--config', join(folder, 'none.json')] });
      expect(missing.seen.exits).toEqual([10]);
      expect(printed).toContain('none.json does not exist');
    } finally {
      write.mockRestore();
    }
  });
});

describe('the window', () => {
  it('has the preferences that confine it', async () => {
    const { seen } = await started();
    expect(seen.windows).toHaveLength(1);
    const { webPreferences, show } = seen.windows[0]!.options;
    expect(show).toBe(false);
    expect(webPreferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
      spellcheck: false,
      backgroundThrottling: false,
      devTools: true,
    });
    expect(seen.switches).toEqual(
      expect.arrayContaining([
        'disable-background-timer-throttling',
        'disable-renderer-backgrounding',
        'disable-backgrounding-occluded-windows',
      ]),
    );
    expect(seen.schemes).toMatchObject([{ scheme: 'app', privileges: { standard: true, secure: true } }]);
    expect(seen.schemes[0]?.privileges).not.toHaveProperty('bypassCSP');
    expect(seen.windows[0]?.menuVisible).toBe(false);
  });

  it('has no developer tools once installed', async () => {
    const { seen } = await started({ packaged: true });
    expect(seen.windows[0]?.options.webPreferences?.devTools).toBe(false);
    expect(JSON.stringify(seen.menu)).not.toContain('toggleDevTools');
  });

  it('goes nowhere', async () => {
    const { seen } = await started();
    const contents = seen.windows[0]!.webContents;
    for (const name of ['will-navigate', 'will-redirect', 'will-frame-navigate', 'will-attach-webview']) {
      const event = refusable({ url: 'https://example.invalid/path?number=22051014' });
      contents.emit(name, event);
      expect(event.prevented, name).toBe(true);
    }
    expect(contents.windowOpen?.({ url: 'app://samband/' } as Electron.HandlerDetails)).toEqual({ action: 'deny' });
    expect(logged()).toContain('navigation.refused');
    expect(logged()).not.toContain('22051014');
  });

  it('leads by a click to the agent’s own programs for mail, messages and calls, and to nothing else', async () => {
    const { seen } = await started();
    const contents = seen.windows[0]!.webContents;
    const [mail, sms, tel] = [
      'mailto:per@example.no?subject=Hei&body=%C3%A5',
      'sms:+4792211334?body=Hei',
      'tel:+4722051014',
    ] as const;
    const go = async (name: string, url: string, isMainFrame = true) => {
      const before = logged().split('\n').length;
      const event = refusable({ url, isMainFrame });
      contents.emit(name, event);
      expect(event.prevented, url).toBe(true);
      await waitFor(() => logged().split('\n').length > before, { timeoutMs: 10_000, what: `a word about ${url}` });
    };
    await go('will-navigate', mail);
    expect(seen.opened).toEqual([]);
    expect(logged()).toContain('link.not-by-user');
    contents.emit('input-event', {}, { type: 'mouseMove' });
    await go('will-navigate', mail);
    expect(seen.opened).toEqual([]);
    contents.emit('input-event', {}, { type: 'rawKeyDown' });
    await go('will-frame-navigate', mail);
    // One press opens one.
    await go('will-navigate', sms);
    expect(seen.opened).toEqual([mail]);
    // As when a screen reader presses: the page alone knows.
    contents.clicked = true;
    await go('will-navigate', sms);
    expect(contents.windowOpen?.({ url: tel } as Electron.HandlerDetails)).toEqual({ action: 'deny' });
    await waitFor(() => seen.opened.length === 3, { timeoutMs: 10_000, what: 'the third' });
    expect(seen.opened).toEqual([mail, sms, tel]);

    await go('will-redirect', mail);
    await go('will-frame-navigate', mail, false);
    for (const url of ['https://example.no/', 'file:///etc/passwd', 'mailto:a@b.no?attach=/etc/passwd'])
      await go('will-navigate', url);
    contents.address = 'about:blank';
    await go('will-navigate', mail);
    expect(seen.opened).toHaveLength(3);
    expect(logged()).not.toMatch(/per@example|92211334|22051014/);
  });

  it('is served with the policy, and from its folder only', async () => {
    const servers = { telephone: { uri: 'sip:a@example.no', servers: ['wss://sip.example.no:7443/ws'] } };
    const { seen } = await started({ settings: JSON.stringify(servers) });
    const page = await seen.serve!(new Request('app://samband/'));
    expect(page.status).toBe(200);
    expect(page.headers.get('Content-Type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('Content-Security-Policy')).toContain("connect-src 'self' wss://sip.example.no:7443");
    expect(page.headers.get('Content-Security-Policy')).not.toContain('unsafe-inline');
    for (const url of [
      'app://samband/../main/electron.js',
      'app://samband/%2e%2e%2fmain%2felectron.js',
      'app://elsewhere/',
      'app://u@samband/',
      'app://samband/none',
    ]) {
      const answer = await seen.serve!({ url, method: 'GET' } as Request);
      expect(answer.status, url).toBe(404);
    }
    expect((await seen.serve!(new Request('app://samband/', { method: 'POST' }))).status).toBe(404);
  });

  it('is put where it was, and asks before it leaves a call', async () => {
    writeFileSync(
      join(folder, 'window.json'),
      JSON.stringify({ bounds: { x: 300, y: 200, width: 1200, height: 720 }, maximized: false }),
    );
    const { seen } = await started();
    const window = seen.windows[0]!;
    expect(window.options).toMatchObject({ x: 300, y: 200, width: 1200, height: 720 });

    const stay = refusable();
    window.webContents.emit('will-prevent-unload', stay);
    expect(stay.prevented).toBe(false);
    expect(seen.questions[0]).toMatchObject({ message: expect.stringContaining('samtale'), defaultId: 0, cancelId: 0 });
    seen.answer = 1;
    const leave = refusable();
    window.webContents.emit('will-prevent-unload', leave);
    expect(leave.prevented).toBe(true);

    window.emit('close', refusable());
    expect(JSON.parse(readFileSync(join(folder, 'window.json'), 'utf8'))).toEqual({ bounds: window.bounds, maximized: false });
  });

  it('is loaded again when its process dies, but not for ever', async () => {
    const { seen } = await started();
    const { webContents } = seen.windows[0]!;
    const die = () => webContents.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 5 });
    die();
    die();
    die();
    expect(webContents.reloads).toBe(3);
    die();
    expect(webContents.reloads).toBe(3);
    expect(seen.errorBoxes).toHaveLength(1);
    await waitFor(() => seen.exits.length, { timeoutMs: 10_000, what: 'the end' });
    expect(seen.exits).toEqual([15]);
    expect(logged()).toContain('services.closed');
  });

  it('flashes while somebody calls', async () => {
    const standIn = await started();
    await call(standIn, 'window.attention', { wanted: true });
    expect(standIn.seen.windows[0]?.flashing).toBe(true);
    await call(standIn, 'window.attention', { wanted: false });
    expect(standIn.seen.windows[0]?.flashing).toBe(false);
  });
});

describe('permissions', () => {
  const ask = (standIn: StandIn, permission: string, details: object) =>
    new Promise((resolve) => standIn.seen.request?.({} as never, permission as never, resolve, details as never));
  const check = (standIn: StandIn, permission: string, origin: string, details: object, contents: unknown = {}) =>
    standIn.seen.check?.(contents as never, permission as never, origin, details as never);
  const ours = { requestingUrl: 'app://samband/', isMainFrame: true };

  it('are given for the microphone of our own page, and little else', async () => {
    const standIn = await started();
    const given: [string, object, boolean][] = [
      ['media', { ...ours, mediaTypes: ['audio'] }, true],
      ['media', { ...ours, mediaTypes: ['video'] }, false],
      ['media', { ...ours, mediaTypes: ['audio', 'video'] }, false],
      ['media', { ...ours, mediaTypes: [] }, false],
      ['media', ours, false],
      ['media', { ...ours, mediaTypes: ['audio'], isMainFrame: false }, false],
      ['media', { ...ours, mediaTypes: ['audio'], requestingUrl: 'https://samband/' }, false],
      ['media', { ...ours, mediaTypes: ['audio'], requestingUrl: 'app://samband.evil/' }, false],
      ['speaker-selection', ours, true],
      ['clipboard-sanitized-write', ours, true],
      ['local-network', ours, true],
      ...[
        'geolocation',
        'notifications',
        'clipboard-read',
        'display-capture',
        'openExternal',
        'fullscreen',
        'hid',
        'usb',
        'unknown',
      ].map((name): [string, object, boolean] => [name, ours, false]),
    ];
    for (const [permission, details, expected] of given) {
      expect(await ask(standIn, permission, details), `${permission} ${JSON.stringify(details)}`).toBe(expected);
    }
    expect(check(standIn, 'media', 'app://samband/', { isMainFrame: true, mediaType: 'audio' })).toBe(true);
    expect(check(standIn, 'media', 'app://samband/', { isMainFrame: true, mediaType: 'video' })).toBe(false);
    expect(check(standIn, 'media', 'https://example.invalid/', { isMainFrame: true, mediaType: 'audio' })).toBe(false);
    expect(check(standIn, 'speaker-selection', 'app://samband/', { isMainFrame: true }, null)).toBe(false);
    expect(check(standIn, 'geolocation', 'app://samband/', { isMainFrame: true })).toBe(false);
    expect(standIn.seen.device?.({} as never)).toBe(false);
  });

  it('are the same in every session that comes later', async () => {
    const standIn = await started();
    type Ask = NonNullable<Parameters<Electron.Session['setPermissionRequestHandler']>[0]>;
    let request: Ask | null = null;
    const put: string[] = [];
    standIn.electron.app.emit('session-created', {
      setPermissionRequestHandler: (handler: Ask) => void (request = handler),
      setPermissionCheckHandler: () => void put.push('check'),
      setDevicePermissionHandler: () => void put.push('device'),
    });
    expect(put).toEqual(['check', 'device']);
    const answer = (details: object) =>
      new Promise((resolve) => request?.({} as never, 'media', resolve, { ...ours, ...details }));
    expect(request).not.toBeNull();
    expect(await answer({ mediaTypes: ['audio'] })).toBe(true);
    expect(await answer({ mediaTypes: ['video'] })).toBe(false);
  });
});

describe('the door', () => {
  it('listens to the top frame of our page in our window alone', async () => {
    const standIn = await started();
    const { webContents } = standIn.seen.windows[0]!;
    const top = { url: 'app://samband/', parent: null };
    const strangers: [string, unknown][] = [
      ['another window', { sender: {}, senderFrame: top }],
      ['a frame in our page', { sender: webContents, senderFrame: { ...top, parent: top } }],
      ['another origin', { sender: webContents, senderFrame: { ...top, url: 'https://example.invalid/' } }],
      ['a look-alike', { sender: webContents, senderFrame: { ...top, url: 'app://samband.evil/' } }],
      ['a frame that is gone', { sender: webContents, senderFrame: null }],
    ];
    for (const [name, event] of strangers) {
      expect(await callAs(standIn, event, 'session.start', null), name).toMatchObject({
        ok: false,
        error: { code: 'refused' },
      });
    }
    for (const args of [[], ['session.start'], [1, null], ['session.start', null, 'more'], [{ name: 'session.start' }, null]]) {
      expect(await call(standIn, ...args), JSON.stringify(args)).toMatchObject({ ok: false, error: { code: 'refused' } });
    }
    expect(logged().match(/"door.refused"/g)).toHaveLength(strangers.length + 5);
    expect(await call(standIn, 'constructor', null)).toMatchObject({ ok: false, error: { code: 'unknown-call' } });
    expect([...standIn.seen.handlers.keys()]).toEqual(['samband:call']);
  });
});

describe('links and other instances', () => {
  const dials = (standIn: StandIn) =>
    standIn.seen.windows[0]!.webContents.sent.filter((message) => message[1] === 'dial.requested').map((message) => message[2]);

  it('hands its number to the instance that runs, and leaves', async () => {
    const { seen } = await failed({ secondInstance: true, args: ['--dial', '22 05 10 14'] });
    expect(seen.lockData).toEqual({ dial: '22051014' });
    expect(seen.exits).toEqual([0]);
    expect(seen.windows).toEqual([]);
    expect(seen.schemes).toEqual([]);
  });

  it('takes a number from another instance, a link, and its own command line once the page listens', async () => {
    const standIn = await started({ args: ['tel:+4722051014'] });
    const { electron, seen } = standIn;
    expect(dials(standIn)).toEqual([]);
    await call(standIn, 'session.start', null);
    await waitFor(() => dials(standIn).length, { timeoutMs: 5_000, what: 'the first number' });

    seen.windows[0]!.minimized = true;
    electron.app.emit('second-instance', {}, [], '', { dial: '815' });
    expect(seen.windows[0]).toMatchObject({ minimized: false, focused: 1 });
    const link = refusable();
    electron.app.emit('open-url', link, 'callto:+4722051015');
    expect(link.prevented).toBe(true);
    electron.app.emit('open-url', refusable(), 'tel:evil');
    expect(dials(standIn)).toEqual([{ number: '+4722051014' }, { number: '815' }, { number: '+4722051015' }]);

    // Whatever another program sends: the window comes forward, and nothing is dialled.
    for (const strange of [null, {}, { dial: 5 }, 'x']) electron.app.emit('second-instance', {}, [], '', strange);
    expect(dials(standIn)).toHaveLength(3);
    expect(seen.windows[0]?.focused).toBe(6);
    expect(logged()).not.toContain('22051014');
  });

  it('takes over the links that the settings name, when it is installed', async () => {
    const settings = JSON.stringify({ links: ['tel', 'sip'] });
    expect((await started({ settings, packaged: true })).seen.links).toEqual(['tel', 'sip']);
  });

  it('leaves the system alone in a checkout', async () => {
    expect((await started({ settings: JSON.stringify({ links: ['tel'] }) })).seen.links).toEqual([]);
  });
});

describe('what keeps it from starting', () => {
  it('names the file, the key and what was expected', async () => {
    const { seen } = await failed({ settings: '{ "telephone": { "uri": "nobody" } }' });
    expect(seen.exits).toEqual([10]);
    expect(seen.errorBoxes[0]?.title).toBe('Samband kan ikke starte');
    expect(seen.errorBoxes[0]?.content).toContain(join(folder, 'settings.json'));
    expect(seen.errorBoxes[0]?.content).toContain('telephone.uri');
    expect(seen.windows[0]?.loaded).toBeNull();
    expect(logged()).toContain('shell.failed');
  });

  it('does not pass over a settings file that was named and is not there', async () => {
    const { seen } = await failed({ args: ['--config', join(folder, 'missing.json')], locale: 'en-GB' });
    expect(seen.exits).toEqual([10]);
    expect(seen.errorBoxes[0]).toMatchObject({
      title: 'Samband cannot start',
      content: expect.stringContaining('missing.json'),
    });
  });

  it('refuses a key that does not fit, and changes nothing', async () => {
    const first = await started();
    first.electron.app.quit();
    await waitFor(() => first.seen.exits.length, { timeoutMs: 10_000, what: 'the end' });
    const secrets = join(folder, 'secrets.json');
    expect(readFileSync(secrets, 'utf8')).not.toMatch(/[0-9a-f]{64}/);
    writeFileSync(
      secrets,
      JSON.stringify({ database: Buffer.from(`sealed:${Buffer.from('0'.repeat(64)).toString('hex')}`).toString('base64') }),
    );
    const { seen } = await failed();
    expect(seen.exits).toEqual([12]);
    expect(seen.errorBoxes[0]?.content).toContain('wrong-key');
  });

  it('refuses to keep secrets where everybody could read them', async () => {
    const { seen } = await failed({ keyStore: 'basic_text', locale: 'nn' });
    expect(seen.exits).toEqual([13]);
    expect(seen.errorBoxes[0]).toMatchObject({
      title: 'Samband kan ikkje starte',
      content: expect.stringContaining('nøkkelringen'),
    });
  });

  it('says that the store of secrets is damaged', async () => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'secrets.json'), '{"database": 5}');
    const { seen } = await failed();
    expect(seen.exits).toEqual([14]);
  });
});
