/** Small pages of the tests' own, built by vite and served from loopback, a secure context. */
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, preview } from 'vite';
import { scratch } from '../lab/process.ts';

const served = new Map<string, Promise<string>>();

/** Where the page of a folder (`index.html` and its script) is served; built once a process. */
export function servePage(folder: URL): Promise<string> {
  const root = fileURLToPath(folder);
  const known = served.get(root) ?? buildAndServe(root);
  served.set(root, known);
  return known;
}

async function buildAndServe(root: string): Promise<string> {
  const outDir = join(scratch(basename(root)), 'page');
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    build: { outDir, target: 'chrome108', assetsInlineLimit: 0, modulePreload: false },
  });
  const server = await preview({
    root,
    configFile: false,
    logLevel: 'error',
    build: { outDir },
    preview: { host: '127.0.0.1', port: 0 },
  });
  const address = server.httpServer.address();
  if (address === null || typeof address === 'string') throw new Error('the page is not served');
  server.httpServer.unref();
  return `http://127.0.0.1:${address.port}/`;
}
