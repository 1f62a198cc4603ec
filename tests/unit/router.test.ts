import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { calls, fail, ok } from '#contract';
import { createRouter, type Handlers } from '../../main/services/router.ts';

interface Line {
  readonly level: string;
  readonly event: string;
  readonly details: unknown;
}

function rig(handlers: Partial<Handlers> = {}, checkOutput = false) {
  const lines: Line[] = [];
  const write = (level: string) => (event: string, details?: unknown) => void lines.push({ level, event, details });
  const all = Object.fromEntries(
    Object.keys(calls).map((name) => [name, async () => fail('not-configured', name)]),
  ) as unknown as Handlers;
  const dispatch = createRouter(
    { ...all, ...handlers },
    { log: { info: write('info'), warn: write('warn'), error: write('error') }, checkOutput },
  );
  return { dispatch, lines };
}

describe('the door between the wire and the services', () => {
  test('passes on what fits the schema, as the schema reads it', async () => {
    const seen: unknown[] = [];
    const { dispatch } = rig({
      'window.attention': async (input) => {
        seen.push(input);
        return ok(null);
      },
    });
    expect(await dispatch('window.attention', { wanted: true, more: 'ignored' })).toEqual({ ok: true, value: null });
    expect(seen).toEqual([{ wanted: true }]);
  });

  test.each(['toString', '__proto__', 'constructor', '', 'session.stop', 'x'.repeat(10_000)])(
    'there is no call named %j',
    async (name) => {
      const { dispatch } = rig();
      const answer = await dispatch(name, null);
      expect(answer).toMatchObject({ ok: false, error: { code: 'unknown-call' } });
      expect(JSON.stringify(answer).length).toBeLessThan(300);
    },
  );

  test('what does not fit is refused without being quoted, not even in the log', async () => {
    const { dispatch, lines } = rig();
    const answer = await dispatch('secrets.set', { name: 'hemmelig', value: 7 });
    expect(answer).toMatchObject({ ok: false, error: { code: 'invalid-input', message: expect.stringContaining('name') } });
    expect(JSON.stringify([answer, lines])).not.toContain('hemmelig');
  });

  test('a handler that throws is a value, and its cause is in the log', async () => {
    const { dispatch, lines } = rig({ 'callLog.today': () => Promise.reject(new Error('the disk is full')) });
    expect(await dispatch('callLog.today', null)).toMatchObject({ ok: false, error: { code: 'internal' } });
    expect(lines).toMatchObject([{ level: 'error', event: 'wire.handler-threw', details: { call: 'callLog.today' } }]);
    expect(JSON.stringify(lines)).toContain('the disk is full');
  });

  test('answers against the schema are told where that is wished for', async () => {
    const wrong = { 'callLog.today': async () => ok({ calls: 'many' } as never) };
    expect(await rig(wrong, true).dispatch('callLog.today', null)).toMatchObject({ ok: false, error: { code: 'internal' } });
    expect(await rig(wrong).dispatch('callLog.today', null)).toMatchObject({ ok: true });
  });

  test('whatever arrives, it answers with a result', async () => {
    const { dispatch } = rig();
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.constantFrom(...Object.keys(calls))), fc.anything(), async (name, input) => {
        const answer = await dispatch(name, input);
        expect(answer).toMatchObject({ ok: false, error: { code: expect.any(String), message: expect.any(String) } });
      }),
    );
  });
});
