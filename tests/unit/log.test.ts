import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createFileLog } from '../../main/services/log/index.ts';
import { redact, redactText } from '../../main/services/log/redact.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'samband-log-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const file = () => join(folder, 'logs', 'samband.log');
const lines = (path = file()) =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('the log', () => {
  test('is a line of JSON an event, on disk at once', () => {
    const log = createFileLog({ file: file(), version: '1.2.3' });
    log.info('services.started', { afterMs: 12 });
    log.warn('crm.slow');
    log.error('crm.failed', { code: 'timeout', cause: new Error('no answer from agent@example.no') });
    expect(lines()).toMatchObject([
      {
        level: 'info',
        event: 'services.started',
        version: '1.2.3',
        afterMs: 12,
        time: expect.stringMatching(/^\d{4}-.*Z$/),
      },
      { level: 'warn', event: 'crm.slow' },
      {
        level: 'error',
        event: 'crm.failed',
        code: 'timeout',
        cause: { kind: 'Error', message: 'no answer from [e-mail]' },
      },
    ]);
    if (process.platform !== 'win32') expect(statSync(file()).mode & 0o077).toBe(0);
    log.close();
    log.close();
    log.info('too-late');
    expect(lines()).toHaveLength(3);
  });

  test('no detail takes the place of what is the line’s own', () => {
    const log = createFileLog({ file: file(), version: '1' });
    log.info('a', { version: '9', event: 'b', details: 'c' });
    log.close();
    expect(lines()).toEqual([
      { level: 'info', time: expect.any(String), version: '1', event: 'a', version_: '9', event_: 'b', details: 'c' },
    ]);
  });

  test('goes on where the last program stopped, and is bounded in size', () => {
    const options = { file: file(), version: '1', maxBytes: 2000, keep: 2 };
    for (let start = 0; start < 5; start += 1) {
      const log = createFileLog(options);
      for (let index = 0; index < 30; index += 1) log.info('tick', { start, index });
      log.close();
    }
    expect(readdirSync(join(folder, 'logs')).toSorted()).toEqual(['samband.log', 'samband.log.1', 'samband.log.2']);
    const kept = ['.2', '.1', '']
      .flatMap((suffix) => lines(file() + suffix))
      .map(({ start, index }) => ({ start: Number(start), index: Number(index) }));
    expect(kept.at(-1)).toEqual({ start: 4, index: 29 });
    const order = kept.map(({ start, index }) => start * 30 + index);
    expect(order).toEqual(order.map((_, index) => (order[0] ?? 0) + index));
    for (const suffix of ['', '.1', '.2']) expect(statSync(file() + suffix).size).toBeLessThan(2300);
  });

  test('keeps no older files when none are wanted', () => {
    const log = createFileLog({ file: file(), version: '1', maxBytes: 200, keep: 0 });
    for (let index = 0; index < 10; index += 1) log.info('tick', { index });
    log.close();
    expect(existsSync(`${file()}.1`)).toBe(false);
  });
});

describe('what must not be in it', () => {
  test.each([
    ['Authorization: token 1-14-abcdef0123456789', 'Authorization: token [hidden]'],
    ['Bearer eyJhbGciOi.J9.x', 'Bearer [hidden]'],
    ['http://agent:hemmelig@rt.example.no/REST', 'http://[hidden]@rt.example.no/REST'],
    ['INVITE sip:+4722051014@lab.test', 'INVITE sip:[hidden]@lab.test'],
    ['tel:+4722051014 was called', 'tel:[hidden] was called'],
    ['from kari.nordmann@example.no', 'from [e-mail]'],
    ['number +4792211334', 'number [number]'],
    ['number 22 05 10 14', 'number [number]'],
    ['born 01017012345', 'born [number]'],
  ])('%s', (text, clean) => {
    expect(redactText(text)).toBe(clean);
  });

  test.each([
    '2026-11-22T10:31:57.000Z',
    '5f0c7a52-5d0e-4a6e-9f5a-000000000002',
    '12345678-5d0e-4a6e-9f5a-123456789012',
    'SQLITE_CORRUPT in 12 ms at 127.0.0.1:54321',
    'version 0.21.2, 100000 people',
  ])('%s may stay', (text) => {
    expect(redactText(text)).toBe(text);
  });

  test('keys that name secrets or people are hidden at any depth', () => {
    expect(
      redact({
        call: 'pop.open',
        Number: '04',
        caller: { name: 'Kari', id: 'x', password: null },
        list: [{ token: 't' }],
        count: 3,
      }),
    ).toEqual({
      call: 'pop.open',
      Number: '[hidden]',
      caller: { name: '[hidden]', id: 'x', password: null },
      list: [{ token: '[hidden]' }],
      count: 3,
    });
  });

  test('whatever is logged, the line is JSON, and long numbers are not in it', () => {
    const log = createFileLog({ file: file(), version: '1' });
    fc.assert(
      fc.property(fc.anything({ withBigInt: false, withMap: true, withDate: true }), (value) =>
        log.info('any', { value: { inside: value } }),
      ),
    );
    fc.assert(
      fc.property(fc.integer({ min: 10_000_000, max: 99_999_999 }), (number) => {
        expect(redactText(`x ${number} y`)).toBe('x [number] y');
      }),
    );
    log.close();
    expect(lines().length).toBeGreaterThan(50);
  });

  test('what goes round in circles ends', () => {
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    expect(JSON.stringify(redact(circle))).toContain('[deep]');
  });
});
