import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { scratch } from '../lab/process.ts';
import { root } from '../lib/mirror.ts';

const children: ChildProcess[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    await gone;
  }
});

function start(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, [join(root, 'scripts/start.mjs'), ...args], {
    cwd: scratch('elsewhere'),
    env: { ...process.env, SAMBAND_STARTED_AT: undefined, ...env },
  });
  children.push(child);
  let output = '';
  const seen = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data: Buffer) => {
      output += data.toString();
      for (const look of seen) look();
    });
  }
  const gone = once(child, 'exit') as Promise<[number | null, string | null]>;
  return {
    child,
    gone,
    output: () => output,
    /** Waits for words on the screen. */
    says: (wanted: RegExp) =>
      new Promise<RegExpExecArray>((resolve, reject) => {
        const look = () => {
          const match = wanted.exec(output);
          if (match) resolve(match);
        };
        seen.add(look);
        look();
        void gone.then(([code]) => reject(new Error(`ended with ${code}: ${output}`)));
      }),
  };
}

test('npm start prints a one-time address, serves the page there, and Ctrl+C ends everything with 0', async () => {
  const folder = join(scratch('demo'), 'new');
  const run = start(['--no-open', '--demo-folder', folder]);
  const [, address = ''] = await run.says(/(http:\/\/127\.0\.0\.1:\d+\/\?token=\S+)/);
  const first = await fetch(address, { redirect: 'manual' });
  expect(first.status).toBe(303);
  const cookie = first.headers.get('set-cookie')?.split(';')[0] ?? '';
  const page = await fetch(new URL('/', address), { headers: { cookie } });
  expect(page.status).toBe(200);
  expect(await page.text()).toContain('<title>Samband');
  expect((await fetch(address, { redirect: 'manual' })).status).toBe(403);
  await run.says(/Ctrl\+C ends it/);
  run.child.kill('SIGINT');
  expect(await run.gone).toEqual([0, null]);
  await expect(fetch(address)).rejects.toThrow();
  expect(readdirSync(folder)).toContain('people.csv');
  expect(existsSync(join(folder, 'provision.json'))).toBe(false);
});

test('the program that typed it dies without a word: everything ends all the same', async () => {
  const run = start(['--no-open', '--demo-folder', join(scratch('demo'), 'new')]);
  const [, address = ''] = await run.says(/(http:\/\/127\.0\.0\.1:\d+\/\?token=\S+)/);
  run.child.kill('SIGKILL');
  await run.gone;
  await expect
    .poll(
      () =>
        fetch(address).then(
          () => 'served',
          () => 'gone',
        ),
      { timeout: 15_000 },
    )
    .toBe('gone');
});

test.each([
  [['--confg', 'x.json'], /confg/, 2],
  [['--provision', 'x.json'], /--provision belongs to --config/, 2],
  [['--config', 'x.json', '--reset'], /--reset belongs to the demo/, 2],
  [['--no-open', '--config', 'does-not-exist.json'], /does-not-exist\.json does not exist/, 1],
  [['--no-open', '--demo-folder', root], /not empty and not the demo's/, 1],
])('%j is refused with words', async (args, words, code) => {
  const run = start(args);
  expect(await run.gone).toEqual([code, null]);
  expect(run.output()).toMatch(words);
});

test('help says what there is', async () => {
  const run = start(['--help']);
  expect(await run.gone).toEqual([0, null]);
  expect(run.output()).toContain('--config FILE');
});
