import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { request, type IncomingHttpHeaders } from 'node:http';
import { join } from 'node:path';
import { startHost, type Host, type HostOptions } from '../../host/start.ts';
import type { Log } from '../../main/services/ports.ts';
import { scratch } from '../lab/process.ts';

export interface LogLine {
  readonly level: 'info' | 'warn' | 'error';
  readonly event: string;
  readonly details: Readonly<Record<string, unknown>> | undefined;
}

/** A log that a test can read. */
export function listeningLog(): { readonly log: Log; readonly lines: LogLine[] } {
  const lines: LogLine[] = [];
  const write = (level: LogLine['level']) => (event: string, details?: Readonly<Record<string, unknown>>) =>
    void lines.push({ level, event, details });
  return { log: { info: write('info'), warn: write('warn'), error: write('error') }, lines };
}

/** A small built window: a page, a hashed script, a sound; and beside it what must never be served. */
export function writeSite(folder: string): string {
  const root = join(folder, 'renderer');
  mkdirSync(join(root, 'assets'), { recursive: true });
  writeFileSync(
    join(root, 'index.html'),
    '<!doctype html>\n<html lang="nb">\n  <head>\n    <title>Samband</title>\n' +
      '    <script type="module" src="./assets/index-abc.js"></script>\n  </head>\n  <body></body>\n</html>\n',
  );
  writeFileSync(join(root, 'assets', 'index-abc.js'), 'document.body.dataset.bridge = Object.keys(window.samband).join();\n');
  writeFileSync(join(root, 'assets', 'ring-abc.wav'), 'RIFF');
  writeFileSync(join(folder, 'secret.txt'), 'not for anybody');
  symlinkSync(join(folder, 'secret.txt'), join(root, 'link.txt'));
  symlinkSync(folder, join(root, 'assets', 'up'));
  return root;
}

/** A real host with the real services on a folder of its own. */
export async function realHost(
  options: Partial<HostOptions> = {},
): Promise<{ readonly host: Host; readonly lines: LogLine[]; readonly folder: string }> {
  const folder = scratch('host');
  const { log, lines } = listeningLog();
  const host = await startHost({
    folder: join(folder, 'data'),
    settingsFile: join(folder, 'settings.json'),
    policyFile: null,
    rendererFolder: writeSite(folder),
    log,
    version: '0.0.0-test',
    checkOutput: true,
    ...options,
  });
  if (!host.ok) throw new Error(`${host.error.code}: ${host.error.message}`);
  return { host: host.value, lines, folder };
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** One request, its path and headers exactly as given: `fetch` would tidy both. */
export function get(
  port: number,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  method = 'GET',
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => (body += part));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    });
    asked.on('error', reject);
    asked.end();
  });
}

/** Exchanges the one-time address for a cookie, as a browser does. */
export async function enter(host: Host, address = host.url): Promise<{ readonly port: number; readonly cookie: string }> {
  const url = new URL(address);
  const port = Number(url.port);
  const { headers } = await get(port, `${url.pathname}${url.search}`);
  return { port, cookie: headers['set-cookie']?.[0]?.split(';', 1)[0] ?? '' };
}
