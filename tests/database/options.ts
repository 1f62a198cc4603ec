import { join } from 'node:path';
import type { ServicesOptions } from '../../main/services/compose.ts';
import { createFileSecrets } from '../../main/services/secrets/index.ts';
import { systemClock, systemRandom } from '../../main/services/system.ts';
import { workerUrl } from './support.ts';

/** What a composition root passes in, everything below `at`. */
export function optionsFor(at: string, more: Partial<ServicesOptions> = {}): ServicesOptions {
  return {
    folder: join(at, 'data'),
    settingsFile: join(at, 'settings.json'),
    policyFile: join(at, 'policy.json'),
    secrets: createFileSecrets({ folder: join(at, 'secrets') }),
    databaseWorker: workerUrl,
    clock: systemClock,
    random: systemRandom,
    fetch: globalThis.fetch,
    log: { info() {}, warn() {}, error() {} },
    platform: { requestAttention() {} },
    version: '0.0.0',
    checkOutput: true,
    ...more,
  };
}
