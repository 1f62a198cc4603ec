/** What a bench is given: `npm run bench -- NAME [--people N] [--seed N] [--calls N]`. */
export interface BenchOptions {
  readonly seed: number;
  readonly people?: number;
  /** How many calls, keystrokes or starts to measure; each bench has its own default. */
  readonly count?: number;
  /** A line of progress for whoever watches. */
  readonly say: (line: string) => void;
}

/** Figures with their unit in the name: `p50_ms`, `p95_ms`, `p99_ms`, `max_ms`, `rss_mb`, `…_vs_bare_ratio`. */
export type Figures = Readonly<Record<string, number>>;

export interface BenchReport {
  readonly figures: Figures;
  /** What it was measured beside, in the same run, with the same keys. */
  readonly peers?: Readonly<Record<string, Figures>>;
  /** How it was measured, in a line or two. */
  readonly notes?: readonly string[];
}

/** tests/bench/NAME.ts exports this as `bench`. */
export type Bench = (options: BenchOptions) => Promise<BenchReport>;

/** The value below which `share` (0 to 1) of the samples lie: nearest rank, so always one of the samples. */
export function percentile(samples: readonly number[], share: number): number {
  if (samples.length === 0) throw new Error('no samples');
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))]!;
}

const rounded = (value: number) => Math.round(value * 100) / 100;

/** p50, p95, p99 and max of samples in milliseconds. */
export function latencies(samples: readonly number[]): { p50_ms: number; p95_ms: number; p99_ms: number; max_ms: number } {
  return {
    p50_ms: rounded(percentile(samples, 0.5)),
    p95_ms: rounded(percentile(samples, 0.95)),
    p99_ms: rounded(percentile(samples, 0.99)),
    max_ms: rounded(Math.max(...samples)),
  };
}
