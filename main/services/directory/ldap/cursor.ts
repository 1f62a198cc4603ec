/**
 * Where a delta begins. By content synchronisation: the server's cookie. By listing: the server's contextCSNs (one a provider) as they
 * were before the last read, and the newest change that was seen.
 */
import { z } from 'zod';

const listing = z.strictObject({
  way: z.literal('listing'),
  /** When everybody was read, ISO 8601. */
  loadedAt: z.string(),
  csns: z.array(z.string()),
  /** The CSNs were seen to move: somebody keeps them. Where nobody does, those of long ago may still stand there. */
  kept: z.boolean(),
  /** The newest change that was seen by the server's own clock, GeneralizedTime; empty: none was dated. */
  newest: z.string(),
  /** When everybody's keys were last listed, ISO 8601, and the CSNs of then. */
  listedAt: z.string(),
  listedCsns: z.array(z.string()),
});
const stored = z.discriminatedUnion('way', [
  z.strictObject({ way: z.literal('sync'), cookie: z.string(), loadedAt: z.string() }),
  listing,
]);

export type ListingCursor = z.infer<typeof listing>;
export type Cursor = z.infer<typeof stored>;

/** The cursor of a text; null when it is none of ours. */
export function parseCursor(text: string): Cursor | null {
  try {
    const parsed = stored.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** `20261122104539Z` (RFC 4517 section 3.3.13, as servers write modifyTimestamp) so many seconds earlier; null: it is no such time. */
export function secondsBefore(time: string, seconds: number): string | null {
  const found = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:[.,]\d+)?Z$/.exec(time);
  if (!found) return null;
  const [, year, month, day, hour, minute, second] = found.map(Number);
  const date = new Date(Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second) - seconds * 1000);
  return `${date.toISOString().slice(0, 19).replace(/[-:T]/g, '')}Z`;
}

/** `20261122104539.123456Z#000000#001#000000` → when, and which provider. */
function parseCsn(csn: string): { time: string; provider: string } | null {
  const found = /^(\d{14})(?:\.\d+)?Z#[0-9a-f]+#([0-9a-f]+)#/i.exec(csn);
  return found?.[1] && found[2] ? { time: `${found[1]}Z`, provider: found[2] } : null;
}

/** Whether two sets of CSNs say the same. */
export function sameCsns(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.toSorted().join() === b.toSorted().join();
}

/** From which modifyTimestamp on (inclusive) to read what `now` has more than `before`; null: that cannot be told, or time ran back. */
export function changedSince(before: readonly string[], now: readonly string[]): string | null {
  const known = new Map<string, { csn: string; time: string }>();
  for (const csn of before) {
    const parsed = parseCsn(csn);
    if (!parsed) return null;
    known.set(parsed.provider, { csn, time: parsed.time });
  }
  let since: string | null = null;
  for (const csn of now) {
    if (before.includes(csn)) continue;
    const last = known.get(parseCsn(csn)?.provider ?? '');
    // A provider that was not there before may bring changes of any age; a backup that was played in, those of an earlier time.
    if (last === undefined || csn < last.csn) return null;
    if (since === null || last.time < since) since = last.time;
  }
  return since;
}
