/**
 * The directory of an Active Directory: by DirSync where the account may, else by update numbers. Both tell only *that* an object has
 * changed; whether it is still somebody whom the settings want is seen by reading it.
 */
import { ok } from '#contract';
import type { SourcePerson } from '../../../db/queries/people.ts';
import type { ActiveDirectorySettings } from '../../settings/index.ts';
import { isRefusal, type Connection } from '../ldap/connection.ts';
import { attributesOf, entryReader } from '../ldap/entry.ts';
import { LdapResult } from '../ldap/faults.ts';
import type { Entry } from '../ldap/messages.ts';
import { connected, countTroubles, identityOf, inBrackets, reloadIsDue, type ServerPorts } from '../ldap/server.ts';
import type { Delta, DirectorySource, TakePeople } from '../source.ts';
import { byKeys, controllerOf, deletedSince, keysOf } from './controller.ts';
import { parseCursor, type DirSyncCursor, type UpdatesCursor } from './cursor.ts';
import { changesSince } from './dir-sync.ts';

/** Who is gone is looked for by listing everybody at most this often, where deletions are not shown to the account. */
const LIST_EVERY_MS = 10 * 60_000;

type PersonOf = (entry: Entry) => SourcePerson | null;

/** Reads people from an Active Directory domain controller. */
export function activeDirectorySource(ports: ServerPorts<ActiveDirectorySettings>): DirectorySource {
  const { settings, clock, log, country } = ports;
  const { mapping, unitNames, baseDn, pageSize } = settings;
  const attributes = attributesOf(mapping, ['objectGUID']);
  const filter = inBrackets(settings.filter);
  const reader = entryReader({ key: 'objectGUID', mapping, unitNames, country });

  /** Delivers who can be read of `entries`, and notes their keys in `found`. */
  async function deliver(entries: readonly Entry[], take: TakePeople, personOf: PersonOf, found: Set<string>): Promise<void> {
    const people: SourcePerson[] = [];
    for (const entry of entries) {
      const person = personOf(entry);
      if (person) people.push(person);
    }
    for (const { id } of people) found.add(id);
    if (people.length > 0) await take(people);
  }

  async function load(connection: Connection, take: TakePeople, personOf: PersonOf): Promise<DirSyncCursor | UpdatesCursor> {
    const loadedAt = clock.now().toISOString();
    // Before the reading: what changes meanwhile is read again by the next delta.
    const { domain, usn, invocation } = await controllerOf(connection);
    let cookie: string | null = null;
    try {
      cookie = (await changesSince(connection, domain, '')).cookie;
    } catch (error) {
      if (!isRefusal(error)) throw error;
      log.info('directory.dirsync-refused', { result: error instanceof LdapResult ? error.result : 0 });
    }
    for await (const page of connection.pages(baseDn, { filter, attributes }, pageSize)) {
      await deliver(page, take, personOf, new Set());
    }
    return cookie === null
      ? { way: 'updates', invocation, usn: String(usn), loadedAt, listedAt: loadedAt, listedUsn: String(usn) }
      : { way: 'dirsync', cookie, loadedAt };
  }

  async function followDirSync(
    connection: Connection,
    cursor: DirSyncCursor,
    take: TakePeople,
    personOf: PersonOf,
  ): Promise<Delta> {
    const { domain } = await controllerOf(connection);
    const { cookie, changed, deleted } = await changesSince(connection, domain, cursor.cookie);
    if (changed.length === 0 && deleted.length === 0) return { kind: 'unchanged' };
    const found = new Set<string>();
    for await (const entries of byKeys(connection, baseDn, { filter, attributes }, changed)) {
      await deliver(entries, take, personOf, found);
    }
    // It has changed, and is no longer among those whom the settings want: moved away, disabled, without a name.
    const removed = [...deleted, ...changed.filter((key) => !found.has(key))];
    return { kind: 'changed', cursor: JSON.stringify({ ...cursor, cookie } satisfies DirSyncCursor), removed, present: null };
  }

  async function followUpdates(
    connection: Connection,
    cursor: UpdatesCursor,
    take: TakePeople,
    personOf: PersonOf,
  ): Promise<Delta> {
    const { domain, invocation, usn } = await controllerOf(connection);
    const last = BigInt(cursor.usn);
    // Another controller, or this one from a backup: its numbers are others.
    if (invocation !== cursor.invocation || usn < last) return { kind: 'reload' };
    const listingIsOld = clock.now().getTime() - Date.parse(cursor.listedAt) >= LIST_EVERY_MS;
    if (usn === last && !(listingIsOld && cursor.listedUsn !== cursor.usn)) return { kind: 'unchanged' };
    const since = `(uSNChanged>=${last + 1n})`;
    // Whatever has changed, wherever it is now, first; so whoever is not found after it is not among those whom the settings want.
    const changed = await keysOf(connection, domain, { filter: `(&(objectClass=user)${since})` }, pageSize);
    const found = new Set<string>();
    for await (const page of connection.pages(baseDn, { filter: `(&${filter}${since})`, attributes }, pageSize)) {
      await deliver(page, take, personOf, found);
    }
    const gone = changed.filter((key) => !found.has(key));
    const deleted = await deletedSince(connection, domain, last + 1n, pageSize);
    const removed = [...gone, ...(deleted ?? [])];
    const next = { ...cursor, usn: String(usn) } satisfies UpdatesCursor;
    const told = { ...next, listedUsn: next.usn };
    if (deleted !== null) return { kind: 'changed', cursor: JSON.stringify(told), removed, present: null };
    if (!listingIsOld) return { kind: 'changed', cursor: JSON.stringify(next), removed, present: null };
    const present = await keysOf(connection, baseDn, { filter }, pageSize);
    const listed = { ...told, listedAt: clock.now().toISOString() } satisfies UpdatesCursor;
    return { kind: 'changed', cursor: JSON.stringify(listed), removed, present };
  }

  return {
    identity: identityOf(ports, attributes),

    async fullLoad(take, signal, tell) {
      const troubles = countTroubles(log, tell);
      const loaded = await connected(ports, signal, (connection) =>
        load(connection, take, (entry) => reader(entry, troubles.tell)),
      );
      if (!loaded.ok) return loaded;
      troubles.write();
      return ok({ cursor: JSON.stringify(loaded.value) });
    },

    async delta(text, take, signal, tell) {
      const cursor = parseCursor(text);
      if (!cursor || reloadIsDue(cursor.loadedAt, clock)) return ok({ kind: 'reload' });
      const personOf: PersonOf = (entry) => reader(entry, tell);
      return connected<Delta>(ports, signal, async (connection) => {
        try {
          return await (cursor.way === 'dirsync'
            ? followDirSync(connection, cursor, take, personOf)
            : followUpdates(connection, cursor, take, personOf));
        } catch (error) {
          // A right that was taken away, a cookie that is too old: everything is read again, whichever way.
          if (isRefusal(error)) return { kind: 'reload' };
          throw error;
        }
      });
    },
  };
}
