/** Following a server that does not synchronise contents: modifyTimestamp for what is new, lists of keys for who is gone. */
import type { SourcePerson } from '../../../db/queries/people.ts';
import type { Clock } from '../../ports.ts';
import type { LdapSettings } from '../../settings/index.ts';
import type { Delta, TakePeople } from '../source.ts';
import type { Connection } from './connection.ts';
import { changedSince, generalizedTime, sameCsns, type ListingCursor } from './cursor.ts';
import { dnKey, valuesOf } from './entry.ts';
import type { Entry } from './messages.ts';

export interface ListingPorts {
  readonly settings: LdapSettings;
  readonly clock: Clock;
  readonly filter: string;
  readonly attributes: readonly string[];
  readonly personOf: (entry: Entry) => SourcePerson | null;
}

/** Who is gone is looked for at least this often; in between only when the changes read do not explain the server's newest. */
const LIST_EVERY_MS = 10 * 60_000;
/** Clocks differ: without CSNs, changes are read from this much earlier on. */
const CLOCK_MARGIN_MS = 10 * 60_000;

/** The server's contextCSNs (draft-ietf-ldapext-ldup: one a provider); none where it keeps none. */
async function csnsOf(connection: Connection, baseDn: string): Promise<readonly string[]> {
  const [root] = await connection.search('', { scope: 'base', attributes: ['namingContexts'] });
  const base = dnKey(baseDn);
  const contexts = root ? valuesOf(root, 'namingContexts') : [];
  const suffix = contexts.find((context) => base === dnKey(context) || base.endsWith(`,${dnKey(context)}`)) ?? baseDn;
  const [entry] = await connection.search(suffix, { scope: 'base', attributes: ['contextCSN'] });
  return entry ? valuesOf(entry, 'contextCSN') : [];
}

/** `listed`: what the cursor before says of the last time that everybody was seen; null: that was now. */
function cursorNow(clock: Clock, csns: readonly string[], listed: ListingCursor | null): ListingCursor {
  const now = clock.now();
  return {
    way: 'listing',
    loadedAt: listed?.loadedAt ?? now.toISOString(),
    csns: [...csns],
    since: generalizedTime(new Date(now.getTime() - CLOCK_MARGIN_MS)),
    listedAt: listed?.listedAt ?? now.toISOString(),
    listedCsns: listed?.listedCsns ?? [...csns],
  };
}

/** Delivers everybody whom `wanted` finds; answers the CSNs of what was read, and whose entries are nobody's. */
async function read(
  ports: ListingPorts,
  connection: Connection,
  wanted: string,
  take: TakePeople,
): Promise<{ seen: Set<string>; nobodies: string[] }> {
  const seen = new Set<string>();
  const nobodies: string[] = [];
  const { settings, attributes } = ports;
  for await (const page of connection.pages(settings.baseDn, { filter: wanted, attributes }, settings.pageSize)) {
    const people: SourcePerson[] = [];
    for (const entry of page) {
      const person = ports.personOf(entry);
      if (person) people.push(person);
      else nobodies.push(...valuesOf(entry, 'entryUUID').slice(0, 1));
      for (const csn of valuesOf(entry, 'entryCSN')) seen.add(csn);
    }
    if (people.length > 0) await take(people);
  }
  return { seen, nobodies };
}

/** Reads everybody in pages. */
export async function loadByListing(ports: ListingPorts, connection: Connection, take: TakePeople): Promise<ListingCursor> {
  // Before the reading: what changes meanwhile is read again by the next delta.
  const cursor = cursorNow(ports.clock, await csnsOf(connection, ports.settings.baseDn), null);
  await read(ports, connection, ports.filter, take);
  return cursor;
}

/** Reads what has changed since `cursor`. */
export async function followByListing(
  ports: ListingPorts,
  connection: Connection,
  cursor: ListingCursor,
  take: TakePeople,
): Promise<Delta> {
  const { settings, clock, filter } = ports;
  const csns = await csnsOf(connection, settings.baseDn);
  const same = csns.length > 0 && sameCsns(csns, cursor.csns);
  const listingIsOld = clock.now().getTime() - Date.parse(cursor.listedAt) >= LIST_EVERY_MS;
  const listingIsOwed = listingIsOld && !(csns.length > 0 && sameCsns(csns, cursor.listedCsns));
  if (same && !listingIsOwed) return { kind: 'unchanged' };
  const kept = cursorNow(clock, csns, cursor);
  const all = { ...cursorNow(clock, csns, null), loadedAt: cursor.loadedAt };
  let explained = true;
  let removed: string[] = [];
  if (!same) {
    const since = csns.length > 0 ? changedSince(cursor.csns, csns) : cursor.since;
    if (since === null) return { kind: 'reload' };
    const { seen, nobodies } = await read(ports, connection, `(&${filter}(modifyTimestamp>=${since}))`, take);
    removed = nobodies;
    // The newest change is of nobody whom we read: somebody may be gone.
    explained = csns.every((csn) => cursor.csns.includes(csn) || seen.has(csn));
  }
  if (explained && !listingIsOwed) return { kind: 'changed', cursor: JSON.stringify(kept), removed, present: null };
  const present: string[] = [];
  for await (const page of connection.pages(settings.baseDn, { filter, attributes: ['entryUUID'] }, settings.pageSize)) {
    for (const entry of page) present.push(...valuesOf(entry, 'entryUUID').slice(0, 1));
  }
  return { kind: 'changed', cursor: JSON.stringify(all), removed, present };
}
