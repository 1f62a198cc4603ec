/**
 * Calendars by CalDAV (RFC 4791). One question finds out whether anything has changed (sync-token of RFC 6578, else ctag, else the
 * events' etags); only then the events of the days ahead are read. Recurrences are expanded here: few servers do it.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { fail, ok, type Result } from '#contract';
import type { Clock, Fetch, Secrets } from '../../ports.ts';
import type { CalendarSettings } from '../../settings/index.ts';
import type { CalendarOwner, CalendarRead, CalendarSource } from '../source.ts';
import { subjectReader } from '../subject.ts';
import { timesOf } from '../times.ts';
import { createDav, type Dav } from './http.ts';
import type { Resource } from './multistatus.ts';

export interface CaldavPorts {
  readonly settings: CalendarSettings;
  readonly secrets: Pick<Secrets, 'get'>;
  readonly fetch: Fetch;
  readonly clock: Clock;
  /** For whole days: an IANA name. */
  readonly zone: string;
}

const dayMs = 24 * 60 * 60 * 1000;
/** More calendars are not one person's. */
const MOST_CALENDARS = 20;

const declaration = '<?xml version="1.0" encoding="utf-8"?>';
const namespaces = 'xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav" xmlns:S="http://calendarserver.org/ns/"';
const collections = `${declaration}<D:propfind ${namespaces}><D:prop><D:resourcetype/><D:sync-token/><S:getctag/><C:calendar-home-set/>\
<C:supported-calendar-component-set/><C:schedule-calendar-transp/></D:prop></D:propfind>`;

/** RFC 5545's way of writing an instant. */
const basic = (instant: Date) => instant.toISOString().replace(/[-:]|\.\d+/g, '');
const query = (property: string, from: Date, until: Date) =>
  `${declaration}<C:calendar-query ${namespaces}><D:prop>${property}</D:prop><C:filter><C:comp-filter name="VCALENDAR">\
<C:comp-filter name="VEVENT"><C:time-range start="${basic(from)}" end="${basic(until)}"/></C:comp-filter></C:comp-filter></C:filter>\
</C:calendar-query>`;

const digest = (parts: readonly (string | null)[]) =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 22);

/** Where to ask next time, and what the answer was when nothing had changed since. */
const cursorSchema = z.object({ at: z.string(), depth: z.union([z.literal(0), z.literal(1)]), state: z.string() });

interface Found {
  readonly at: URL;
  readonly depth: 0 | 1;
  readonly calendars: readonly Resource[];
}

/** An address on the same server; null: it leads elsewhere, where the password has no business. */
function within(href: string, base: URL): URL | null {
  if (!URL.canParse(href, base.href)) return null;
  const url = new URL(href, base);
  return url.origin === base.origin ? url : null;
}

/** The person's calendars: at the address itself, in their home, or in the collection that the address is. Null: there are none. */
async function findCalendars(dav: Dav, address: URL, signal: AbortSignal): Promise<Result<Found | null>> {
  const own = await dav({ method: 'PROPFIND', url: address, depth: 0, body: collections }, signal);
  if (!own.ok) return own;
  const resource = own.value?.[0];
  if (!resource) return ok(null);
  if (resource.calendar) return ok({ at: address, depth: 0, calendars: [resource] });
  const home = resource.home === null ? address : within(resource.home, address);
  if (!home) return fail('rejected', "A person's calendars are on another server.");
  return listCalendars(dav, home, 1, signal);
}

async function listCalendars(dav: Dav, at: URL, depth: 0 | 1, signal: AbortSignal): Promise<Result<Found | null>> {
  const listed = await dav({ method: 'PROPFIND', url: at, depth, body: collections }, signal);
  if (!listed.ok) return listed;
  const calendars = (listed.value ?? []).filter(({ calendar }) => calendar).slice(0, MOST_CALENDARS);
  return ok(calendars.length === 0 ? null : { at, depth, calendars });
}

/** Reads people's calendars from a CalDAV server. */
export function caldavSource({ settings, secrets, fetch, clock, zone }: CaldavPorts): CalendarSource {
  const { user, timeoutMs, uncoded, codes, daysAhead } = settings;
  const dav = createDav({ user, timeoutMs, fetch, clock, password: () => secrets.get('calendar') });
  const subject = subjectReader(codes);

  /** Fills the person in. Of an address that has none of it the local part is the whole. */
  function addressOf({ id, email }: CalendarOwner): URL {
    const parts: Readonly<Record<string, string>> = { id, email, local: email.split('@')[0] ?? email };
    return new URL(
      settings.url.replace(/\{(email|local|id)\}/g, (_whole, name: string) => encodeURIComponent(parts[name] ?? '')),
    );
  }

  async function stateOf(found: Found, from: Date, until: Date, signal: AbortSignal): Promise<Result<string>> {
    const states: (string | null)[] = [];
    for (const { href, state } of found.calendars) {
      states.push(href, state);
      if (state !== null) continue;
      const url = within(href, found.at);
      if (!url) return fail('rejected', "A person's calendars are on another server.");
      const listed = await dav({ method: 'REPORT', url, depth: 1, body: query('<D:getetag/>', from, until) }, signal);
      if (!listed.ok) return listed;
      for (const one of listed.value ?? []) states.push(one.href, one.etag);
    }
    return ok(digest(states));
  }

  async function textsOf(found: Found, from: Date, until: Date, signal: AbortSignal): Promise<Result<string[]>> {
    const texts: string[] = [];
    for (const { href } of found.calendars) {
      const url = within(href, found.at);
      if (!url) return fail('rejected', "A person's calendars are on another server.");
      const events = await dav({ method: 'REPORT', url, depth: 1, body: query('<C:calendar-data/>', from, until) }, signal);
      if (!events.ok) return events;
      for (const { data } of events.value ?? []) if (data !== null) texts.push(data);
    }
    return ok(texts);
  }

  /** What was found before, when it is still there; else found anew. */
  async function find(
    owner: CalendarOwner,
    signal: AbortSignal,
  ): Promise<{ found: Result<Found | null>; state: string | null }> {
    const address = addressOf(owner);
    const before = cursorSchema.safeParse(parseJson(owner.cursor));
    const at = before.success ? within(before.data.at, address) : null;
    if (before.success && at) {
      const found = await listCalendars(dav, at, before.data.depth, signal);
      if (!found.ok || found.value) return { found, state: before.data.state };
    }
    return { found: await findCalendars(dav, address, signal), state: null };
  }

  return {
    id: `caldav:${digest([settings.url, uncoded, zone, JSON.stringify(codes)])}`,
    async read(owner, now, signal): Promise<Result<CalendarRead>> {
      const wanted = new Date(now.getTime() + daysAhead * dayMs).toISOString();
      // A day more than asked, so that a calendar in which nothing changes is read once a day.
      const until = new Date(now.getTime() + (daysAhead + 1) * dayMs);
      const { found, state: before } = await find(owner, signal);
      if (!found.ok) return found;
      if (!found.value) return ok({ found: false, cursor: null, times: [], readUntil: until.toISOString() });
      const state = await stateOf(found.value, now, until, signal);
      if (!state.ok) return state;
      const { at, depth } = found.value;
      const cursor = JSON.stringify({ at: at.href, depth, state: state.value });
      if (state.value === before && owner.readUntil !== null && owner.readUntil >= wanted)
        return ok({ found: true, cursor, times: null, readUntil: owner.readUntil });
      // After the state: what changes meanwhile is read again next time.
      const texts = await textsOf(found.value, now, until, signal);
      if (!texts.ok) return texts;
      const times = timesOf(texts.value, {
        from: now,
        until,
        zone,
        email: owner.email,
        subject,
        uncodedClosed: uncoded === 'closed',
      });
      if (times === null) return fail('rejected', "A person's calendar holds an event that cannot be understood.");
      return ok({ found: true, cursor, times, readUntil: until.toISOString() });
    },
  };
}

function parseJson(text: string | null): unknown {
  try {
    return text === null ? null : (JSON.parse(text) as unknown);
  } catch {
    return null;
  }
}
