/** A domain controller: which database it has, how far that has come, and what it shows of what was deleted. */
import { AndFilter, EqualityFilter, FilterParser, OrFilter } from 'ldapts';
import { isRefusal, type Connection, type Search } from '../ldap/connection.ts';
import { valuesOf } from '../ldap/entry.ts';
import { LdapFault, LdapResult, RESULT } from '../ldap/faults.ts';
import { RawControl, type Entry } from '../ldap/messages.ts';

/** LDAP_SERVER_SHOW_DELETED_OID: tombstones are shown, too. */
export const SHOW_DELETED = new RawControl('1.2.840.113556.1.4.417', true, null);
/** Keys in one question. */
const KEYS = 100;

export interface Controller {
  /** The domain's naming context. */
  readonly domain: string;
  /** invocationId of its database, hexadecimal. */
  readonly invocation: string;
  readonly usn: bigint;
}

function one(entry: Entry | undefined, attribute: string): string {
  const value = entry ? valuesOf(entry, attribute)[0] : undefined;
  if (value === undefined) throw new LdapFault('rejected', `The server has no ${attribute}; is it an Active Directory?`);
  return value;
}

/** Asks the server who it is. Throws a LdapFault when it is no domain controller. */
export async function controllerOf(connection: Connection): Promise<Controller> {
  const attributes = ['defaultNamingContext', 'highestCommittedUSN', 'dsServiceName'];
  const [root] = await connection.search('', { scope: 'base', attributes });
  const usn = BigInt(one(root, 'highestCommittedUSN'));
  const [service] = await connection.search(one(root, 'dsServiceName'), { scope: 'base', attributes: ['invocationId'] });
  return { domain: one(root, 'defaultNamingContext'), invocation: one(service, 'invocationId'), usn };
}

/** objectGUIDs of what `search` finds. */
export async function keysOf(
  connection: Connection,
  base: string,
  search: Omit<Search, 'attributes'>,
  pageSize: number,
): Promise<string[]> {
  const keys: string[] = [];
  for await (const page of connection.pages(base, { ...search, attributes: ['objectGUID'] }, pageSize)) {
    for (const entry of page) keys.push(...valuesOf(entry, 'objectGUID').slice(0, 1));
  }
  return keys;
}

/**
 * objectGUIDs of what was deleted since `usn`; null: the account may not see that, which is usual. Of that nobody tells but a tombstone
 * that is seen: to many accounts the container looks empty.
 */
export async function deletedSince(
  connection: Connection,
  domain: string,
  usn: bigint,
  pageSize: number,
): Promise<string[] | null> {
  // The container has this name in every domain (well-known GUID 18E2EA80…).
  const base = `CN=Deleted Objects,${domain}`;
  try {
    const [container] = await connection.search(base, { scope: 'base', attributes: ['objectGUID'], controls: [SHOW_DELETED] });
    if (!container) return null;
    // The container counts as deleted itself.
    const shown = await connection.search(base, {
      filter: '(isDeleted=TRUE)',
      attributes: ['1.1'],
      controls: [SHOW_DELETED],
      most: 2,
    });
    if (shown.length < 2) return null;
    const filter = `(&(isDeleted=TRUE)(uSNChanged>=${usn}))`;
    return await keysOf(connection, base, { filter, controls: [SHOW_DELETED] }, pageSize);
  } catch (error) {
    if (isRefusal(error) || (error instanceof LdapResult && error.result === RESULT.noSuchObject)) return null;
    throw error;
  }
}

/** Reads those of `keys` that `filter` finds under `base`, a hundred at a time. */
export async function* byKeys(
  connection: Connection,
  base: string,
  search: { readonly filter: string; readonly attributes: readonly string[] },
  keys: readonly string[],
): AsyncGenerator<Entry[], void, void> {
  for (let at = 0; at < keys.length; at += KEYS) {
    const filters = keys
      .slice(at, at + KEYS)
      .map((key) => new EqualityFilter({ attribute: 'objectGUID', value: Buffer.from(key, 'hex') }));
    const filter = new AndFilter({ filters: [FilterParser.parseString(search.filter), new OrFilter({ filters })] });
    yield connection.search(base, { filter, attributes: search.attributes });
  }
}
