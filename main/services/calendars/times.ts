/**
 * iCalendar texts → the times that somebody is taken (RFC 5545; expansion by ical.js). Pure. Nothing of an event comes out but from
 * when till when, whether calls may still come, and a kind that may be told.
 */
import ICAL from 'ical.js';
import type { TakenTime } from '../../db/calendar-state.ts';
import { instantOf, isZone } from '../time/zone.ts';
import type { Meaning, ReadSubject } from './subject.ts';

export interface TimesOptions {
  /** Times that overlap [from, until) are given. */
  readonly from: Date;
  readonly until: Date;
  /** For whole days, and clocks of no zone: an IANA name. */
  readonly zone: string;
  /** Whose calendar it is: what this address declined takes no time. */
  readonly email: string;
  readonly subject: ReadSubject;
  /** An ordinary meeting keeps calls out. */
  readonly uncodedClosed: boolean;
}

/** Beyond these it is no working calendar, and reading on would hold everything else up. */
const MOST_OCCURRENCES = 20_000;
const MOST_TIMES = 2000;

/** The zone of a property whose zone the text does not define: by its name, or the calendar's end (`/vendor/Europe/Oslo`). */
function zoneName(component: ICAL.Component, property: string, fallback: string): string {
  const name = component.getFirstProperty(property)?.getFirstParameter('tzid');
  if (!name) return fallback;
  return [name, name.split('/').slice(-2).join('/')].find(isZone) ?? fallback;
}

function milliseconds(time: ICAL.Time, zone: string): number {
  const { year, month, day } = time;
  if (time.isDate) return instantOf({ year, month, day, minutes: 0 }, zone).getTime();
  if (time.zone !== ICAL.Timezone.localTimezone) return time.toUnixTime() * 1000;
  return instantOf({ year, month, day, minutes: time.hour * 60 + time.minute }, zone).getTime() + time.second * 1000;
}

const textOf = (component: ICAL.Component, property: string) => {
  const value = component.getFirstPropertyValue(property);
  return typeof value === 'string' ? value : '';
};

/** How the owner answered an invitation (RFC 5545 section 3.2.12); '' where they are not asked. */
function answerOf(component: ICAL.Component, email: string): string {
  const own = component
    .getAllProperties('attendee')
    .find((one) => String(one.getFirstValue()).toLowerCase() === `mailto:${email.toLowerCase()}`);
  return own ? (own.getFirstParameter('partstat') ?? 'NEEDS-ACTION').toUpperCase() : '';
}

/**
 * What an event means for calls; null: it takes no time. A code counts also where the event is marked as free: calendars mark whole
 * days so by themselves, and whoever writes a code says what it is. What is not certain keeps nobody out.
 */
function meaningOf(component: ICAL.Component, options: TimesOptions): Meaning | null {
  const status = textOf(component, 'status').toUpperCase();
  // Exchange's own, which knows more than RFC 5545: FREE, TENTATIVE, BUSY, OOF (out of office), WORKINGELSEWHERE.
  const shownAs = textOf(component, 'x-microsoft-cdo-busystatus').toUpperCase();
  const answer = answerOf(component, options.email);
  if (status === 'CANCELLED' || answer === 'DECLINED') return null;
  const coded = options.subject(textOf(component, 'summary'));
  const free =
    textOf(component, 'transp').toUpperCase() === 'TRANSPARENT' || shownAs === 'FREE' || shownAs === 'WORKINGELSEWHERE';
  if (coded === null && free) return null;
  const out = shownAs === 'OOF';
  const meaning: Meaning = coded ?? { closed: out || options.uncodedClosed, kind: out ? 'away' : 'meeting' };
  const uncertain = status === 'TENTATIVE' || shownAs === 'TENTATIVE' || answer === 'TENTATIVE' || answer === 'NEEDS-ACTION';
  return uncertain ? { ...meaning, closed: false } : meaning;
}

const isSeries = (component: ICAL.Component) => component.hasProperty('rrule') || component.hasProperty('rdate');

type Add = (component: ICAL.Component, start: ICAL.Time, end: ICAL.Time) => void;

/** One event with its exceptions; each exception tells of itself, since it may have been moved in from far away. */
function expand(master: ICAL.Component, exceptions: readonly ICAL.Component[], options: TimesOptions, add: Add): void {
  const zone = zoneName(master, 'dtstart', options.zone);
  const event = new ICAL.Event(master, { exceptions: [...exceptions], strictExceptions: true });
  const replaced = new Set(
    exceptions.map((one) => milliseconds(new ICAL.Event(one).recurrenceId, zoneName(one, 'recurrence-id', zone))),
  );
  const first = milliseconds(event.startDate, zone);
  // Of a series without a rule, ical.js leaves the event's own time out.
  if (!master.hasProperty('rrule') && !replaced.has(first)) add(master, event.startDate, event.endDate);
  const iterator = event.iterator();
  for (let count = 0; ; count++) {
    const next = iterator.next() as ICAL.Time | null;
    if (!next) return;
    if (count >= MOST_OCCURRENCES) throw new RangeError('an event comes too often');
    const at = milliseconds(next, zone);
    if (at >= options.until.getTime()) return;
    if (replaced.has(at)) continue;
    const { item, startDate, endDate } = event.getOccurrenceDetails(next);
    add(item.component, startDate, endDate);
  }
}

/**
 * The times of these calendar objects, in order, each once. Null: something in them cannot be read, so nothing may be said of this
 * person; least of all that they are free.
 */
export function timesOf(texts: readonly string[], options: TimesOptions): TakenTime[] | null {
  const times = new Map<string, TakenTime>();
  const add: Add = (component, start, end) => {
    const meaning = meaningOf(component, options);
    if (!meaning) return;
    const startZone = zoneName(component, 'dtstart', options.zone);
    const startsAt = milliseconds(start, startZone);
    const endsAt = milliseconds(end, component.hasProperty('dtend') ? zoneName(component, 'dtend', startZone) : startZone);
    if (endsAt <= startsAt || endsAt <= options.from.getTime() || startsAt >= options.until.getTime()) return;
    const time = { startsAt: new Date(startsAt).toISOString(), endsAt: new Date(endsAt).toISOString(), ...meaning };
    times.set(`${time.startsAt} ${time.endsAt} ${time.closed} ${time.kind}`, time);
    if (times.size > MOST_TIMES) throw new RangeError('more events than a calendar has');
  };
  try {
    for (const text of texts) {
      const events = new ICAL.Component(ICAL.parse(text) as unknown[]).getAllSubcomponents('vevent');
      const masters = events.filter((one) => !one.hasProperty('recurrence-id'));
      const exceptions = events.filter((one) => one.hasProperty('recurrence-id'));
      for (const one of exceptions) {
        const { startDate, endDate } = new ICAL.Event(one);
        add(one, startDate, endDate);
      }
      for (const master of masters) {
        const own = exceptions.filter((one) => textOf(one, 'uid') === textOf(master, 'uid'));
        if (isSeries(master)) expand(master, own, options, add);
        else {
          const { startDate, endDate } = new ICAL.Event(master);
          add(master, startDate, endDate);
        }
      }
    }
  } catch {
    // What ical.js says of it quotes the text.
    return null;
  }
  return [...times.values()].toSorted((a, b) => (a.startsAt < b.startsAt ? -1 : a.startsAt > b.startsAt ? 1 : 0));
}
