/** Where people's calendars are read, and what of them may be told. */
import { z } from 'zod';
import { absenceKind } from '#contract';
import { url } from './url.ts';

/** What is the same for every kind of calendar server. */
const readingCalendars = {
  /** Days ahead that are read. */
  daysAhead: z.int().min(1).max(60).default(14),
  /** Seconds after which somebody's calendar is read again while they are shown, or were chosen lately. */
  refreshSeconds: z.int().min(15).max(86_400).default(120),
  /** Also read everybody else's, slowly, so that the search knows who is absent. */
  everybody: z.boolean().default(false),
  /** How many of everybody's calendars are read a minute. */
  everybodyPerMinute: z.int().min(1).max(6000).default(120),
  /** Trio codes in subjects → what may be told. SYK, and what is not named here, is `away`. */
  codes: z
    .record(z.string().regex(/^\p{L}{2,5}$/u, { error: 'expected a code of two to five letters' }), absenceKind)
    .default({}),
  /** An ordinary meeting without a code: open (taken, but calls may come) or closed. */
  uncoded: z.enum(['open', 'closed']).default('open'),
};

export const caldav = z.strictObject({
  kind: z.literal('caldav'),
  /**
   * Where somebody's calendars are: the calendar itself, its owner's collection of calendars, or their principal. `{email}`, `{local}`
   * (what stands before its @) and `{id}` (the directory's own key) are filled in.
   */
  url: url('http:', 'https:').refine((text) => /\{(email|local|id)\}/.test(text), {
    error: 'expected {email}, {local} or {id} in the address',
  }),
  /** Who reads; its password is the secret `calendar`. */
  user: z.string().min(1),
  timeoutMs: z.int().min(100).max(120_000).default(10_000),
  ...readingCalendars,
});

export type CalendarSettings = z.infer<typeof caldav>;
