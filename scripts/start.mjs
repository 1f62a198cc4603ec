// `npm start`: the embedded demo. `npm start -- --config FILE [--policy FILE] [--provision FILE] [--data FOLDER]`: the same app against real
// servers. Plain Node: installs and builds what is missing, then runs the app in Electron, or else in an installed browser.
import { spawn } from 'node:child_process';
import { install, missing, ownNode } from './install.mjs';

const major = Number(process.versions.node.split('.')[0]);
if (major < 20) {
  console.error(`Samband needs Node 20 or newer to start; this is ${process.versions.node}.`);
  process.exit(1);
}

if (process.env.SAMBAND_STARTED_AT !== undefined && process.execPath === ownNode) {
  const { start } = await import('./start/app.mjs');
  await start(process.argv.slice(2), Number(process.env.SAMBAND_STARTED_AT));
} else {
  const startedAt = Date.now();
  const say = (line) => console.log(`[${((Date.now() - startedAt) / 1000).toFixed(1).padStart(5)} s] ${line}`);
  if (missing() !== null && !install(say)) {
    console.error('The npm packages could not be installed; see npm’s own words above.');
    process.exit(1);
  }
  // A channel to the child, so that it ends even when this process dies without a word.
  const child = spawn(ownNode, [process.argv[1], ...process.argv.slice(2)], {
    cwd: process.cwd(),
    env: { ...process.env, SAMBAND_STARTED_AT: String(startedAt) },
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  const ask = () => {
    if (child.connected) child.send('stop');
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, ask);
  child.on('error', (error) => {
    console.error(`${ownNode}: ${error.message}`);
    process.exit(1);
  });
  child.on('exit', (code) => process.exit(code ?? 1));
}
