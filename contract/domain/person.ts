import { z } from 'zod';

/** An instant, ISO 8601 in UTC (`2026-11-22T10:31:57.000Z`). */
export const instant = z.iso.datetime();

export const phoneNumber = z.object({
  kind: z.enum(['landline', 'mobile', 'short', 'other']),
  /** E.164 (`+4722051014`), or the bare digits of a short number. */
  value: z.string(),
});

/** What keeps somebody away, as far as it may be told. Health, and whatever is not known, is `away`: a cause can be health data. */
export const absenceKind = z.enum(['meeting', 'lunch', 'holiday', 'travel', 'away']);

export const absence = z.object({
  kind: absenceKind,
  /** When the person is back; null: not known. */
  until: instant.nullable(),
  /** Where it was read, and when. */
  source: z.enum(['directory', 'calendar']),
  readAt: instant,
});

/**
 * What the person's calendar says of the hours around now; never a subject. `known` false: it could not be read for long, so it says
 * neither busy nor free.
 */
export const calendarState = z.object({
  known: z.boolean(),
  /** Something is on that calls may still come through ("open"). What they may not come through is an absence. */
  busy: z.boolean(),
  /** When the next event begins; null: none within the days that are read. */
  nextBusyAt: instant.nullable(),
  /** When what is on now ends, with what follows without a break; null: nothing is on, or its end is not known. */
  nextFreeAt: instant.nullable(),
  /** When the calendar was last read; null: never yet. */
  readAt: instant.nullable(),
});

/** When calls can be passed on. `open` null: the text cannot be read, so it is shown and nothing is said. */
export const hours = z.object({ text: z.string(), open: z.boolean().nullable(), changesAt: instant.nullable() });

/** Another person whom the directory names: who answers instead (the deputy), who leads (the manager). */
export const colleague = z.object({
  name: z.string(),
  number: z.string().nullable(),
  personId: z.string().nullable(),
});

/** free: line known to be idle · onPhone: line known to be busy · absent: away now · unknown: no line state, no reported absence. */
export const availability = z.enum(['free', 'onPhone', 'absent', 'unknown']);

/** One person of the directory, as the local copy holds it. */
export const person = z.object({
  id: z.string(),
  name: z.string(),
  givenName: z.string(),
  familyName: z.string(),
  title: z.string(),
  /** The section the person works in. */
  unit: z.string(),
  /** The agency above the unit; empty where the directory has none. */
  agency: z.string(),
  /** Beskrivelse: what the person can help with. */
  keywords: z.array(z.string()),
  workplace: z.string(),
  email: z.string().nullable(),
  numbers: z.array(phoneNumber),
  /** Short forms and names of use that the directory knows ("Kris"). */
  nicknames: z.array(z.string()),
  /** Who answers when the person does not. */
  deputy: colleague.nullable(),
  /** The number to try when the person does not answer ("alternativ telefon"). */
  alternativeNumber: z.string().nullable(),
  manager: colleague.nullable(),
  /** When calls can be passed on, as the directory writes it (`Mo-Fr 08:00-15:30`); null: not said. */
  openingHours: z.string().nullable(),
  /** What whoever passes calls on should know ("ring sekretæren først"). */
  switchboardNote: z.string().nullable(),
  absence: absence.nullable(),
  availability,
  /** Null: no calendar is looked at for this person. */
  calendar: calendarState.nullable(),
  /** The person's own opening hours, or else the unit's; null: not said. */
  hours: hours.nullable(),
  /** Chosen by this agent. */
  favourite: z.boolean(),
  /** When these facts were read from the directory. */
  readAt: instant,
});

export const matchField = z.enum(['name', 'title', 'unit', 'keyword', 'workplace', 'number', 'email']);

/** Why a row matched: `ranges` are [start, end) in UTF-16 units of `text`, a field's own text. */
/**
 * Why a text matched that does not read as it was typed · sound: it sounds alike · spelling: a typing error · nickname: a short form of
 * the name · synonym: the helpdesk's list · abbreviation: of the unit or agency · initials
 */
export const matchHow = z.enum(['sound', 'spelling', 'nickname', 'synonym', 'abbreviation', 'initials']);

export const match = z.object({
  field: matchField,
  text: z.string(),
  ranges: z.array(z.tuple([z.int(), z.int()])),
  /** Absent: as it was typed. */
  how: matchHow.optional(),
});

export const searchHit = z.object({ person, matches: z.array(match) });

/** How old the local copy is and how its last refresh went. */
export const directoryStatus = z.object({
  people: z.int(),
  /** The last time that the copy was known to equal its source; null: never. */
  asOf: instant.nullable(),
  state: z.enum(['empty', 'loading', 'fresh', 'stale']),
  /** The last refresh's fault in the helpdesk's words; null when it went well. */
  fault: z.string().nullable(),
});

export const searchResult = z.object({
  hits: z.array(searchHit),
  /** All matches, also beyond `limit`. */
  total: z.int(),
  status: directoryStatus,
});

export type PhoneNumber = z.infer<typeof phoneNumber>;
export type Absence = z.infer<typeof absence>;
export type AbsenceKind = z.infer<typeof absenceKind>;
export type CalendarState = z.infer<typeof calendarState>;
export type Hours = z.infer<typeof hours>;
export type Colleague = z.infer<typeof colleague>;
export type Availability = z.infer<typeof availability>;
export type Person = z.infer<typeof person>;
export type MatchField = z.infer<typeof matchField>;
export type MatchHow = z.infer<typeof matchHow>;
export type Match = z.infer<typeof match>;
export type SearchHit = z.infer<typeof searchHit>;
export type SearchResult = z.infer<typeof searchResult>;
export type DirectoryStatus = z.infer<typeof directoryStatus>;
