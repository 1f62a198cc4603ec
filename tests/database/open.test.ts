import { expect, test } from 'vitest';
import { temporaryFolder, workerUrl, key } from './support.ts';
import { openDatabase } from '../../main/db/client.ts';

const folder = temporaryFolder();

test('a new folder gets a database that keeps what it is given', async () => {
  const at = folder();
  const first = await openDatabase({ folder: at, key, worker: workerUrl });
  if (!first.ok) throw new Error(first.error.message);
  expect(first.value.report).toMatchObject({ created: true, movedAside: null });
  await first.value.close();
});
