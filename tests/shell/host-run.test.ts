/** host/run.ts as the program that it is: what it prints, and what it answers when it cannot start. */
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scratch, startServer } from '../lab/process.ts';

const program = join(import.meta.dirname, '../../host/run.ts');

/** Runs it to its end. */
function run(
  ...args: readonly string[]
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...args], { env: { ...process.env, LC_ALL: 'en_GB.UTF-8' } });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (part: Buffer) => (stdout += part.toString('utf8')));
    child.stderr.on('data', (part: Buffer) => (stderr += part.toString('utf8')));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}

describe('host/run.ts', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('prints one address, serves, and ends on %s with its data closed', async (signal) => {
    const folder = scratch('host-run');
    const server = await startServer({
      name: 'host',
      command: process.execPath,
      args: [program, '--data', join(folder, 'data'), '--policy', join(folder, 'none.json')],
      folder,
      ready: /^http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{43}$/m,
    });
    // The first line is startServer's own.
    const said = server.output().trim().split('\n').slice(1);
    expect(said).toHaveLength(1);
    const address = said[0]!;
    // `fetch` keeps no cookie: the page that the token leads to turns it away.
    expect((await fetch(address)).status).toBe(403);
    expect((await server.stop(signal)).code).toBe(0);
    const log = readFileSync(join(folder, 'data/logs/samband.log'), 'utf8');
    expect(log).toContain('services.closed');
    expect(log).not.toContain(new URL(address).searchParams.get('token'));
  });

  it('says which file, line and key is wrong, with a code of its own', async () => {
    const folder = scratch('host-run');
    const config = join(folder, 'settings.json');
    writeFileSync(config, '{\n  "telephone": { "uri": 5 }\n}\n');
    const { code, stdout, stderr } = await run('--config', config, '--data', join(folder, 'data'));
    expect(code).toBe(10);
    expect(stdout).toBe('');
    expect(stderr).toContain('Samband cannot start');
    expect(stderr).toContain(`${config}, line 2: telephone.uri`);
    expect(stderr).toContain(join(folder, 'data', 'logs'));
  });

  it('refuses a settings file that is not there, and arguments that are wrong', async () => {
    const folder = scratch('host-run');
    expect(await run('--config', join(folder, 'none.json'), '--data', join(folder, 'data'))).toMatchObject({ code: 10 });
    expect(await run('--port', 'x')).toMatchObject({ code: 2, stderr: expect.stringContaining('--port') });
  });

  it('shows what the directory gives instead of starting, and stores nothing but its log', async () => {
    const folder = scratch('host-run');
    const config = join(folder, 'settings.json');
    writeFileSync(join(folder, 'people.csv'), 'id,name\n1,Kari Nordmann\n,Ola\n');
    writeFileSync(config, JSON.stringify({ directory: { kind: 'csv', file: join(folder, 'people.csv') } }));
    const args = ['--data', join(folder, 'data'), '--policy', join(folder, 'none.json'), '--directory-dry-run'];
    const { code, stdout, stderr } = await run('--config', config, ...args);
    expect([code, stderr]).toEqual([3, '']);
    expect(stdout).toContain('1. Kari Nordmann');
    expect(readdirSync(join(folder, 'data'))).toEqual(['logs']);
    expect(readFileSync(join(folder, 'data/logs/samband.log'), 'utf8')).not.toMatch(/Kari|Ola/);
    expect(await run('--config', join(folder, 'none.json'), ...args)).toMatchObject({ code: 10, stdout: '' });
  });

  it('says that somebody else has the data open', async () => {
    const folder = scratch('host-run');
    mkdirSync(folder, { recursive: true });
    const args = ['--data', join(folder, 'data'), '--policy', join(folder, 'none.json')];
    await startServer({ name: 'host', command: process.execPath, args: [program, ...args], folder, ready: /token=/ });
    const second = await run(...args);
    expect(second).toMatchObject({ code: 16, stderr: expect.stringContaining('already running') });
  });
});
