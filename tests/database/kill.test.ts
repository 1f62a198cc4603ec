import { expect, test } from 'vitest';
import { soak } from '../soak/kill.ts';

test('what was acknowledged survives kill -9, and every unsent note the loss of the database', async () => {
  const report = await soak({ seed: 1, minutes: 0.5, slice: true, say: () => {} });
  expect(report).toMatchObject({ kills: 4, databases_lost: 2, notes_lost: 0, notes_doubled: 0 });
}, 120_000);
