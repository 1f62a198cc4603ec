/** What is known of somebody now: their line, their absence, the hours they keep and their calendar, laid together. Pure. */
import type { AbsenceKind, Person } from '#contract';
import type { LineView } from '../lines/index.ts';
import { until, type Messages } from '../text/index.ts';

/**
 * onPhone: the line is known to be taken · absent: away, as directory or calendar say · closed: outside their hours · busy: something is
 * on in their calendar that calls may come through · free: the line is known to be idle · unknown: nobody has told.
 */
export interface Availability {
  readonly kind: 'onPhone' | 'absent' | 'closed' | 'busy' | 'free' | 'unknown';
  /** When it ends (back, open again, over); null: not known. */
  readonly until: Date | null;
  /** onPhone: whole minutes; null: not known, or it has only begun. */
  readonly minutes: number | null;
  readonly absence: AbsenceKind | null;
  /** Who says so, and when that was read; null: as of now. */
  readonly source: 'line' | 'directory' | 'calendar' | 'hours' | null;
  readonly readAt: Date | null;
}

const nothing: Availability = { kind: 'unknown', until: null, minutes: null, absence: null, source: null, readAt: null };
const seen = ({ readAt }: LineView) => (readAt === null ? null : new Date(readAt));
const date = (at: string | null | undefined) => (at == null ? null : new Date(at));

/**
 * The one that counts most for whoever wants to pass a call on. A call counts also while somebody is away: they have been seen. An
 * absence that is over counts no more, and nothing but an idle line makes anybody free.
 */
export function availabilityOf(person: Person, line: LineView, now: Date): Availability {
  const { absence, hours, calendar } = person;
  // What the copy says of a line is older than the line itself.
  const told = line.state === 'unknown' ? person.availability : null;
  if (line.state === 'onPhone' || line.state === 'ringing' || told === 'onPhone')
    return { ...nothing, kind: 'onPhone', minutes: minutesOf(line, now), source: 'line', readAt: seen(line) };
  const back = date(absence?.until);
  if (absence !== null && (back === null || back > now))
    return {
      ...nothing,
      kind: 'absent',
      until: back,
      absence: absence.kind,
      source: absence.source,
      readAt: new Date(absence.readAt),
    };
  if (absence === null && person.availability === 'absent') return { ...nothing, kind: 'absent', absence: 'away' };
  const opens = date(hours?.changesAt);
  if (hours?.open === false && (opens === null || opens > now))
    return { ...nothing, kind: 'closed', until: opens, source: 'hours' };
  const over = date(calendar?.nextFreeAt);
  if (calendar?.known === true && calendar.busy && (over === null || over > now))
    return { ...nothing, kind: 'busy', until: over, source: 'calendar', readAt: date(calendar.readAt) };
  if (line.state === 'free' || told === 'free') return { ...nothing, kind: 'free', source: 'line', readAt: seen(line) };
  return nothing;
}

function minutesOf(line: LineView, now: Date): number | null {
  if (line.state !== 'onPhone' || line.since === null) return null;
  const minutes = Math.floor((now.getTime() - line.since) / 60_000);
  return minutes < 1 ? null : minutes;
}

/** True when a call that goes there had better go elsewhere. What is not known, and a meeting that calls may come through, is no reason. */
export const isAsked = ({ kind }: Availability): boolean => kind === 'onPhone' || kind === 'absent' || kind === 'closed';

/** The design system's colour of each, beside its word. */
export const colours = {
  free: 'success',
  busy: 'success',
  onPhone: 'danger',
  absent: 'warning',
  closed: 'warning',
  unknown: 'neutral',
} as const satisfies Record<Availability['kind'], string>;

/** In a word or two. Of an absence no more than its kind: health, and what is not known, is just absent. */
export function availabilityWords(is: Availability, now: Date, t: Messages): string {
  const end = is.until === null ? null : until(is.until, now, t);
  switch (is.kind) {
    case 'onPhone':
      return is.minutes === null ? t.directory.onPhone : t.directory.onPhoneFor(is.minutes);
    case 'absent': {
      const what = t.directory.absent[is.absence ?? 'away'];
      return end === null ? what : t.directory.absentUntil(what, end);
    }
    case 'closed':
      return end === null ? t.directory.closed : t.directory.closedUntil(end);
    case 'busy':
      return end === null ? t.directory.busy : t.directory.busyUntil(end);
    case 'free':
      return t.directory.free;
    case 'unknown':
      return t.directory.unknown;
  }
}

/** What a line alone tells of whoever answers there; null: nothing. */
export function lineWords(line: LineView, t: Messages): string | null {
  if (line.state === 'unknown') return null;
  return line.state === 'free' ? t.directory.free : t.directory.onPhone;
}
