/**
 * Where a delta begins. By content synchronisation: the server's cookie. By listing: the server's contextCSNs (one a provider) as they
 * were before the last read, or, where the server has none, a time.
 */
import { z } from 'zod';

const listing = z.strictObject({
  way: z.literal('listing'),
  /** When everybody was read, ISO 8601. */
  loadedAt: z.string(),
  csns: z.array(z.string()),
  /** GeneralizedTime; used when there are no CSNs. */
  since: z.string(),
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

/** A time as LDAP writes it (RFC 4517 section 3.3.13). */
export function generalizedTime(date: Date): string {
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

/** From which modifyTimestamp on (inclusive) to read what `now` has more than `before`; null: that cannot be told. */
export function changedSince(before: readonly string[], now: readonly string[]): string | null {
  const known = new Map<string, string>();
  for (const csn of before) {
    const parsed = parseCsn(csn);
    if (!parsed) return null;
    known.set(parsed.provider, parsed.time);
  }
  let since: string | null = null;
  for (const csn of now) {
    if (before.includes(csn)) continue;
    const parsed = parseCsn(csn);
    const last = parsed ? known.get(parsed.provider) : undefined;
    // A provider that was not there before may bring changes of any age.
    if (last === undefined) return null;
    if (since === null || last < since) since = last;
  }
  return since;
}
