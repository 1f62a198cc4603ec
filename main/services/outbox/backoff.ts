export interface Backoff {
  readonly baseMs: number;
  readonly capMs: number;
}

/**
 * How long to wait after `failures` failures in a row: full jitter, uniform in [0, min(cap, base · 2^(failures − 1))), so that many
 * clients do not come back together. `fraction` is uniform in [0, 1).
 */
export function fullJitterMs(backoff: Backoff, failures: number, fraction: number): number {
  if (failures <= 0) return 0;
  const ceiling = Math.min(backoff.capMs, backoff.baseMs * 2 ** Math.min(failures - 1, 30));
  return Math.floor(fraction * ceiling);
}
