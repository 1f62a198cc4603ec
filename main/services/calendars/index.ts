/**
 * Keeps what calendars say of people's times up to date: whom somebody looks at first, then whom this agent chose, then by settings
 * everybody, slowly. Whoever cannot be read becomes "unknown" by the age of the last reading (main/db/queries/person-around.ts).
 */
import type { Fault, SecretName } from '#contract';
import type { Database } from '../../db/client.ts';
import type { CalendarOwner } from '../../db/queries/calendars.ts';
import { KNOWN_MS } from '../../db/queries/person-around.ts';
import { nextRefreshMs } from '../directory/timing.ts';
import type { Clock, Emit, Log, Random } from '../ports.ts';
import type { Feature } from '../router.ts';
import type { CalendarSettings } from '../settings/index.ts';
import { ReadingQueue } from './queue.ts';
import type { CalendarSource } from './source.ts';

export { caldavSource } from './caldav/index.ts';
export type { CalendarSource } from './source.ts';

export interface CalendarsPorts {
  readonly database: Database;
  /** Null: no calendars are read, and what was kept of them is deleted. */
  readonly source: CalendarSource | null;
  readonly settings: Pick<CalendarSettings, 'refreshSeconds' | 'everybody' | 'everybodyPerMinute'> | null;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly emit: Emit;
  /** fault() answers otherwise than before. */
  readonly onFault?: () => void;
}

export interface Calendars extends Feature<never> {
  /** These are shown: what is known of them should be fresh. */
  readonly shown: (ids: readonly string[]) => void;
  /** Why calendars cannot be read, for the helpdesk; null: they can. */
  fault(): Fault | null;
  /** The database was opened anew, perhaps as an empty file. */
  reopened(): void;
}

/** How often it is looked who is due, and who comes and goes. */
const TICK_MS = 10_000;
/** How long somebody counts as looked at after they were shown. */
const LOOKED_AT_MS = 10 * 60_000;
const MOST_LOOKED_AT = 100;
const MOST_CHOSEN = 60;
const MOST_WAITING = 500;
const AT_ONCE = 3;
/** Everybody else's, at the shortest: in a small municipality the whole round takes a minute. */
const EVERYBODY_AGAIN_MS = 10 * 60_000;
const FORGET_EVERY_MS = 60 * 60_000;

/** Reads in the background until close(). */
export function createCalendars(ports: CalendarsPorts): Calendars {
  const { database, source, clock, log } = ports;
  const sourceId = source?.id ?? '';
  const refreshMs = (ports.settings?.refreshSeconds ?? 0) * 1000;
  const queue = new ReadingQueue(MOST_WAITING);
  const ending = new AbortController();
  const working = new Set<Promise<void>>();
  const lookedAt = new Map<string, number>();
  /** Who is being read; and who cannot be read by themselves: since how often, and when again. */
  const reading = new Set<string>();
  const refused = new Map<string, { failures: number; again: number }>();
  let fault: Fault | null = null;
  let failures = 0;
  /** The server is left alone until then. */
  let heldUntil = 0;
  let cancelHold: (() => void) | null = null;
  let cancelTick: (() => void) | null = null;
  /** Until when the index was told who comes and goes; '': from the beginning. */
  let turnedAt = '';
  let forgetAt = 0;
  let everybodyAfter = 0;
  let everybodyShare = 0;

  const nowMs = () => clock.now().getTime();

  /** Work that close() waits for; what goes wrong in it is logged. */
  function work(event: string, action: () => Promise<void>): void {
    const one = action()
      .catch((error: unknown) => {
        if (!ending.signal.aborted) log.error(event, { cause: error instanceof Error ? error.message : String(error) });
      })
      .finally(() => working.delete(one));
    working.add(one);
  }

  function changed(ids: readonly string[]): void {
    if (ids.length > 0 && !ending.signal.aborted) ports.emit('people.changed', { ids: [...ids] });
  }

  function tellFault(next: Fault | null): void {
    const before = fault;
    fault = next;
    if (before?.code !== next?.code) ports.onFault?.();
  }

  const ageOf = ({ readAt }: CalendarOwner) => (readAt === null ? Infinity : nowMs() - Date.parse(readAt));

  function due(owner: CalendarOwner, afterMs: number): boolean {
    if (reading.has(owner.id) || (refused.get(owner.id)?.again ?? 0) > nowMs()) return false;
    const age = ageOf(owner);
    // Read later than now: the computer's clock was put back.
    return age >= afterMs || age < 0;
  }

  const ownersOf = (ids: readonly string[]) => database.run('calendars.owners', { ids, source: sourceId });

  /** About the server: everybody waits. About one person: only they do. */
  function failed(owner: CalendarOwner, error: Fault): void {
    if (error.code === 'rejected' || error.code === 'timeout') {
      const before = refused.get(owner.id)?.failures ?? 0;
      const wait = nextRefreshMs(refreshMs / 1000, { failures: before + 8, refused: false }, ports.random.fraction());
      if (refused.size >= MOST_WAITING) refused.clear();
      refused.set(owner.id, { failures: before + 1, again: nowMs() + wait });
      log.warn('calendars.person-fault', { person: owner.id, code: error.code });
      if (error.code === 'rejected') return;
    } else queue.first([owner]);
    failures++;
    tellFault(error);
    const locked = error.code === 'unauthorized' || error.code === 'secret-missing';
    const wait = nextRefreshMs(refreshMs / 1000, { failures, refused: locked }, ports.random.fraction());
    log.warn('calendars.fault', { code: error.code, failures, details: error.message });
    heldUntil = nowMs() + wait;
    cancelHold?.();
    cancelHold = clock.after(wait, release);
  }

  function release(): void {
    cancelHold?.();
    cancelHold = null;
    heldUntil = 0;
    pump();
  }

  async function readOne(from: CalendarSource, owner: CalendarOwner): Promise<void> {
    reading.add(owner.id);
    try {
      const now = clock.now();
      const wasUnknown = ageOf(owner) > KNOWN_MS;
      const read = await from.read(owner, now, ending.signal);
      if (ending.signal.aborted) return;
      if (!read.ok) {
        // Several were under way when the server went: one of them tells.
        if (heldUntil <= nowMs()) failed(owner, read.error);
        return;
      }
      if (fault !== null) log.info('calendars.back');
      tellFault(null);
      failures = 0;
      refused.delete(owner.id);
      const told = await database.run('calendars.store', {
        ...read.value,
        id: owner.id,
        source: from.id,
        readAt: now.toISOString(),
      });
      // Nothing new is news where nothing was known.
      if (told || wasUnknown) changed([owner.id]);
    } finally {
      reading.delete(owner.id);
    }
  }

  /** Begins to read whoever waits, as far as the server may be asked. One at a time where it last failed. */
  function pump(): void {
    if (source === null || heldUntil !== 0 || ending.signal.aborted) return;
    const most = fault === null ? AT_ONCE : 1;
    while (reading.size < most) {
      const owner = queue.next();
      if (!owner) return;
      if (reading.has(owner.id)) continue;
      work('calendars.read-failed', () => readOne(source, owner).finally(pump));
    }
  }

  /** Everybody's turn since the last tick, from where the round stands. */
  async function everybodysTurn(): Promise<void> {
    if (!ports.settings?.everybody || heldUntil !== 0 || queue.size >= MOST_WAITING) return;
    everybodyShare = Math.min(everybodyShare + (ports.settings.everybodyPerMinute * TICK_MS) / 60_000, MOST_WAITING);
    const rows = Math.floor(everybodyShare);
    if (rows < 1) return;
    everybodyShare -= rows;
    const owners = await database.run('calendars.everybody', { after: everybodyAfter, rows, source: sourceId });
    everybodyAfter = owners.length < rows ? 0 : (owners.at(-1)?.rowId ?? 0);
    queue.behind(owners.filter((owner) => due(owner, Math.max(refreshMs, EVERYBODY_AGAIN_MS))));
  }

  async function forget(): Promise<void> {
    if (nowMs() < forgetAt && forgetAt - nowMs() <= FORGET_EVERY_MS) return;
    forgetAt = nowMs() + FORGET_EVERY_MS;
    const people = await database.run('calendars.forget', { source: sourceId });
    if (people > 0) log.info('calendars.forgotten', { people });
  }

  /** Absences that began or ended meanwhile. */
  async function turn(): Promise<void> {
    const now = clock.now().toISOString();
    const ids = await database.run('calendars.turn', { since: turnedAt, now });
    turnedAt = now;
    changed(ids);
  }

  async function tick(): Promise<void> {
    await forget();
    if (source === null) return;
    await turn();
    const now = nowMs();
    for (const [id, at] of lookedAt) if (at > now || now - at > LOOKED_AT_MS) lookedAt.delete(id);
    const chosen = await database.run('calendars.chosen', { most: MOST_CHOSEN });
    const owners = await ownersOf([...new Set([...[...lookedAt.keys()].toReversed(), ...chosen])]);
    queue.later(owners.filter((owner) => due(owner, refreshMs)));
    // What was known of them has become too old to say anything.
    const past = owners.filter((owner) => ageOf(owner) > KNOWN_MS && ageOf(owner) <= KNOWN_MS + 2 * TICK_MS);
    changed(past.map(({ id }) => id));
    await everybodysTurn();
    pump();
  }

  function ticking(): void {
    work('calendars.tick-failed', () =>
      tick().finally(() => {
        if (!ending.signal.aborted) cancelTick = clock.after(TICK_MS, ticking);
      }),
    );
  }
  ticking();

  return {
    handlers: {},
    shown(ids) {
      if (source === null || ids.length === 0 || ending.signal.aborted) return;
      const now = nowMs();
      for (const id of ids.toReversed()) {
        lookedAt.delete(id);
        lookedAt.set(id, now);
      }
      for (const id of [...lookedAt.keys()].slice(0, -MOST_LOOKED_AT)) lookedAt.delete(id);
      work('calendars.shown-failed', async () => {
        const owners = await ownersOf(ids);
        queue.first(owners.filter((owner) => due(owner, refreshMs)));
        pump();
      });
    },
    fault: () => fault,
    secretChanged(name: SecretName) {
      if (name === 'calendar') release();
    },
    reopened() {
      turnedAt = '';
      forgetAt = 0;
      queue.clear();
      refused.clear();
    },
    async close() {
      ending.abort();
      cancelTick?.();
      cancelHold?.();
      await Promise.allSettled(working);
    },
  };
}
