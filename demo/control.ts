import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Control {
  /** `http://127.0.0.1:…/TOKEN`: POST `/call` there has somebody call. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Whether a demo answers at that address. */
export async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/call`, { signal: AbortSignal.timeout(2000) })).status === 405;
  } catch {
    return false;
  }
}

/** What the app may ask of the demo, on the loopback interface, for whoever knows the token. `call` answers false when nobody can call now. */
export async function startControl(call: () => boolean): Promise<Control> {
  const token = randomBytes(24).toString('base64url');
  const server = createServer((request, response) => {
    const [given = '', action, ...rest] = (request.url ?? '').split('/').filter((part) => part !== '');
    const same = given.length === token.length && timingSafeEqual(Buffer.from(given), Buffer.from(token));
    // A page in a browser always says where it comes from, and has no business here.
    if (!same || request.headers.origin !== undefined) return void response.writeHead(403).end();
    if (action !== 'call' || rest.length > 0) return void response.writeHead(404).end();
    if (request.method !== 'POST') return void response.writeHead(405, { Allow: 'POST' }).end();
    return void response.writeHead(call() ? 204 : 409).end();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/${token}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
