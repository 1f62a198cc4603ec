import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { latencies, percentile } from '../lib/bench.ts';
import { toneShare } from '../lib/ears.ts';

const tone = (frequency: number, rate: number, length: number, amplitude = 0.5) =>
  Array.from({ length }, (_, i) => amplitude * Math.sin((2 * Math.PI * frequency * i) / rate));

test.each([440, 700, 1000, 1300, 1700])('a tone of %i Hz is heard as itself and as no other', (frequency) => {
  const samples = tone(frequency, 48_000, 16_384);
  expect(toneShare(samples, 48_000, frequency)).toBeGreaterThan(0.95);
  for (const other of [440, 700, 1000, 1300, 1700].filter((f) => f !== frequency)) {
    expect(toneShare(samples, 48_000, other)).toBeLessThan(0.01);
  }
});

test('two tones at once are both heard', () => {
  const low = tone(440, 48_000, 16_384);
  const high = tone(1000, 48_000, 16_384);
  const both = low.map((sample, i) => sample + high[i]!);
  expect(toneShare(both, 48_000, 440)).toBeCloseTo(0.5, 1);
  expect(toneShare(both, 48_000, 1000)).toBeCloseTo(0.5, 1);
});

test('silence has no tone', () => {
  expect(toneShare([0, 0, 0, 0], 48_000, 440)).toBe(0);
  expect(toneShare([], 48_000, 440)).toBe(0);
});

test('a percentile is one of the samples, and at least that share lies at or below it', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (samples, share) => {
        const value = percentile(samples, share);
        expect(samples).toContain(value);
        expect(samples.filter((sample) => sample <= value).length / samples.length).toBeGreaterThanOrEqual(share - 1e-9);
      },
    ),
  );
});

test('latencies of a hundred calls', () => {
  expect(latencies(Array.from({ length: 100 }, (_, i) => i + 1))).toEqual({ p50_ms: 50, p95_ms: 95, p99_ms: 99, max_ms: 100 });
});
