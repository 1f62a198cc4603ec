/** The real shell, preload and renderer in a real Electron: what must work in it, and what must be refused by it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scratch, waitFor } from '../lab/process.ts';
import '../../renderer/bridge.ts';
import { nb } from '../../renderer/text/nb.ts';
import { agentWindow } from '../lib/agent.ts';
import { launchElectron, type ElectronWindow } from '../lib/electron.ts';

interface ShellLine {
  readonly level: string;
  readonly event: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

const folder = scratch('electron');
const settingsFile = join(folder, 'settings.json');
const dataFolder = join(folder, 'data');
let shell: ElectronWindow;

function log(event: string): ShellLine[] {
  return readFileSync(join(dataFolder, 'logs', 'shell.log'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as ShellLine)
    .filter((line) => line.event === event);
}

/** Does what the page must not, and waits for the shell to have said no. */
async function refused(event: string, attempt: () => Promise<unknown>): Promise<ShellLine> {
  const before = log(event).length;
  await attempt();
  return waitFor(() => log(event)[before], { timeoutMs: 10_000, what: event });
}

beforeAll(async () => {
  writeFileSync(
    join(folder, 'people.csv'),
    'id,name,title,unit,keywords,landline\n' +
      '1,Åse Øverbø,Rådgiver,Barnehagekontoret,barnehageopptak,22051014\n2,Per Hansen,Byggesaksbehandler,Plan og bygg,garasje,22051015\n',
  );
  writeFileSync(
    settingsFile,
    JSON.stringify({
      agent: { id: 'kari', name: 'Kari Nordmann' },
      directory: { kind: 'csv', file: join(folder, 'people.csv') },
      crm: {
        kind: 'request-tracker',
        url: 'http://127.0.0.1:9/',
        queue: 'General',
        tagField: 'Tags',
        clientIdField: 'ClientId',
      },
    }),
  );
  const provisionFile = join(folder, 'provision.json');
  writeFileSync(provisionFile, JSON.stringify({ secrets: { crm: 'unused' } }));
  shell = await launchElectron({ settingsFile, provisionFile, dataFolder });
});

afterAll(() => shell.close());

describe('what works', () => {
  it('opens on app:// with the bridge and nothing else of Electron', async () => {
    expect(shell.page.url()).toBe('app://samband/');
    const seen = await shell.page.evaluate(() => ({
      bridge: Object.keys(window.samband),
      node: ['require', 'process', 'module', 'Buffer', 'electron'].filter((name) => name in globalThis),
      secure: isSecureContext,
    }));
    expect(seen).toEqual({ bridge: ['call', 'on'], node: [], secure: true });
    expect(await shell.page.evaluate(() => window.samband.call('session.start', null))).toMatchObject({
      ok: true,
      value: { agent: { name: 'Kari Nordmann' } },
    });
  });

  it('runs the page in a sandbox of its own, awake in the background', async () => {
    const preferences = await shell.electron.evaluate(({ BrowserWindow, app }) => ({
      // Not in the public types, but the only way to see what a page really got.
      ...(
        BrowserWindow.getAllWindows()[0]!.webContents as unknown as { getLastWebPreferences(): Record<string, unknown> }
      ).getLastWebPreferences(),
      switches: [
        'disable-background-timer-throttling',
        'disable-renderer-backgrounding',
        'disable-backgrounding-occluded-windows',
      ].map((name) => app.commandLine.hasSwitch(name)),
    }));
    expect(preferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      switches: [true, true, true],
    });
  });

  it('finds a colleague as it is typed, and keeps a note that cannot be sent yet', async () => {
    const agent = agentWindow(shell.page);
    await agent.search.waitFor();
    await agent.press('Control+k');
    await shell.page.keyboard.type('garasj');
    await agent.hits.filter({ hasText: 'Per Hansen' }).waitFor();
    const note = await shell.page.evaluate(() =>
      window.samband.call('notes.submit', {
        id: crypto.randomUUID(),
        callId: 'call-1',
        target: { kind: 'newCase', subject: 'Garasje', contactId: null, number: '22051014' },
        text: 'Spurte om garasje.',
        tags: ['byggesak'],
      }),
    );
    expect(note).toMatchObject({ ok: true, value: { state: 'pending' } });
    // Nothing answers at port 9.
    await agent.bar.getByText(nb.sync.stored(1)).waitFor();
  });

  it('hears the microphone, and nothing sees the camera', async () => {
    const asked = await shell.page.evaluate(async () => {
      const ask = async (wanted: MediaStreamConstraints) => {
        try {
          const stream = await navigator.mediaDevices.getUserMedia(wanted);
          const kinds = stream.getTracks().map(({ kind }) => kind);
          for (const track of stream.getTracks()) track.stop();
          return kinds.join();
        } catch (error) {
          return error instanceof DOMException ? error.name : String(error);
        }
      };
      return [await ask({ audio: true }), await ask({ video: true }), await ask({ audio: true, video: true })];
    });
    expect(asked).toEqual(['audio', 'NotAllowedError', 'NotAllowedError']);
    const labels = await shell.page.evaluate(async () =>
      (await navigator.mediaDevices.enumerateDevices()).map(({ kind, label }) => [kind, label !== '']),
    );
    expect(labels).toContainEqual(['audioinput', true]);
    expect(labels).toContainEqual(['audiooutput', true]);
  });
});

describe('what is refused', () => {
  it.each(['http://127.0.0.1:9/', 'https://example.invalid/', 'app://elsewhere/', 'app://samband.evil/'])(
    'navigation to %s',
    async (address) => {
      await refused('navigation.refused', () =>
        shell.page.evaluate((to) => {
          location.href = to;
        }, address),
      );
      expect(shell.page.url()).toBe('app://samband/');
    },
  );

  it('a local file, which Chromium does not even try', async () => {
    const complaint = shell.page.waitForEvent('console', {
      predicate: (message) => message.text().includes('file:///etc/passwd'),
    });
    await shell.page.evaluate(() => {
      location.href = 'file:///etc/passwd';
    });
    expect((await complaint).text()).toContain('Not allowed to load local resource');
    expect(shell.page.url()).toBe('app://samband/');
  });

  it('links that lead away', async () => {
    await refused('window-open.refused', () =>
      shell.page.evaluate(() => {
        const link = Object.assign(document.createElement('a'), { href: 'https://example.invalid/', target: '_blank' });
        document.body.append(link);
        link.click();
        link.remove();
      }),
    );
    await refused('navigation.refused', () =>
      shell.page.evaluate(() => {
        const link = Object.assign(document.createElement('a'), { href: 'https://example.invalid/' });
        document.body.append(link);
        link.click();
        link.remove();
      }),
    );
    expect(shell.page.url()).toBe('app://samband/');
  });

  it('window.open, wherever it leads', async () => {
    for (const address of ['https://example.invalid/', 'app://samband/', 'about:blank']) {
      await refused('window-open.refused', async () => {
        expect(await shell.page.evaluate((to) => window.open(to) === null, address)).toBe(true);
      });
    }
    expect(await shell.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
  });

  it('every other permission', async () => {
    const answers = await shell.page.evaluate(async () => {
      const outcome = async (attempt: () => Promise<unknown>) => {
        try {
          return JSON.stringify(await attempt());
        } catch (error) {
          return error instanceof DOMException ? error.name : String(error);
        }
      };
      return {
        geolocation: await outcome(
          () =>
            new Promise((_resolve, reject) =>
              navigator.geolocation.getCurrentPosition(
                () => reject(new Error('given')),
                (error) => reject(new DOMException('', `code ${error.code}`)),
              ),
            ),
        ),
        notifications: await outcome(() => Notification.requestPermission()),
        clipboardRead: await outcome(() => navigator.clipboard.readText()),
        screen: await outcome(() => navigator.mediaDevices.getDisplayMedia({ video: true })),
        midi: await outcome(() => navigator.requestMIDIAccess({ sysex: true })),
      };
    });
    expect(answers).toMatchObject({ geolocation: 'code 1', notifications: '"denied"' });
    expect(answers.clipboardRead).toBe('NotAllowedError');
    expect(answers.screen).toMatch(/^(NotAllowedError|NotSupportedError|NotReadableError)$/);
    expect(answers.midi).toMatch(/^(NotAllowedError|SecurityError)$/);
    expect(log('permission.refused').map(({ details }) => details?.['permission'])).toEqual(
      expect.arrayContaining(['media', 'notifications']),
    );
  });

  it('calls of any other window, even one with our preload and our page', async () => {
    for (const address of ['data:text/html,<p>foreign</p>', 'app://samband/']) {
      const answer = await shell.electron.evaluate(
        async ({ BrowserWindow }, { preload, url }) => {
          const window = new BrowserWindow({ show: false, webPreferences: { preload, sandbox: true, contextIsolation: true } });
          await window.loadURL(url);
          const result: unknown = await window.webContents.executeJavaScript(`window.samband.call('session.start', null)`);
          window.destroy();
          return result;
        },
        { preload: join(import.meta.dirname, '../../out/preload/index.cjs'), url: address },
      );
      expect(answer).toMatchObject({ ok: false, error: { code: 'refused' } });
    }
    expect(log('door.refused').map(({ details }) => details?.['reason'])).toContain('not-our-window');
  });

  it('the bridge to frames in our page', async () => {
    const bridge = await shell.page.evaluate(() => {
      const frame = document.createElement('iframe');
      document.body.append(frame);
      const inside = typeof frame.contentWindow?.samband;
      frame.remove();
      return inside;
    });
    expect(bridge).toBe('undefined');
  });

  it('files outside the window’s folder, other hosts, inline scripts, and everything on the network', async () => {
    const answers = await shell.page.evaluate(async () => {
      const status = async (url: string) => {
        try {
          return (await fetch(url)).status;
        } catch {
          return 'refused';
        }
      };
      const script = document.createElement('script');
      script.textContent = 'window.inline = true';
      document.body.append(script);
      return {
        files: await Promise.all(
          [
            '/package.json',
            '/../main/electron.js',
            '/%2e%2e/main/electron.js',
            '/%2e%2e%2fmain%2felectron.js',
            '/..%5cmain%5celectron.js',
          ].map((path) => status(`app://samband${path}`)),
        ),
        index: await status('app://samband/index.html'),
        elsewhere: await Promise.all(
          ['app://elsewhere/index.html', 'file:///etc/passwd', 'http://127.0.0.1:9/', 'https://example.invalid/'].map(status),
        ),
        inline: 'inline' in window,
      };
    });
    expect(answers).toEqual({
      files: [404, 404, 404, 404, 404],
      index: 200,
      elsewhere: ['refused', 'refused', 'refused', 'refused'],
      inline: false,
    });
  });

  it('a second instance, which hands its number over and ends', async () => {
    const dial = shell.page.evaluate(
      () => new Promise<string>((resolve) => void window.samband.on('dial.requested', ({ number }) => resolve(number))),
    );
    await shell.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.minimize());
    expect(await shell.startAgain('--dial', '22 05 10 14')).toBe(0);
    expect(await dial).toBe('22051014');
    expect(
      await shell.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((window) => window.isMinimized())),
    ).toEqual([false]);
    expect(await shell.startAgain('tel:+47-22-05-10-15')).toBe(0);
    await waitFor(() => log('shell.second-instance').length === 2, { timeoutMs: 10_000, what: 'the second hand-over' });
  });
});

describe('what goes on', () => {
  it('comes back when the page dies', async () => {
    await refused('window.process-gone', () =>
      shell.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.webContents.forcefullyCrashRenderer()),
    );
    const ask = () =>
      shell.electron.evaluate(
        ({ BrowserWindow }) =>
          BrowserWindow.getAllWindows()[0]!.webContents.executeJavaScript(
            `window.samband.call('session.start', null)`,
          ) as Promise<{ ok: boolean }>,
      );
    await waitFor(async () => (await ask()).ok, { timeoutMs: 20_000, what: 'the page to be back' });
  });

  it('quits in order, and finds its place and its notes again', async () => {
    const placed = { x: 60, y: 40, width: 1100, height: 700 };
    await shell.electron.evaluate(({ BrowserWindow }, bounds) => BrowserWindow.getAllWindows()[0]!.setBounds(bounds), placed);
    expect(await shell.close()).toBe(0);
    expect(log('shell.closed').map(({ details }) => details?.['outcome'])).toEqual(['done']);

    shell = await launchElectron({ settingsFile, dataFolder, args: ['--dial=+4722051015'] });
    expect(await shell.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.getNormalBounds())).toEqual(
      placed,
    );
    const outbox = await shell.page.evaluate(() => window.samband.call('outbox.status', null));
    expect(outbox).toMatchObject({ ok: true, value: { pending: 1 } });
    // The number that started it waits until the page listens.
    await waitFor(
      async () =>
        (
          await shell.page
            .getByRole('textbox')
            .evaluateAll((fields) => fields.map((field) => (field as HTMLInputElement).value))
        ).some((value) => value.replaceAll(/\s/g, '').includes('22051015')),
      {
        timeoutMs: 10_000,
        what: 'the number in the dial field',
      },
    );
  });
});
