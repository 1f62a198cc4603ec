// Lint (oxlint with types) and format (oxfmt). `npm run lint`; `npm run format` puts the format right.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from './install.mjs';

const tools = [
  ['oxlint', 'node_modules/oxlint/bin/oxlint', '--type-aware', '--deny-warnings'],
  ['oxfmt', 'node_modules/oxfmt/bin/oxfmt', '--check'],
];

let failed = false;
for (const [name, file, ...args] of tools) {
  const done = spawnSync(process.execPath, [join(root, file), ...args], { cwd: root, stdio: 'inherit' });
  if (done.status !== 0) {
    failed = true;
    console.log(`${name} found something (above).`);
  }
}
process.exit(failed ? 1 : 0);
