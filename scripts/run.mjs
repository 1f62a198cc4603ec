// Runs a TypeScript file under the project's own Node, with the packages installed first: `node scripts/run.mjs FILE [arguments]`.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { install, ownNode, root } from './install.mjs';

const [file, ...rest] = process.argv.slice(2);
if (file === undefined) {
  console.error('node scripts/run.mjs FILE [arguments]');
  process.exit(2);
}
if (!install((line) => console.error(line))) process.exit(1);

const child = spawn(ownNode, [file, ...rest], { cwd: root, stdio: 'inherit' });
// A terminal's Ctrl+C reaches the child by itself; this one only has to outlive it. Other signals are handed on.
process.on('SIGINT', () => undefined);
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('error', (error) => {
  console.error(error.message);
  process.exit(1);
});
child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
