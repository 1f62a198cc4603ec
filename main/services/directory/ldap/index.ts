/** The directory of an LDAP server with entryUUID and modifyTimestamp (OpenLDAP and its kin; RFC 4530, RFC 4512). */
import { createHash } from 'node:crypto';
import { fail, type Result } from '#contract';
import type { SourcePerson } from '../../../db/queries/people.ts';
import type { Clock, Log, Secrets } from '../../ports.ts';
import type { LdapSettings } from '../../settings/index.ts';
import type { DirectorySource } from '../source.ts';
import { defaultLimits, withConnection, type Connection, type Limits } from './connection.ts';
import { changedSince, generalizedTime, parseCursor, sameCsns, type Cursor } from './cursor.ts';
import { attributesOf, dnKey, personOf, valuesOf } from './entry.ts';

export interface LdapPorts {
  readonly settings: LdapSettings;
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly log: Log;
  /** What a number without a country code is taken for (ISO 3166). */
  readonly country: string;
  readonly limits?: Limits;
}

/** Who is gone is looked for at least this often; in between only when the changes read do not explain the server's newest. */
const LIST_EVERY_MS = 10 * 60_000;
/** Clocks differ: without CSNs, changes are read from this much earlier on. */
const CLOCK_MARGIN_MS = 10 * 60_000;

/** Reads people from an LDAP server. The secret `directory` is the password of `bindDn`. */
export function ldapSource(ports: LdapPorts): DirectorySource {
  const { settings, clock, log, country } = ports;
  const { mapping } = settings;
  const attributes = attributesOf(mapping);
  const filter = settings.filter.startsWith('(') ? settings.filter : `(${settings.filter})`;

  async function connected<T>(signal: AbortSignal, work: (connection: Connection) => Promise<T>): Promise<Result<T>> {
    const password = await ports.secrets.get('directory');
    // An empty password would be an anonymous bind that succeeds (RFC 4513 section 5.1.2).
    if (password === null || password === '') {
      return fail('secret-missing', `The password of ${settings.bindDn} has not been typed yet.`);
    }
    return withConnection({ settings, password, limits: ports.limits ?? defaultLimits, signal }, work);
  }

  /** The server's contextCSNs (draft-ietf-ldapext-ldup: one a provider); none where it keeps none. */
  async function csnsOf(connection: Connection): Promise<string[]> {
    const [root] = await connection.search('', { scope: 'base', attributes: ['namingContexts'] });
    const base = dnKey(settings.baseDn);
    const contexts = root ? valuesOf(root, 'namingContexts') : [];
    const suffix =
      contexts.find((context) => base === dnKey(context) || base.endsWith(`,${dnKey(context)}`)) ?? settings.baseDn;
    const [entry] = await connection.search(suffix, { scope: 'base', attributes: ['contextCSN'] });
    return entry ? valuesOf(entry, 'contextCSN') : [];
  }

  /** `listed`: everybody was seen since; else what the cursor before says of the last time. */
  function cursorNow(csns: string[], listed: Cursor | null): Cursor {
    const now = clock.now();
    return {
      csns,
      since: generalizedTime(new Date(now.getTime() - CLOCK_MARGIN_MS)),
      listedAt: listed?.listedAt ?? now.toISOString(),
      listedCsns: listed?.listedCsns ?? csns,
    };
  }

  /** Delivers everybody whom `wanted` finds; answers the CSNs of what was read. */
  async function read(
    connection: Connection,
    wanted: string,
    take: (people: SourcePerson[]) => Promise<void>,
  ): Promise<Set<string>> {
    const seen = new Set<string>();
    let unusable = 0;
    for await (const page of connection.pages(settings.baseDn, {
      filter: wanted,
      attributes,
      paged: { pageSize: settings.pageSize },
    })) {
      const people: SourcePerson[] = [];
      for (const entry of page) {
        const person = personOf(entry, mapping, country);
        if (person) people.push(person);
        else unusable++;
        for (const csn of valuesOf(entry, 'entryCSN')) seen.add(csn);
      }
      if (people.length > 0) await take(people);
    }
    if (unusable > 0) log.warn('directory.entries-without-key-or-name', { entries: unusable });
    return seen;
  }

  async function list(connection: Connection): Promise<string[]> {
    const ids: string[] = [];
    const options = { filter, attributes: ['entryUUID'], paged: { pageSize: settings.pageSize } };
    for await (const page of connection.pages(settings.baseDn, options)) {
      for (const entry of page) ids.push(...valuesOf(entry, 'entryUUID').slice(0, 1));
    }
    return ids;
  }

  return {
    identity: createHash('sha256')
      .update(JSON.stringify(['ldap', settings.url, settings.baseDn, settings.filter, mapping, country]))
      .digest('hex'),

    fullLoad: (take, signal) =>
      connected(signal, async (connection) => {
        // Before the reading: what changes meanwhile is read again by the next delta.
        const cursor = cursorNow(await csnsOf(connection), null);
        await read(connection, filter, take);
        return { cursor: JSON.stringify(cursor) };
      }),

    async delta(text, take, signal) {
      const cursor = parseCursor(text);
      if (!cursor) return { ok: true, value: { kind: 'reload' } };
      return connected(signal, async (connection) => {
        const csns = await csnsOf(connection);
        const same = csns.length > 0 && sameCsns(csns, cursor.csns);
        const listingIsOld = clock.now().getTime() - Date.parse(cursor.listedAt) >= LIST_EVERY_MS;
        const listingIsOwed = listingIsOld && !(csns.length > 0 && sameCsns(csns, cursor.listedCsns));
        if (same && !listingIsOwed) return { kind: 'unchanged' };
        const kept = cursorNow(csns, cursor);
        const all = cursorNow(csns, null);
        let explained = true;
        if (!same) {
          const since = csns.length > 0 ? changedSince(cursor.csns, csns) : cursor.since;
          if (since === null) return { kind: 'reload' };
          const seen = await read(connection, `(&${filter}(modifyTimestamp>=${since}))`, take);
          // The newest change is of nobody whom we read: somebody may be gone.
          explained = csns.every((csn) => cursor.csns.includes(csn) || seen.has(csn));
        }
        if (explained && !listingIsOwed) return { kind: 'changed', cursor: JSON.stringify(kept), present: null };
        return { kind: 'changed', cursor: JSON.stringify(all), present: await list(connection) };
      });
    },
  };
}
