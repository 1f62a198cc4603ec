/** The web host's line in a real browser: the bridge that it puts there, and what becomes of it. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import '../../renderer/bridge.ts';
import type { Host } from '../../host/start.ts';
import { waitFor } from '../lab/process.ts';
import { launchBrowser } from '../lib/browser.ts';
import { realHost, type LogLine } from './host-setup.ts';

interface SocketsWindow extends Window {
  sockets: WebSocket[];
  WebSocket: typeof WebSocket;
}

let browser: Browser;
let context: BrowserContext;
let host: Host;
let lines: LogLine[];

beforeAll(async () => {
  const launched = await launchBrowser();
  browser = launched.browser;
  await launched.context.close();
});
afterAll(() => browser.close());

beforeEach(async () => {
  ({ host, lines } = await realHost());
  context = await browser.newContext();
  // The page's sockets, so that a test can pull the plug.
  await context.addInitScript(() => {
    const view = window as unknown as SocketsWindow;
    view.sockets = [];
    const Real = WebSocket;
    view.WebSocket = class extends Real {
      constructor(...given: ConstructorParameters<typeof WebSocket>) {
        super(...given);
        view.sockets.push(this);
      }
    };
  });
});
afterEach(async () => {
  await context.close();
  await host.close();
});

const begin = (page: Page) => page.evaluate(() => window.samband.call('session.start', null));

describe('the bridge in a browser', () => {
  it('is there before the bundle, and nothing is complained about', async () => {
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(host.url);
    expect(new URL(page.url()).search).toBe('');
    expect(await page.evaluate(() => document.body.dataset['bridge'])).toBe('call,on');
    expect(await begin(page)).toMatchObject({ ok: true, value: { version: '0.0.0-test' } });
    expect(await page.evaluate(() => document.cookie)).toBe('');
    expect(complaints).toEqual([]);
  });

  it('answers what was pending when the line dropped, and comes back by itself', async () => {
    const page = await context.newPage();
    await page.goto(host.url);
    await begin(page);
    const pending = await page.evaluate(async () => {
      const asked = window.samband.call('directory.status', null);
      // After the question has left: `call` sends it in a later turn.
      await Promise.resolve();
      await Promise.resolve();
      (window as unknown as SocketsWindow).sockets[0]?.close();
      return asked;
    });
    expect(pending).toMatchObject({ ok: false, error: { code: 'unreachable' } });
    // While there is no line: it is told when it is back.
    host.requestDial('815');
    const dialled = page.evaluate(
      () => new Promise((resolve) => void window.samband.on('dial.requested', ({ number }) => resolve(number))),
    );
    await waitFor(async () => (await begin(page)).ok, { timeoutMs: 10_000, what: 'the line to be back' });
    expect(await dialled).toBe('815');
  });

  it('keeps what came before anybody listened', async () => {
    const page = await context.newPage();
    await page.goto(host.url);
    host.requestDial('1');
    await begin(page);
    host.requestDial('2');
    await begin(page);
    const numbers = await page.evaluate(async () => {
      const heard: string[] = [];
      window.samband.on('dial.requested', ({ number }) => heard.push(number));
      await Promise.resolve();
      return heard;
    });
    expect(numbers).toEqual(['1', '2']);
  });

  it('survives a reload', async () => {
    const page = await context.newPage();
    await page.goto(host.url);
    await begin(page);
    await page.reload();
    expect(await begin(page)).toMatchObject({ ok: true });
    expect(new URL(page.url()).pathname).toBe('/');
  });

  it('is one window’s: a second one is told so, and the first goes on', async () => {
    const first = await context.newPage();
    await first.goto(host.url);
    await begin(first);
    const second = await context.newPage();
    await second.goto(new URL('/', host.url).href);
    await second.waitForURL('**/elsewhere');
    expect(await second.getByText('allerede åpent').isVisible()).toBe(true);
    expect(await begin(first)).toMatchObject({ ok: true });
    // Once the first is closed, the second may.
    await first.close();
    await second.getByRole('link').click();
    await second.waitForURL((url) => url.pathname === '/');
    expect(await begin(second)).toMatchObject({ ok: true });
  });

  it('says that the host is gone, and does not wait for it', async () => {
    const page = await context.newPage();
    await page.goto(host.url);
    await begin(page);
    await host.close();
    expect(await begin(page)).toMatchObject({ ok: false, error: { code: 'unreachable' } });
  });

  it('is not for another page in the same browser', async () => {
    const page = await context.newPage();
    await page.goto(host.url);
    const stranger = createServer((_request, response) => response.setHeader('Content-Type', 'text/html').end('<p>stranger'));
    await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
    try {
      const foreign = await context.newPage();
      await foreign.goto(`http://127.0.0.1:${(stranger.address() as AddressInfo).port}/`);
      const outcome = await foreign.evaluate(async (origin) => {
        const socket = new WebSocket(`${origin.replace('http', 'ws')}/wire`);
        const line = await new Promise((resolve) => {
          socket.addEventListener('open', () => resolve('open'));
          socket.addEventListener('error', () => resolve('refused'));
        });
        const read = await fetch(origin, { credentials: 'include' }).then(
          () => 'read',
          () => 'refused',
        );
        return { line, read };
      }, new URL(host.url).origin);
      expect(outcome).toEqual({ line: 'refused', read: 'refused' });
      expect(lines.filter(({ event }) => event === 'host.refused').map(({ details }) => details?.['reason'])).toContain(
        'origin',
      );
    } finally {
      stranger.close();
      stranger.closeAllConnections();
    }
  });
});
