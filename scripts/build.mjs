// Builds the window into out/ when its sources are newer. Needs the installed packages and nothing else.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { alone, ownNode, root } from './install.mjs';

const sources = ['contract', 'main', 'preload', 'renderer', 'resources', 'electron.vite.config.ts', 'package-lock.json'];
// What the build writes last of each part; vite empties a folder before it builds into it.
const results = ['main/electron.js', 'preload/index.cjs', 'renderer/index.html'].map((file) => join(root, 'out', file));

function newest(path) {
  if (!existsSync(path)) return 0;
  const stat = statSync(path);
  // A folder's own time tells that something in it was deleted.
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

/** Whether out/ is at least as new as what it is made from. */
export function isBuilt() {
  if (!results.every((file) => existsSync(file))) return false;
  const oldest = Math.min(...results.map((file) => statSync(file).mtimeMs));
  return sources.every((source) => newest(join(root, source)) <= oldest);
}

/** Builds where needed. Returns false when that failed (the reason is on the screen). */
export function build(say = (line) => console.log(line)) {
  if (isBuilt()) return true;
  return alone('build', say, () => {
    if (isBuilt()) return true;
    say('Building the window …');
    const tool = join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js');
    const done = spawnSync(ownNode, [tool, 'build', '--logLevel', 'warn'], { cwd: root, encoding: 'utf8' });
    if (done.status !== 0) console.error(`${done.stdout ?? ''}${done.stderr ?? ''}`);
    return done.status === 0;
  });
}
