import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { fail, ok, type Result } from '#contract';
import type { Log } from '../main/services/ports.ts';
import type { Dispatch } from '../main/services/router.ts';
import { siteHeaders } from '../main/services/site/headers.ts';
import { openSite } from '../main/services/site/site.ts';
import { Gate, type GateRefusal } from './gate.ts';
import { Line } from './line.ts';
import { bridgePath, bridgeScript, elsewherePage, refusedPage, withBridge } from './pages.ts';

/** Larger than any input that the contract allows. */
const largestMessageBytes = 1_000_000;

export interface WindowServerOptions {
  readonly dispatch: Dispatch;
  readonly contentSecurityPolicy: string;
  /** Built by `electron-vite build`. */
  readonly rendererFolder: string;
  /** 0: any free one. */
  readonly port: number;
  readonly log: Log;
}

export interface WindowServer {
  /** A new address that lets one browser in, once. */
  issueAddress(): string;
  /** Tells the window, if one is open. */
  tell(name: string, data: unknown): void;
  close(): Promise<void>;
}

function listen(server: Server, port: number): Promise<Result<number>> {
  return new Promise((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      resolve(fail(error.code === 'EADDRINUSE' ? 'conflict' : 'internal', `Port ${port}: ${error.message}`));
    });
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? ok(address.port) : fail('internal', 'The server has no port.'));
    });
  });
}

/** Serves the built window and its line on loopback, to one browser that holds a token. */
export async function serveWindow(options: WindowServerOptions): Promise<Result<WindowServer>> {
  const { log } = options;
  const [site, bridge] = await Promise.all([openSite(options.rendererFolder), bridgeScript()]);
  const indexFile = site('/');
  if (indexFile === null) return fail('not-found', `${options.rendererFolder} holds no index.html: the window is not built.`);
  const index = withBridge(await readFile(indexFile.file, 'utf8'));
  const headers = siteHeaders(options.contentSecurityPolicy);
  const line = new Line(options.dispatch, log);
  const sockets = new WebSocketServer({ noServer: true, maxPayload: largestMessageBytes, perMessageDeflate: false });

  const html = 'text/html; charset=utf-8';
  const reply = (response: ServerResponse, status: number, type: string, body: string | Buffer, caching = 'no-store') => {
    response.writeHead(status, { ...headers, 'Content-Type': type, 'Cache-Control': caching }).end(body);
  };
  const turnAway = (response: ServerResponse, reason: GateRefusal) => {
    log.warn('host.refused', { reason });
    reply(response, 403, html, refusedPage);
  };

  async function answer(gate: Gate, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const wrongHost = gate.refuseHost(request.headers);
    if (wrongHost !== null) return turnAway(response, wrongHost);
    if (request.method !== 'GET' && request.method !== 'HEAD') return reply(response, 405, 'text/plain', 'Method not allowed');
    const address = new URL(request.url?.startsWith('/') ? gate.origin + request.url : gate.origin);
    const token = address.searchParams.get('token');
    if (token !== null && address.pathname === '/') {
      const cookie = gate.exchange(token);
      if (cookie === null) return turnAway(response, 'token');
      response.writeHead(303, { ...headers, Location: '/', 'Set-Cookie': cookie, 'Cache-Control': 'no-store' }).end();
      return;
    }
    const reason = gate.refuse(request.headers);
    if (reason !== null) return turnAway(response, reason);
    switch (address.pathname) {
      case '/':
      case '/index.html':
        return reply(response, 200, html, index);
      case '/elsewhere':
        return reply(response, 200, html, elsewherePage);
      case '/favicon.ico':
        // Browsers ask by themselves; nothing is missing.
        return reply(response, 204, 'image/x-icon', '');
      case bridgePath:
        return reply(response, 200, 'text/javascript; charset=utf-8', bridge);
      default: {
        const found = site(address.pathname);
        if (found === null) return reply(response, 404, 'text/plain; charset=utf-8', 'Not found');
        const caching = found.immutable ? 'private, max-age=31536000, immutable' : 'no-cache';
        return reply(response, 200, found.type, await readFile(found.file), caching);
      }
    }
  }

  function upgrade(gate: Gate, request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const reason = gate.refuseLine(request.headers);
    const again = request.url === '/wire?again';
    if (reason !== null || (request.url !== '/wire' && !again)) {
      log.warn('host.refused', { reason: reason ?? 'path', line: true });
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (opened) => line.offer(opened, again));
  }

  const server = createServer();
  const listening = await listen(server, options.port);
  if (!listening.ok) return listening;
  // Known only now, and nothing can have been asked before this turn of the event loop ends.
  const gate = new Gate(listening.value);
  server.on('request', (request, response) => {
    answer(gate, request, response).catch((error: unknown) => {
      log.error('host.request-failed', { cause: String(error) });
      if (!response.headersSent) reply(response, 500, 'text/plain; charset=utf-8', 'Internal error');
      else response.destroy();
    });
  });
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    upgrade(gate, request, socket, head);
  });

  return ok({
    issueAddress: () => gate.issueAddress(),
    tell: (name, data) => line.tell(name, data),
    close: () =>
      new Promise((resolve) => {
        for (const client of sockets.clients) client.close(1001, 'the host is closing');
        for (const client of sockets.clients) client.terminate();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
}
