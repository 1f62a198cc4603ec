/** When to read the directory again. */

const FIRST_RETRY_MS = 2000;
const LONGEST_RETRY_MS = 5 * 60_000;
/** Servers lock accounts after a few wrong passwords; a new password or a person's wish comes sooner. */
const REFUSED_RETRY_MS = 15 * 60_000;

/** What a refresh came to. `failures`: how many in a row, 0 when it went well. */
export interface Outcome {
  readonly failures: number;
  /** The server refuses the account, or its password is not known. */
  readonly refused: boolean;
}

/**
 * Milliseconds until the next refresh: the interval with a tenth of jitter; after failures exponentially longer with half of it
 * jitter, so that a municipality's clients do not come back together. `fraction` is uniform in [0, 1).
 */
export function nextRefreshMs(refreshSeconds: number, outcome: Outcome, fraction: number): number {
  const interval = refreshSeconds * 1000;
  if (outcome.failures === 0) return interval * (0.9 + 0.2 * fraction);
  if (outcome.refused) return REFUSED_RETRY_MS * (0.9 + 0.2 * fraction);
  const ceiling = Math.min(Math.max(interval, LONGEST_RETRY_MS), FIRST_RETRY_MS * 2 ** Math.min(outcome.failures - 1, 20));
  return ceiling * (0.5 + 0.5 * fraction);
}

/** Whether so many people may be gone at once: a listing of few can be a server that suddenly shows less (a changed access rule). */
export function plausiblyGone(people: number, missing: number): boolean {
  return missing < people && missing <= Math.max(20, people * 0.2);
}

/** Whether a full load of so many may take the place of a copy of the same source. */
export function plausibleLoad(before: number, loaded: number): boolean {
  return loaded > 0 && loaded >= before * 0.5;
}

/** Whether a copy that last equalled its source at `asOf` (ISO 8601) is older than `keepDays`. */
export function expired(asOf: string, now: Date, keepDays: number): boolean {
  return now.getTime() - Date.parse(asOf) > keepDays * 24 * 60 * 60 * 1000;
}
