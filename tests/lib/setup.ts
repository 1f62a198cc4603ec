import { afterAll, afterEach } from 'vitest';
import { keepScratch, releaseAll } from '../lab/process.ts';

// Registered before any test file's own hooks, so that it runs after them.
afterEach(({ task }) => {
  if (task.result?.state === 'fail') keepScratch();
});

afterAll(releaseAll);
