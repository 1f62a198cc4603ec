/** Where calendars come from: one port, so that another kind of server fits beside CalDAV. */
import type { Result } from '#contract';
import type { TakenTime } from '../../db/calendar-state.ts';

/** Whose calendar, and how far it was read before. */
export interface CalendarOwner {
  /** The directory's own key. */
  readonly id: string;
  readonly email: string;
  /** What the last reading gave; null: read whole. */
  readonly cursor: string | null;
  /** Until when the last reading knew events; null: never read. */
  readonly readUntil: string | null;
}

export interface CalendarRead {
  /** False: the server has no calendar of this person. */
  readonly found: boolean;
  /** Where the next reading goes on. Opaque: only the source reads it. */
  readonly cursor: string | null;
  /** Null: nothing has changed since the cursor. */
  readonly times: readonly TakenTime[] | null;
  /** Until when events are known now. */
  readonly readUntil: string;
}

export interface CalendarSource {
  /** Names the server and how it is read, for what was read by it: another one reads everything again. */
  readonly id: string;
  /**
   * Reads one person's calendars from `now` on. Errors: secret-missing, unauthorized, unreachable, timeout (about the server);
   * rejected (about this person: it may not be read, or cannot be understood). Messages hold no personal data.
   */
  read(owner: CalendarOwner, now: Date, signal: AbortSignal): Promise<Result<CalendarRead>>;
}
