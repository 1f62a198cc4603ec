import { readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';

/** A file of the window's bundle. */
export interface SiteFile {
  readonly file: string;
  readonly type: string;
  /** Its name holds a hash of its content: it never changes under this address. */
  readonly immutable: boolean;
}

/** What an address' path leads to; null when there is no such file. */
export type Site = (path: string) => SiteFile | null;

const types: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  json: 'application/json',
  svg: 'image/svg+xml',
  png: 'image/png',
  ico: 'image/x-icon',
  webp: 'image/webp',
  woff2: 'font/woff2',
  woff: 'font/woff',
  wav: 'audio/wav',
  mp3: 'audio/mpeg',
  ogg: 'audio/ogg',
  webm: 'audio/webm',
};

/** The Content-Type of a file by its ending; what is not known is never guessed by the browser (nosniff). */
export function contentType(file: string): string {
  const ending = /\.([a-z0-9]+)$/i.exec(file)?.[1]?.toLowerCase();
  return (ending === undefined ? undefined : types[ending]) ?? 'application/octet-stream';
}

async function files(folder: string, prefix: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const nested = await Promise.all(
    entries.map(async (entry) => {
      // A symbolic link is neither: nothing outside the folder can be reached through one.
      if (entry.isDirectory()) return files(join(folder, entry.name), `${prefix}${entry.name}/`);
      return entry.isFile() ? [`${prefix}${entry.name}`] : [];
    }),
  );
  return nested.flat();
}

/**
 * Lists a folder once, and afterwards serves exactly those files by exactly their names. No path is ever put together from
 * an address, so none can lead out of the folder, whatever it holds (`..`, `%2e`, backslashes, NUL, links).
 */
export async function openSite(folder: string): Promise<Site> {
  const root = await realpath(folder);
  const known = new Map<string, SiteFile>();
  for (const name of await files(root, '')) {
    known.set(`/${name}`, {
      file: join(root, ...name.split('/')),
      type: contentType(name),
      immutable: name.startsWith('assets/'),
    });
  }
  const index = known.get('/index.html');
  if (index !== undefined) known.set('/', index);
  return (path) => {
    try {
      return known.get(decodeURIComponent(path)) ?? null;
    } catch {
      return null;
    }
  };
}
