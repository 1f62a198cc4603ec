/** Following a server that does not synchronise contents: modifyTimestamp for what is new, lists of keys for who is gone. */
import type { SourcePerson } from '../../../db/queries/people.ts';
import type { Clock } from '../../ports.ts';
import type { LdapSettings } from '../../settings/index.ts';
import type { Delta, TakePeople } from '../source.ts';
import type { Connection } from './connection.ts';
import { changedSince, sameCsns, secondsBefore, type ListingCursor } from './cursor.ts';
import { dnKey, valuesOf } from './entry.ts';
import type { Entry } from './messages.ts';

export interface ListingPorts {
  readonly settings: LdapSettings;
  readonly clock: Clock;
  readonly filter: string;
  readonly attributes: readonly string[];
  readonly personOf: (entry: Entry) => SourcePerson | null;
}

/** Who is gone is looked for this often where the server does not tell by its CSNs that somebody is, or that nothing has changed. */
const LIST_EVERY_MS = 10 * 60_000;
/** Without CSNs, changes are read from this much before the newest that was seen: they need not have been stored in order. */
const MARGIN_SECONDS = 10;

/** The server's contextCSNs (draft-ietf-ldapext-ldup: one a provider); none where it keeps none. */
async function csnsOf(connection: Connection, baseDn: string): Promise<readonly string[]> {
  const [root] = await connection.search('', { scope: 'base', attributes: ['namingContexts'] });
  const base = dnKey(baseDn);
  const contexts = root ? valuesOf(root, 'namingContexts') : [];
  const suffix = contexts.find((context) => base === dnKey(context) || base.endsWith(`,${dnKey(context)}`)) ?? baseDn;
  const [entry] = await connection.search(suffix, { scope: 'base', attributes: ['contextCSN'] });
  return entry ? valuesOf(entry, 'contextCSN') : [];
}

interface Read {
  /** Those of the CSNs asked for that are of nobody who was read. */
  readonly unexplained: ReadonlySet<string>;
  /** The newest modifyTimestamp; empty: none. */
  readonly newest: string;
  /** Whose entries are nobody's. */
  readonly nobodies: readonly string[];
}

/** Delivers everybody whom `wanted` finds. */
async function read(
  ports: ListingPorts,
  connection: Connection,
  wanted: string,
  csns: readonly string[],
  take: TakePeople,
): Promise<Read> {
  const unexplained = new Set(csns);
  const nobodies: string[] = [];
  let newest = '';
  const { settings } = ports;
  const attributes = [...ports.attributes, 'modifyTimestamp'];
  for await (const page of connection.pages(settings.baseDn, { filter: wanted, attributes }, settings.pageSize)) {
    const people: SourcePerson[] = [];
    for (const entry of page) {
      const person = ports.personOf(entry);
      if (person) people.push(person);
      else nobodies.push(...valuesOf(entry, 'entryUUID').slice(0, 1));
      for (const csn of valuesOf(entry, 'entryCSN')) unexplained.delete(csn);
      for (const time of valuesOf(entry, 'modifyTimestamp')) if (time > newest) newest = time;
    }
    if (people.length > 0) await take(people);
  }
  return { unexplained, newest, nobodies };
}

/** Reads everybody in pages. */
export async function loadByListing(ports: ListingPorts, connection: Connection, take: TakePeople): Promise<ListingCursor> {
  const now = ports.clock.now().toISOString();
  // Before the reading: what changes meanwhile is read again by the next delta.
  const csns = [...(await csnsOf(connection, ports.settings.baseDn))];
  const { newest } = await read(ports, connection, ports.filter, [], take);
  return { way: 'listing', loadedAt: now, csns, kept: false, newest, listedAt: now, listedCsns: csns };
}

/** Reads what has changed since `cursor`. */
export async function followByListing(
  ports: ListingPorts,
  connection: Connection,
  cursor: ListingCursor,
  take: TakePeople,
): Promise<Delta> {
  const { settings, clock, filter } = ports;
  const csns = [...(await csnsOf(connection, settings.baseDn))];
  const moved = !sameCsns(csns, cursor.csns);
  const kept = csns.length > 0 && cursor.csns.length > 0 && (cursor.kept || moved);
  const listingIsOld = clock.now().getTime() - Date.parse(cursor.listedAt) >= LIST_EVERY_MS;
  let listingIsOwed = listingIsOld && !(kept && sameCsns(csns, cursor.listedCsns));
  if (kept && !moved && !listingIsOwed) return { kind: 'unchanged' };

  const next = { ...cursor, csns, kept };
  let removed: readonly string[] = [];
  if (!kept || moved) {
    const since = kept ? changedSince(cursor.csns, csns) : secondsBefore(cursor.newest, MARGIN_SECONDS);
    if (since === null) return { kind: 'reload' };
    const wanted = `(&${filter}(modifyTimestamp>=${since}))`;
    const newCsns = kept ? csns.filter((csn) => !cursor.csns.includes(csn)) : [];
    const found = await read(ports, connection, wanted, newCsns, take);
    removed = found.nobodies;
    if (found.newest > next.newest) next.newest = found.newest;
    // The newest change is of nobody whom we read: somebody may be gone.
    listingIsOwed ||= found.unexplained.size > 0;
  }
  if (!listingIsOwed) return { kind: 'changed', cursor: JSON.stringify(next satisfies ListingCursor), removed, present: null };
  const present: string[] = [];
  for await (const page of connection.pages(settings.baseDn, { filter, attributes: ['entryUUID'] }, settings.pageSize)) {
    for (const entry of page) present.push(...valuesOf(entry, 'entryUUID').slice(0, 1));
  }
  const listed = { ...next, listedAt: clock.now().toISOString(), listedCsns: csns };
  return { kind: 'changed', cursor: JSON.stringify(listed satisfies ListingCursor), removed, present };
}
