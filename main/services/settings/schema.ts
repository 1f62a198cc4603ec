import { z } from 'zod';
import { absenceKind, preferences } from '#contract';

const url = (...protocols: string[]) =>
  z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), {
    error: `expected an address that begins with ${protocols.map((p) => `${p}//`).join(' or ')}`,
  });

const telephone = z.strictObject({
  uri: z.string().regex(/^sips?:[^@\s]+@[^@\s]+$/, { error: 'expected a SIP address such as sip:agent@example.no' }),
  displayName: z.string().optional(),
  /** Default: the user part of `uri`. */
  authorizationUser: z.string().optional(),
  servers: z.array(url('ws:', 'wss:')).min(1),
  registerExpiresSeconds: z.int().min(20).max(86_400).default(120),
  iceGatheringTimeoutMs: z.int().min(0).max(10_000).default(500),
  headers: z
    .strictObject({ line: z.string().default('X-Queue'), waitedSeconds: z.string().default('X-Wait') })
    .default({ line: 'X-Queue', waitedSeconds: 'X-Wait' }),
  greetings: z.record(z.string(), z.string()).default({}),
});

const requestTracker = z.strictObject({
  kind: z.literal('request-tracker'),
  url: url('http:', 'https:'),
  /** Where new cases are created. */
  queue: z.string(),
  /** The ticket custom field (many free values) that holds the tags. */
  tagField: z.string(),
  /** The ticket custom field that holds the client's id of a new case; it makes creating idempotent. */
  clientIdField: z.string(),
  /** token: the secret `crm` is an RT auth token. */
  authentication: z.literal('token').default('token'),
  timeoutMs: z.int().min(100).max(120_000).default(10_000),
});

/** What is said of people beside what a source tells; the same whatever the source is. */
const aroundPeople = {
  /** Unit → opening hours (`Mo-Fr 08:00-15:30`), for whoever has none of their own; `*`: everybody else. */
  openingHours: z.record(z.string(), z.string()).optional(),
  /** Who takes reports of wrong numbers and missing keywords. crm: as a case, in a queue of its own where one is named. */
  reports: z
    .discriminatedUnion('by', [
      z.strictObject({ by: z.literal('crm'), queue: z.string().min(1).optional() }),
      z.strictObject({ by: z.literal('mail'), address: z.email() }),
    ])
    .optional(),
  /** Messages to a person. `{caller}`, `{number}`, `{agent}` and `{person}` are filled in. */
  messages: z
    .array(
      z.strictObject({
        id: z.string().min(1),
        name: z.strictObject({ nb: z.string(), nn: z.string(), en: z.string() }),
        kind: z.enum(['mail', 'sms']),
        subject: z.string().max(200).default(''),
        body: z.string().max(2000),
      }),
    )
    .max(30)
    .optional(),
};

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

const caldav = z.strictObject({
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

/** Person attribute → LDAP attribute. What is absent is not read. */
const ldapMapping = z.strictObject({
  name: z.string().default('cn'),
  givenName: z.string().default('givenName'),
  familyName: z.string().default('sn'),
  title: z.string().default('title'),
  unit: z.string().default('ou'),
  agency: z.string().default('o'),
  keywords: z.string().default('kkKeyword'),
  workplace: z.string().default('physicalDeliveryOfficeName'),
  email: z.string().default('mail'),
  landline: z.string().default('telephoneNumber'),
  mobile: z.string().default('mobile'),
  shortNumber: z.string().default('kkShortNumber'),
  nicknames: z.string().default('kkNickname'),
  /** A DN of the deputy's own entry. */
  deputy: z.string().default('secretary'),
  alternativeNumber: z.string().default('kkAlternativeNumber'),
  /** A DN. */
  manager: z.string().default('manager'),
  /** `Mo-Fr 08:00-15:30`. */
  openingHours: z.string().default('kkOpeningHours'),
  switchboardNote: z.string().default('kkSwitchboardNote'),
  /** Non-empty: absent. `FER: 2026-12-01`: a calendar's code, and the day of return. */
  absence: z.string().default('kkAbsence'),
});

const ldap = z.strictObject({
  kind: z.literal('ldap'),
  url: url('ldap:', 'ldaps:'),
  startTls: z.boolean().default(false),
  /** A PEM file of a CA beside the system's own. */
  caFile: z.string().nullable().default(null),
  bindDn: z.string(),
  baseDn: z.string(),
  filter: z.string().default('(objectClass=inetOrgPerson)'),
  pageSize: z.int().min(10).max(10_000).default(500),
  refreshSeconds: z.int().min(5).max(86_400).default(60),
  mapping: ldapMapping.prefault({}),
  ...aroundPeople,
});

const csv = z.strictObject({
  kind: z.literal('csv'),
  file: z.string(),
  refreshSeconds: z.int().min(5).max(86_400).default(300),
  ...aroundPeople,
});

/**
 * The settings file of a user, and the policy file of the machine: one shape; what the policy file says wins.
 * Secrets are never in it: they are typed once, or provisioned, into the Secrets port.
 */
export const settingsFile = z.strictObject({
  agent: z
    .strictObject({
      id: z.string().min(1),
      name: z.string().min(1),
      /** Which entry of the directory is the agent's own: its key there, or else its e-mail address. */
      directoryId: z.string().min(1).optional(),
      email: z.string().min(3).optional(),
    })
    .optional(),
  telephone: telephone.optional(),
  crm: requestTracker.optional(),
  directory: z.discriminatedUnion('kind', [ldap, csv]).optional(),
  calendars: caldav.optional(),
  preferences: preferences.partial().optional(),
  policy: z
    .strictObject({
      requiredTags: z.int().min(0).max(10).optional(),
      suggestedTags: z.record(z.string(), z.array(z.string())).optional(),
      answerWithinSeconds: z.int().min(1).max(3600).optional(),
      /** Days after which a cached case that nobody opened is deleted. */
      keepCasesDays: z.int().min(1).max(3650).optional(),
      /** What a number without a country code is taken for (ISO 3166). */
      country: z.string().length(2).optional(),
      /** A folder that all agents can write to: each client leaves there how often it passed calls on to whom, and reads the others'. */
      sharedFolder: z.string().min(1).optional(),
    })
    .optional(),
  /** The kinds of links that the system is to hand to Samband, when it is installed. */
  links: z.array(z.enum(['tel', 'callto', 'sip'])).optional(),
  demo: z.strictObject({ control: url('http:') }).optional(),
});

export type SettingsFile = z.infer<typeof settingsFile>;
export type TelephoneSettings = z.infer<typeof telephone>;
export type RequestTrackerSettings = z.infer<typeof requestTracker>;
export type LdapSettings = z.infer<typeof ldap>;
export type CsvSettings = z.infer<typeof csv>;
export type DirectorySettings = LdapSettings | CsvSettings;
export type AgentSettings = NonNullable<SettingsFile['agent']>;
export type CalendarSettings = z.infer<typeof caldav>;
export type ReportSettings = NonNullable<DirectorySettings['reports']>;
export type MessageSettings = NonNullable<DirectorySettings['messages']>[number];
