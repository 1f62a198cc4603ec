/** What a soak is given: `npm run soak -- NAME [--seed N] [--minutes M]`; `slice` is the short run inside `npm test`. */
export interface SoakOptions {
  /** Chance is drawn from this alone, so that a failure can be had again. */
  readonly seed: number;
  /** How long to go on. A slice takes well under a minute. */
  readonly minutes: number;
  readonly slice: boolean;
  readonly say: (line: string) => void;
}

/** Counts and measures for the last line, such as `{ calls: 812, lost: 0 }`. A broken promise is a throw, not a figure. */
export type SoakReport = Readonly<Record<string, number | string>>;

/** tests/soak/NAME.ts exports this as `soak`. */
export type Soak = (options: SoakOptions) => Promise<SoakReport>;
