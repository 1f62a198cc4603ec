import type { LineEvents, LineUse, LineWatcher } from '../call/index.ts';

/** What is known of a line. `since`: when this began, null where it was so at the first look; `readAt`: when the exchange last said something. */
export interface LineView {
  readonly state: LineUse;
  readonly since: number | null;
  readonly readAt: number | null;
}

/** Nothing is known. */
export const unknownLine: LineView = { state: 'unknown', since: null, readAt: null };

export interface LinesPorts {
  readonly watcher: LineWatcher;
  /** Date.now() */
  now(): number;
  /** Calls `run` once after so many milliseconds; the returned function cancels. */
  later(milliseconds: number, run: () => void): () => void;
  /** A line's view is another now. */
  changed(number: string, view: LineView): void;
}

export interface LinesPolicy {
  /** off: nobody is asked, everything is unknown. */
  readonly events: LineEvents | 'off';
  /** How many lines are followed at a time. */
  readonly limit: number;
}

/** A search shows other people with every keystroke: only whom the agent looks at for so long (ms) is asked about. */
const SETTLES = 250;
/** Who is out of view is still followed for so long (ms): the eye comes back. */
const LINGERS = 120_000;
/** After an end that was nobody's refusal, in ms; each further one doubles it, up to a refusal's. */
const RETRY = 15_000;
/** After a refusal, in ms: the exchange is not asked again and again about whom it will not tell of. */
const REFUSED = 600_000;
/** Statuses of a moment (RFC 3261 §21): no answer, busy, a server that is restarting. */
const PASSING = [408, 480, 481, 491, 500, 503, 504];
/** The exchange knows no such events at all (RFC 6665 §8.3.2). */
const NO_SUCH_EVENTS = [405, 489, 501];

/** How long a line is left alone after its `attempt`th end in a row, in ms. */
export function pauseAfter(status: number | null, retryAfterSeconds: number | null, attempt: number): number {
  if (retryAfterSeconds !== null) return Math.min(Math.max(retryAfterSeconds * 1000, 1000), 3_600_000);
  if (status !== null && !PASSING.includes(status)) return REFUSED;
  return Math.min(RETRY * 2 ** Math.min(attempt, 10), REFUSED);
}

/** As it is written differs; who is meant does not. */
export const lineKey = (number: string): string => number.replace(/[\s\u00a0\u202f()./-]/g, '').replace(/^00(?=\d)/, '+');

interface Entry {
  readonly number: string;
  /** How many places show it now. */
  watchers: number;
  seenAt: number;
  view: LineView;
  stop: (() => void) | null;
  /** Not asked again before. */
  notBefore: number;
  attempt: number;
}

/** Follows the lines that somebody looks at, at most `limit` of them: the least recently viewed goes first. */
export class Lines {
  readonly #ports: LinesPorts;
  readonly #entries = new Map<string, Entry>();
  #policy: LinesPolicy = { events: 'off', limit: 0 };
  #connected = false;
  /** The exchange has said that it knows no such events. */
  #noneBefore = 0;
  #cancelLook: (() => void) | null = null;
  #lookAt = Infinity;

  constructor(ports: LinesPorts) {
    this.#ports = ports;
  }

  /** Takes effect at once; what was refused under another policy may be asked again. */
  use(policy: LinesPolicy): void {
    if (policy.events !== this.#policy.events) {
      this.#noneBefore = 0;
      this.#forgetAll();
    }
    this.#policy = policy;
    this.#look(0);
  }

  /** The connection came or went. When it goes nothing is known any more. */
  connected(on: boolean): void {
    if (on === this.#connected) return;
    this.#connected = on;
    if (on) this.#look(0);
    else this.#forgetAll();
  }

  /** Follows these lines until the returned function is called. */
  watch(numbers: readonly string[]): () => void {
    const mine = Array.from(new Set(numbers.map(lineKey).filter((number) => number !== '')), (number) => this.#entryOf(number));
    for (const entry of mine) {
      entry.watchers += 1;
      entry.seenAt = this.#ports.now();
    }
    if (mine.length > 0) this.#look(SETTLES);
    let over = false;
    return () => {
      if (over) return;
      over = true;
      for (const entry of mine) {
        entry.watchers -= 1;
        entry.seenAt = this.#ports.now();
      }
      if (mine.length > 0) this.#look(LINGERS);
    };
  }

  /** What is known of a line now. */
  view(number: string): LineView {
    return this.#entries.get(lineKey(number))?.view ?? unknownLine;
  }

  #entryOf(number: string): Entry {
    const known = this.#entries.get(number);
    if (known !== undefined) return known;
    const entry: Entry = { number, watchers: 0, seenAt: 0, view: unknownLine, stop: null, notBefore: 0, attempt: 0 };
    this.#entries.set(number, entry);
    return entry;
  }

  /** Looks at what is to be followed, in so many milliseconds at the latest. */
  #look(milliseconds: number): void {
    const at = this.#ports.now() + milliseconds;
    if (at >= this.#lookAt) return;
    this.#cancelLook?.();
    this.#lookAt = at;
    this.#cancelLook = this.#ports.later(milliseconds, () => {
      this.#lookAt = Infinity;
      this.#cancelLook = null;
      this.#settle();
    });
  }

  #settle(): void {
    const now = this.#ports.now();
    const { events, limit } = this.#policy;
    // In view first, then who was in view last.
    const lingering = Array.from(this.#entries.values()).filter(
      (entry) => entry.watchers > 0 || entry.stop !== null || entry.notBefore > now,
    );
    const wanted = lingering
      .filter((entry) => entry.watchers > 0 || (entry.stop !== null && entry.seenAt + LINGERS > now))
      // The oldest window has no toSorted.
      // oxlint-disable-next-line unicorn/no-array-sort
      .sort((a, b) => Number(b.watchers > 0) - Number(a.watchers > 0) || b.seenAt - a.seenAt)
      .slice(0, events === 'off' ? 0 : limit);
    for (const entry of this.#entries.values()) {
      if (entry.stop !== null && !wanted.includes(entry)) this.#unsubscribe(entry);
      if (!lingering.includes(entry)) this.#entries.delete(entry.number);
    }
    if (!this.#connected || events === 'off') return;
    let next = Infinity;
    for (const entry of wanted) {
      const notBefore = Math.max(entry.notBefore, this.#noneBefore);
      if (entry.watchers === 0) next = Math.min(next, entry.seenAt + LINGERS);
      if (entry.stop !== null) continue;
      if (notBefore <= now) this.#subscribe(entry, events);
      else next = Math.min(next, notBefore);
    }
    if (next < Infinity) this.#look(Math.max(next - now, 1));
  }

  #subscribe(entry: Entry, events: LineEvents): void {
    let stopped = false;
    const stop = this.#ports.watcher.watchLine(entry.number, events, (report) => {
      if (stopped) return;
      const now = this.#ports.now();
      if (report.kind === 'use') {
        entry.attempt = 0;
        this.#tell(entry, report.use, now);
        return;
      }
      stopped = true;
      entry.stop = null;
      const pause = pauseAfter(report.status, report.retryAfterSeconds, entry.attempt);
      entry.attempt += 1;
      entry.notBefore = now + pause;
      if (report.status !== null && NO_SUCH_EVENTS.includes(report.status)) this.#noneBefore = entry.notBefore;
      this.#tell(entry, 'unknown', entry.view.readAt);
      this.#look(pause);
    });
    entry.stop = () => {
      stopped = true;
      stop();
    };
  }

  #unsubscribe(entry: Entry): void {
    entry.stop?.();
    entry.stop = null;
    this.#tell(entry, 'unknown', entry.view.readAt);
  }

  #forgetAll(): void {
    for (const entry of this.#entries.values()) {
      this.#unsubscribe(entry);
      entry.attempt = 0;
      entry.notBefore = 0;
    }
  }

  #tell(entry: Entry, state: LineUse, readAt: number | null): void {
    const { view } = entry;
    // What was so at the first look began nobody knows when.
    const first = view.state === 'unknown' || state === 'unknown';
    entry.view = { state, readAt, since: state === view.state ? view.since : first ? null : readAt };
    if (view.state !== state || view.readAt !== readAt) this.#ports.changed(entry.number, entry.view);
  }
}
