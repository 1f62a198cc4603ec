/**
 * The tests' composition root: production's shell in whatever Electron there is, around the services in a Node of their own. Bundled as
 * CommonJS for it (tests/lib/electron.ts).
 */
import './shims.ts';
import { spawn } from 'node:child_process';
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { app } from 'electron';
import { fail, ok, type Result } from '../../../contract/result.ts';
import { parseCommandLine } from '../../../main/services/launch/command-line.ts';
import type { WindowServices } from '../../../main/services/launch/window-services.ts';
import type { Log, Platform } from '../../../main/services/ports.ts';
import { startShell } from '../../../main/shell/start.ts';
import type { EntryOptions, FromServices, ToServices } from './messages.ts';

const options = JSON.parse(process.env['SAMBAND_TEST_ENTRY'] ?? '') as EntryOptions;
const logFolder = join(options.dataFolder, 'logs');
mkdirSync(logFolder, { recursive: true });
app.setPath('userData', options.dataFolder);

const write = (level: string) => (event: string, details?: Readonly<Record<string, unknown>>) =>
  appendFileSync(join(logFolder, 'shell.log'), `${JSON.stringify({ level, event, details })}\n`);
const log: Log = { info: write('info'), warn: write('warn'), error: write('error') };

function remoteServices(platform: Platform): Promise<Result<WindowServices>> {
  const child = spawn(options.node, [options.servicesFile], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: process.env,
  });
  const waiting = new Map<number, (result: Result<unknown>) => void>();
  const listeners = new Set<Parameters<WindowServices['onEvent']>[0]>();
  let last = 0;
  const send = (message: ToServices) => void (child.connected && child.send(message));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  void ended.then(() => {
    for (const answer of waiting.values()) answer(fail('unreachable', 'The services have ended.'));
    waiting.clear();
  });

  return new Promise((resolve) => {
    child.once('error', (error) => resolve(fail('internal', error.message)));
    child.on('message', (data) => {
      const message = data as FromServices;
      switch (message.kind) {
        case 'started':
          resolve(
            ok({
              contentSecurityPolicy: message.contentSecurityPolicy,
              linkSchemes: [],
              dispatch: (name, input) => {
                last += 1;
                const id = last;
                return new Promise((answer) => {
                  waiting.set(id, answer);
                  send({ kind: 'call', id, name, input });
                });
              },
              onEvent(listener) {
                listeners.add(listener);
                return () => listeners.delete(listener);
              },
              requestDial: (number) => send({ kind: 'dial', number }),
              async close() {
                send({ kind: 'close' });
                await ended;
              },
            }),
          );
          break;
        case 'failed':
          resolve(fail(message.fault.code, message.fault.message));
          break;
        case 'answer':
          waiting.get(message.id)?.(message.result);
          waiting.delete(message.id);
          break;
        case 'event':
          for (const listener of listeners) listener(message.name, message.data);
          break;
        case 'attention':
          platform.requestAttention(message.wanted);
          break;
        case 'closed':
          break;
      }
    });
  });
}

startShell({
  services: remoteServices,
  rendererFolder: options.rendererFolder,
  preloadFile: options.preloadFile,
  dataFolder: options.dataFolder,
  logFolder,
  dial: parseCommandLine(process.argv.slice(1)).dial,
  development: true,
  platform: process.platform,
  log,
});
