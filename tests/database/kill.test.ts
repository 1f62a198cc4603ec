import { expect, test } from 'vitest';
import { soak } from '../soak/kill.ts';

test('what was acknowledged survives kill -9', async () => {
  const report = await soak({ seed: 1, minutes: 0.5, slice: true, say: () => {} });
  expect(report).toMatchObject({ kills: 5, lost: 0 });
});
