/** Times and memory of one search in this process. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { latencies, type Figures } from '../../lib/bench.ts';

export interface Samples {
  /** The first time that each was typed. */
  readonly first: number[];
  /** The least of all rounds: what a keystroke costs when nobody else wants the processor. */
  readonly least: number[];
}

/** Types everything `rounds` times; stops after `seconds`, but not within a round's first hundred. */
export function measure(
  typed: readonly string[],
  rounds: number,
  search: (query: string) => unknown,
  seconds = Infinity,
): Samples {
  const first: number[] = [];
  const least: number[] = [];
  const end = performance.now() + seconds * 1000;
  for (let round = 0; round < rounds; round++) {
    for (const [i, query] of typed.entries()) {
      const start = performance.now();
      if (start > end && i >= 100) break;
      search(query);
      const took = performance.now() - start;
      if (round === 0) first.push(took);
      least[i] = Math.min(least[i] ?? Infinity, took);
    }
    if (performance.now() > end) break;
  }
  return { first, least };
}

export function figuresOf({ first, least }: Samples): Figures {
  const { p50_ms, p99_ms, max_ms } = latencies(least);
  return { ...latencies(first), undisturbed_p50_ms: p50_ms, undisturbed_p99_ms: p99_ms, undisturbed_max_ms: max_ms };
}

export function collect(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

/** Megabytes that JavaScript holds. */
export const inUse = (): number => {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / 1e6;
};

export const residentMb = (): number => process.memoryUsage().rss / 1e6;
export const rounded = (value: number): number => Math.round(value * 100) / 100;
