/** DirSync (MS-ADTS 3.1.1.3.4.1.3): which objects of the domain have changed since the server's cookie. For privileged accounts. */
import { BerWriter } from 'ldapts';
import { Ber } from '../ldap/ber.ts';
import type { Connection } from '../ldap/connection.ts';
import { valuesOf } from '../ldap/entry.ts';
import { LdapFault } from '../ldap/faults.ts';
import { RawControl } from '../ldap/messages.ts';

const DIR_SYNC = '1.2.840.113556.1.4.841';
/** Parents first; it is what other clients ask for, too. */
const ANCESTORS_FIRST = 0x800;
/** At most so many bytes of an answer. */
const MOST_BYTES = 4 * 1024 * 1024;

/** The control, which has one form in both directions. `cookie`: base64; empty: from the beginning. */
export function dirSyncControl(cookie: string): RawControl {
  const writer = new BerWriter();
  writer.startSequence();
  writer.writeInt(ANCESTORS_FIRST);
  writer.writeInt(MOST_BYTES);
  writer.writeBuffer(Buffer.from(cookie, 'base64'), 0x04);
  writer.endSequence();
  return new RawControl(DIR_SYNC, true, Buffer.from(writer.buffer));
}

/** What the server answers with: whether there is more, and where to go on. */
export function dirSyncAnswer(value: Buffer): { more: boolean; cookie: string } {
  const inside = new Ber(value).next(0x30).inside();
  const more = inside.next(0x02).integer() !== 0;
  inside.next(0x02);
  return { more, cookie: inside.next(0x04).octets().toString('base64') };
}

export interface DirSynced {
  readonly cookie: string;
  readonly changed: readonly string[];
  readonly deleted: readonly string[];
}

/**
 * objectGUIDs of what has changed since `cookie` (base64; empty: everything). Only attributes that changed come with an object, so
 * whoever wants the whole reads it. Throws a LdapResult 50 or 12 for an account or a server that may not.
 */
export async function changesSince(connection: Connection, domain: string, cookie: string): Promise<DirSynced> {
  const changed = new Set<string>();
  const deleted = new Set<string>();
  let at = cookie;
  for (let more = true; more;) {
    let answer: { more: boolean; cookie: string } | null = null;
    const search = {
      filter: '(objectClass=user)',
      // An object comes when something of it has changed that was asked for, and a filter of the settings may look at anything. The first
      // time, everybody comes, and only the cookie is wanted.
      attributes: cookie === '' ? ['objectGUID'] : ['*', 'isDeleted'],
      controls: [dirSyncControl(at)],
    };
    for await (const replies of connection.replies(domain, search)) {
      for (const reply of replies) {
        if (reply.kind === 'entry') {
          const [key] = valuesOf(reply.entry, 'objectGUID');
          if (key === undefined) continue;
          (valuesOf(reply.entry, 'isDeleted')[0] === 'TRUE' ? deleted : changed).add(key);
        } else if (reply.kind === 'done') {
          const value = reply.controls.get(DIR_SYNC);
          if (value) answer = dirSyncAnswer(value);
        }
      }
    }
    if (answer === null) throw new LdapFault('rejected', 'The directory server gave no DirSync cookie.');
    ({ more, cookie: at } = answer);
  }
  return { cookie: at, changed: [...changed].filter((key) => !deleted.has(key)), deleted: [...deleted] };
}
