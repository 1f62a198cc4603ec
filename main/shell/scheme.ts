import { readFile } from 'node:fs/promises';
import { protocol, type Session } from 'electron';
import type { Log } from '../services/ports.ts';
import { siteHeaders } from '../services/site/headers.ts';
import type { Site } from '../services/site/site.ts';
import { isOurPage, scheme } from './origin.ts';

/** To be called before Electron is ready. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true } },
  ]);
}

/** Serves the window's files at app://samband/, and nothing else, with the headers that every one of them carries. */
export function serveScheme(session: Session, site: Site, contentSecurityPolicy: string, log: Log): void {
  const headers = siteHeaders(contentSecurityPolicy);
  session.protocol.handle(scheme, async (request) => {
    const found = request.method === 'GET' && isOurPage(request.url) ? site(new URL(request.url).pathname) : null;
    if (found === null) {
      log.warn('app-scheme.not-found', { method: request.method });
      return new Response('Not found', { status: 404, headers: { ...headers, 'Content-Type': 'text/plain; charset=utf-8' } });
    }
    return new Response(await readFile(found.file), { status: 200, headers: { ...headers, 'Content-Type': found.type } });
  });
}
