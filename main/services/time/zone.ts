/** Clocks on walls: what an instant is called in a time zone, and back. Zones by their IANA name (`Europe/Oslo`). */

/** A day of the calendar and a time of the day. `minutes` since midnight; may be below 0 or above a day's. */
export interface Wall {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly minutes: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      calendar: 'gregory',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formats.set(zone, format);
  }
  return format;
}

/** Whether this computer knows the zone. */
export function isZone(zone: string): boolean {
  try {
    formatOf(zone);
    return true;
  } catch {
    return false;
  }
}

/** This computer's own zone. */
export function systemZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** What the clocks of a zone show, as if they were UTC's, in milliseconds. */
function shown(instant: number, zone: string): number {
  const part: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
  for (const { type, value } of formatOf(zone).formatToParts(instant)) part[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

export function wallOf(instant: Date, zone: string): Wall {
  const at = new Date(shown(instant.getTime(), zone));
  return {
    year: at.getUTCFullYear(),
    month: at.getUTCMonth() + 1,
    day: at.getUTCDate(),
    minutes: at.getUTCHours() * 60 + at.getUTCMinutes(),
  };
}

/**
 * The instant at which the clocks of a zone show this. A time that comes twice (clocks put back) is its first; one that is skipped
 * (put forward) is as long after the change as it would have been, as RFC 5545 section 3.3.5 has it.
 */
export function instantOf(wall: Wall, zone: string): Date {
  const wanted = Date.UTC(wall.year, wall.month - 1, wall.day) + wall.minutes * 60_000;
  const hour = 3_600_000;
  // The offsets around it: one of the two is in force.
  const before = shown(wanted - 24 * hour, zone) - (wanted - 24 * hour);
  const after = shown(wanted + 24 * hour, zone) - (wanted + 24 * hour);
  for (const offset of [before, after]) {
    if (shown(wanted - offset, zone) === wanted) return new Date(wanted - offset);
  }
  return new Date(wanted - before);
}

/** The day `count` days after. */
export function addDays(wall: Wall, count: number): Wall {
  const at = new Date(Date.UTC(wall.year, wall.month - 1, wall.day + count));
  return { year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, day: at.getUTCDate(), minutes: wall.minutes };
}

/** 0 Monday to 6 Sunday. */
export function weekday(wall: Wall): number {
  return (new Date(Date.UTC(wall.year, wall.month - 1, wall.day)).getUTCDay() + 6) % 7;
}
