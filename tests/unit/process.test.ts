import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { freePorts, scratch, startServer, waitFor } from '../lab/process.ts';

/** A process that nobody has reaped yet (state Z) is dead. */
const alive = (pid: number) => {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
};

describe('a server as a process', () => {
  test('is ready by its output, and stops with all that it forked', async () => {
    const server = await startServer({
      name: 'parent',
      command: '/bin/sh',
      args: ['-c', 'sleep 300 & echo child $!; wait'],
      folder: scratch('process'),
      ready: /child \d+/,
    });
    const child = Number(/child (\d+)/.exec(server.output())?.[1]);
    expect(alive(child)).toBe(true);
    const exit = await server.stop();
    expect(exit.signal ?? exit.code).toBe('SIGTERM');
    await waitFor(() => !alive(child), { timeoutMs: 2000, what: 'the forked child to be gone' });
    expect(await server.stop()).toEqual(exit);
  });

  test('says why when it ends before it is ready', async () => {
    const start = startServer({
      name: 'short',
      command: '/bin/sh',
      args: ['-c', 'echo bad configuration; exit 3'],
      folder: scratch('process'),
      ready: /never/,
    });
    await expect(start).rejects.toThrow(/code 3[\s\S]*bad configuration/);
  });

  test('says when there is no such program', async () => {
    const start = startServer({ name: 'none', command: 'no-such-program', args: [], folder: scratch('process'), ready: /x/ });
    await expect(start).rejects.toThrow(/ENOENT/);
  });

  test('is gone when the process that started it is killed', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'samband-guard-'));
    const module = JSON.stringify(new URL('../lab/process.ts', import.meta.url).href);
    const script = `const { startServer } = await import(${module});
      const s = await startServer({ name: 'kept', command: 'sleep', args: ['300'], folder: ${JSON.stringify(folder)}, ready: async () => true });
      console.log(s.pid); setInterval(() => {}, 1000);`;
    const starter = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const pid = await new Promise<number>((resolve) => starter.stdout.once('data', (data) => resolve(Number(data))));
    expect(alive(pid)).toBe(true);
    starter.kill('SIGKILL');
    await waitFor(() => !alive(pid), { timeoutMs: 5000, what: 'the orphan to be gone' });
    rmSync(folder, { recursive: true });
  });
});

test('waitFor names what it waited for, and keeps the last error', async () => {
  const waiting = waitFor(() => Promise.reject(new Error('refused')), { timeoutMs: 30, what: 'the answer' });
  await expect(waiting).rejects.toThrow('waited 30 ms for the answer; last error: Error: refused');
});

test('freePorts gives consecutive ports that can be listened on, never the same twice', async () => {
  const [a, b] = [await freePorts(3), await freePorts(3)];
  expect(new Set([...a, ...b]).size).toBe(6);
  expect(a).toEqual([a[0], a[0]! + 1, a[0]! + 2]);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(a[1], '127.0.0.1', resolve));
  await new Promise((resolve) => server.close(resolve));
});

test('scratch makes a folder of its own', () => {
  const folder = scratch('one');
  expect(existsSync(folder)).toBe(true);
  expect(scratch('one')).not.toBe(folder);
});
