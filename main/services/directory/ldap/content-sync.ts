/** LDAP content synchronisation (RFC 4533), refreshOnly: everything at first, and then what has changed since the server's cookie. */
import { BerWriter } from 'ldapts';
import { Ber } from './ber.ts';
import type { Connection, Search } from './connection.ts';
import { LdapFault } from './faults.ts';
import { RawControl, type Entry } from './messages.ts';

const REQUEST = '1.3.6.1.4.1.4203.1.9.1.1';
const STATE = '1.3.6.1.4.1.4203.1.9.1.2';
const DONE = '1.3.6.1.4.1.4203.1.9.1.3';
const INFO = '1.3.6.1.4.1.4203.1.9.1.4';
const REFRESH_ONLY = 1;
const OCTETS = 0x04;
const BOOLEAN = 0x01;
const STATES = ['present', 'add', 'modify', 'delete'] as const;

/** What a synchronisation came to. */
export interface Synchronised {
  /** The server's own; base64. */
  readonly cookie: string;
  /** entryUUIDs of who is gone. */
  readonly removed: readonly string[];
  /** entryUUIDs of everybody, where the server told who is there instead of who is gone; null: it did not. */
  readonly present: readonly string[] | null;
  /** Somebody was named. */
  readonly mentioned: boolean;
}

/**
 * The request's control (RFC 4533 section 2.2). No reloadHint: a server that does not know the cookie any more is to say so, not to send
 * everybody into a copy that has others in it.
 */
export function syncRequest(cookie: string | null): RawControl {
  const writer = new BerWriter();
  writer.startSequence();
  writer.writeEnumeration(REFRESH_ONLY);
  if (cookie !== null) writer.writeBuffer(Buffer.from(cookie, 'base64'), OCTETS);
  writer.endSequence();
  return new RawControl(REQUEST, true, Buffer.from(writer.buffer));
}

/** 16 octets as entryUUID is written (RFC 4122). */
export function uuidText(octets: Buffer): string {
  if (octets.length !== 16) throw new LdapFault('rejected', 'The directory server named somebody by no UUID.');
  const hex = octets.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** The control beside an entry (section 2.3). */
export function syncState(value: Buffer): { state: (typeof STATES)[number]; id: string } {
  const inside = new Ber(value).next(0x30).inside();
  const state = STATES[inside.next(0x0a).integer()];
  if (state === undefined) throw new LdapFault('rejected', 'The directory server named a state that there is none of.');
  return { state, id: uuidText(inside.next(OCTETS).octets()) };
}

/** The control at the end (section 2.4). */
export function syncDone(value: Buffer): { cookie: string | null; refreshDeletes: boolean } {
  const inside = new Ber(value).next(0x30).inside();
  let cookie: string | null = null;
  let refreshDeletes = false;
  while (inside.more) {
    inside.next();
    if (inside.tag === OCTETS) cookie = inside.octets().toString('base64');
    if (inside.tag === BOOLEAN) refreshDeletes = inside.boolean();
  }
  return { cookie, refreshDeletes };
}

/** What comes between entries (section 2.5). `present`: a phase has ended in which everybody still there was named. */
export function syncInfo(value: Buffer): { cookie: string | null; ids: string[]; deletes: boolean; present: boolean } {
  const choice = new Ber(value).next();
  const found = { cookie: null as string | null, ids: [] as string[], deletes: false, present: choice.tag === 0xa2 };
  if (choice.tag === 0x80) found.cookie = choice.octets().toString('base64');
  if (choice.tag < 0xa0) return found;
  const inside = choice.inside();
  while (inside.more) {
    inside.next();
    if (inside.tag === OCTETS) found.cookie = inside.octets().toString('base64');
    // In a set of ids this says that they are gone; elsewhere, that the phase is the last.
    if (inside.tag === BOOLEAN && choice.tag === 0xa3) found.deletes = inside.boolean();
    if (inside.tag === 0x31) for (const ids = inside.inside(); ids.more;) found.ids.push(uuidText(ids.next(OCTETS).octets()));
  }
  return found;
}

/**
 * Reads everything (`cookie` null), or what has changed since. `take` gets the entries that are new or changed. Throws a LdapResult:
 * 4096 when everything has to be read again, others when the server does not do this.
 */
export async function synchronise(
  connection: Connection,
  base: string,
  search: Search,
  cookie: string | null,
  take: (entries: readonly Entry[]) => Promise<void>,
): Promise<Synchronised> {
  /** Whether they are there; what was said last counts. The first time, everybody is. */
  const there = new Map<string, boolean>();
  let latest = cookie;
  let presentPhase = false;
  let finished = false;
  for await (const replies of connection.replies(base, { ...search, controls: [syncRequest(cookie)] })) {
    const entries: Entry[] = [];
    for (const reply of replies) {
      if (reply.kind === 'entry') {
        const value = reply.controls.get(STATE);
        if (value === undefined)
          throw new LdapFault('rejected', 'The directory server does not say what has become of an entry.');
        const { state, id } = syncState(value);
        if (cookie !== null) there.set(id, state !== 'delete');
        if (state === 'add' || state === 'modify') entries.push(reply.entry);
      } else if (reply.kind === 'intermediate') {
        if (reply.name !== INFO) continue;
        const info = syncInfo(reply.value);
        latest = info.cookie ?? latest;
        presentPhase ||= info.present;
        for (const id of info.ids) there.set(id, !info.deletes);
      } else {
        const value = reply.controls.get(DONE);
        if (value === undefined)
          throw new LdapFault('rejected', 'The directory server ended a synchronisation without saying so.');
        const done = syncDone(value);
        latest = done.cookie ?? latest;
        presentPhase ||= !done.refreshDeletes;
        finished = true;
      }
    }
    if (entries.length > 0) await take(entries);
  }
  if (!finished || latest === null) throw new LdapFault('rejected', 'The directory server gave no cookie to go on from.');
  const those = (present: boolean) => [...there].flatMap(([id, is]) => (is === present ? [id] : []));
  return {
    cookie: latest,
    removed: those(false),
    present: presentPhase && cookie !== null ? those(true) : null,
    mentioned: there.size > 0,
  };
}
