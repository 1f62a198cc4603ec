/** The real services in a Node of their own, behind an IPC channel. Ends with its parent. */
import { join } from 'node:path';
import { startServices } from '../../../main/services/compose.ts';
import { createFileLog } from '../../../main/services/log/index.ts';
import { createFileSecrets } from '../../../main/services/secrets/index.ts';
import { systemClock, systemRandom } from '../../../main/services/system.ts';
import type { EntryOptions, FromServices, ToServices } from './messages.ts';

const options = JSON.parse(process.env['SAMBAND_TEST_ENTRY'] ?? '') as EntryOptions;
const tell = (message: FromServices) => void process.send?.(message);

const log = createFileLog({ file: join(options.dataFolder, 'logs', 'services.log'), version: 'test' });
const started = await startServices({
  folder: join(options.dataFolder, 'data'),
  settingsFile: options.settingsFile,
  policyFile: null,
  provisionFile: options.provisionFile,
  secrets: createFileSecrets({ folder: join(options.dataFolder, 'secrets') }),
  databaseWorker: new URL('../../../main/db/worker.ts', import.meta.url),
  clock: systemClock,
  random: systemRandom,
  fetch: globalThis.fetch,
  log,
  platform: { requestAttention: (wanted) => tell({ kind: 'attention', wanted }) },
  version: 'test',
  checkOutput: true,
});

if (!started.ok) {
  tell({ kind: 'failed', fault: started.error });
  process.disconnect();
} else {
  const services = started.value;
  services.onEvent((name, data) => tell({ kind: 'event', name, data }));
  process.on('message', (message: ToServices) => {
    switch (message.kind) {
      case 'call':
        void services.dispatch(message.name, message.input).then((result) => tell({ kind: 'answer', id: message.id, result }));
        break;
      case 'dial':
        services.requestDial(message.number);
        break;
      case 'close':
        void services.close().then(() => {
          tell({ kind: 'closed' });
          process.disconnect();
        });
        break;
    }
  });
  process.once('disconnect', () => void services.close().then(() => process.exit(0)));
  tell({ kind: 'started', contentSecurityPolicy: services.contentSecurityPolicy, linkSchemes: services.linkSchemes });
}
