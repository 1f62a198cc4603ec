/**
 * The directory of an LDAP server with entryUUID (OpenLDAP and its kin; RFC 4530): by content synchronisation (RFC 4533), or by
 * listing where the server refuses that.
 */
import { ok } from '#contract';
import type { SourcePerson } from '../../../db/queries/people.ts';
import type { LdapSettings } from '../../settings/index.ts';
import type { Delta, DirectorySource, TakePeople } from '../source.ts';
import { isRefusal, type Connection, type Search } from './connection.ts';
import { synchronise, type Synchronised } from './content-sync.ts';
import { parseCursor, type Cursor } from './cursor.ts';
import { attributesOf, entryReader, valuesOf } from './entry.ts';
import { LdapFault, LdapResult, RESULT } from './faults.ts';
import { followByListing, loadByListing, type ListingPorts } from './listing.ts';
import type { Entry } from './messages.ts';
import { connected, countTroubles, identityOf, inBrackets, reloadIsDue, type ServerPorts } from './server.ts';

/** Reads people from an LDAP server. */
export function ldapSource(ports: ServerPorts<LdapSettings>): DirectorySource {
  const { settings, clock, log, country } = ports;
  const { mapping, unitNames, baseDn } = settings;
  const attributes = attributesOf(mapping, ['entryUUID', 'entryCSN']);
  const filter = inBrackets(settings.filter);
  const search: Search = { filter, attributes };
  const reader = entryReader({ key: 'entryUUID', mapping, unitNames, country });
  type PersonOf = (entry: Entry) => SourcePerson | null;
  const listing = (personOf: PersonOf): ListingPorts => ({ settings, clock, filter, attributes, personOf });

  /** Delivers who came; answers whose entries are nobody's. */
  async function sync(
    connection: Connection,
    cookie: string | null,
    take: TakePeople,
    personOf: PersonOf,
  ): Promise<Synchronised> {
    const nobodies: string[] = [];
    const done = await synchronise(connection, baseDn, search, cookie, async (entries) => {
      const people: SourcePerson[] = [];
      for (const entry of entries) {
        const person = personOf(entry);
        if (person) people.push(person);
        else nobodies.push(...valuesOf(entry, 'entryUUID').slice(0, 1));
      }
      if (people.length > 0) await take(people);
    });
    return { ...done, removed: [...done.removed, ...nobodies] };
  }

  async function load(connection: Connection, take: TakePeople, personOf: PersonOf): Promise<Cursor> {
    try {
      const loadedAt = clock.now().toISOString();
      return { way: 'sync', cookie: (await sync(connection, null, take, personOf)).cookie, loadedAt };
    } catch (error) {
      if (!isRefusal(error)) throw error;
      // The cursor remembers it: the deltas of this copy do not ask again.
      log.info('directory.content-sync-refused', { result: error instanceof LdapResult ? error.result : 0 });
      return loadByListing(listing(personOf), connection, take);
    }
  }

  /** Throws when the account is shown nobody: whom the server then calls gone may only be hidden. */
  async function checkSight(connection: Connection): Promise<void> {
    for await (const batch of connection.replies(baseDn, { filter, attributes: ['1.1'], most: 1 })) {
      if (batch.some((reply) => reply.kind === 'entry')) return;
    }
    throw new LdapFault('rejected', `${settings.url} shows nobody; nobody was deleted. Has the account lost its rights?`);
  }

  async function follow(
    connection: Connection,
    { cookie, loadedAt }: Extract<Cursor, { way: 'sync' }>,
    take: TakePeople,
    personOf: PersonOf,
  ): Promise<Delta> {
    try {
      const { removed, present, mentioned, ...now } = await sync(connection, cookie, take, personOf);
      if (!mentioned && removed.length === 0 && now.cookie === cookie) return { kind: 'unchanged' };
      // Changes of which we are shown nothing may be of others, or we may be blind.
      if (removed.length > 0 || !mentioned) await checkSight(connection);
      const cursor = JSON.stringify({ way: 'sync', cookie: now.cookie, loadedAt } satisfies Cursor);
      // Nobody named at all is no list of everybody.
      return { kind: 'changed', cursor, removed, present: mentioned ? present : null };
    } catch (error) {
      // It forgot what it knew of us, or no longer does this: everything is read again, whichever way.
      if (isRefusal(error) || (error instanceof LdapResult && error.result === RESULT.syncRefreshRequired)) {
        return { kind: 'reload' };
      }
      throw error;
    }
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
      return connected(ports, signal, (connection) =>
        cursor.way === 'sync'
          ? follow(connection, cursor, take, personOf)
          : followByListing(listing(personOf), connection, cursor, take),
      );
    },
  };
}
