import { cpSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { scratch } from '../lab/process.ts';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * A copy of the sources with the same configuration and packages, in which a test can plant what must be refused. The packages are
 * links; only the compiler's cache is the copy's own.
 */
export function mirrorRepository(rooms: readonly string[]): {
  readonly folder: string;
  plant(path: string, text: string): void;
} {
  const folder = scratch('mirror');
  for (const file of readdirSync(root).filter((name) => /^(tsconfig.*|package)\.json$|^\.oxlintrc\.json$/.test(name))) {
    cpSync(join(root, file), join(folder, file));
  }
  for (const room of rooms) cpSync(join(root, room), join(folder, room), { recursive: true });
  mkdirSync(join(folder, 'node_modules'));
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (name !== '.cache') symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
  }
  return {
    folder,
    plant(path, text) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    },
  };
}
