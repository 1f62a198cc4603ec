import { defineConfig } from 'vitest/config';

/** A suite is a folder of tests/. Tests run once: what needs a retry is broken. */
function suite(name: string, options: { timeoutMs: number; serial?: boolean; isolate?: boolean }) {
  return {
    extends: true as const,
    test: {
      name,
      include: [`tests/${name}/**/*.test.{ts,tsx}`],
      testTimeout: options.timeoutMs,
      hookTimeout: options.timeoutMs,
      // Real servers and browsers share two cores badly.
      fileParallelism: !options.serial,
      isolate: options.isolate ?? true,
    },
  };
}

export default defineConfig({
  test: {
    environment: 'node',
    pool: 'forks',
    setupFiles: ['tests/lib/setup.ts'],
    maxWorkers: 2,
    retry: 0,
    allowOnly: false,
    passWithNoTests: false,
    projects: [
      // Pure logic: loading it anew for every file would take longer than running it.
      suite('unit', { timeoutMs: 60_000, isolate: false }),
      suite('database', { timeoutMs: 60_000 }),
      suite('contract', { timeoutMs: 30_000 }),
      suite('demo', { timeoutMs: 60_000 }),
      suite('shell', { timeoutMs: 120_000, serial: true }),
      suite('lab', { timeoutMs: 120_000, serial: true }),
      // The built window before a stage of our own. One browser at a time: it runs beside those who listen to real sound.
      suite('face', { timeoutMs: 120_000, serial: true }),
      suite('e2e', { timeoutMs: 180_000, serial: true }),
    ],
  },
});
