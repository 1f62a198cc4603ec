import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startServices } from '../../main/services/compose.ts';
import { createFileSecrets } from '../../main/services/secrets/index.ts';
import { systemClock, systemRandom } from '../../main/services/system.ts';
import { temporaryFolder } from './folders.ts';
import { workerUrl } from './support.ts';

const folder = temporaryFolder();
const quiet = { info() {}, warn() {}, error() {} };

test('an empty folder is enough to start', async () => {
  const at = folder();
  const started = await startServices({
    folder: join(at, 'data'),
    settingsFile: join(at, 'settings.json'),
    policyFile: null,
    secrets: createFileSecrets({ folder: join(at, 'secrets') }),
    databaseWorker: workerUrl,
    clock: systemClock,
    random: systemRandom,
    fetch: globalThis.fetch,
    log: quiet,
    platform: { requestAttention() {} },
    version: '0.0.0',
    checkOutput: true,
  });
  if (!started.ok) throw new Error(started.error.message);
  const services = started.value;
  const { dispatch } = services;
  expect(await dispatch('session.start', null)).toMatchObject({
    ok: true,
    value: { demo: false, missingSecrets: [], notices: [] },
  });
  expect(await dispatch('callLog.today', null)).toEqual({
    ok: true,
    value: { calls: 0, transferred: 0, averageWrapUpSeconds: null, recent: [] },
  });
  expect(await dispatch('telephone.account', null)).toMatchObject({ ok: false, error: { code: 'not-configured' } });
  await services.close();
  await services.close();
});
