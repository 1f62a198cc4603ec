import { z } from 'zod';
import { preferences } from '#contract';

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
  /** Who plays to a caller on hold: `exchange` where it has music of its own (Asterisk), so that there are not two. */
  hold: z.enum(['client', 'exchange']).default('client'),
  dtmf: z.enum(['rfc4733', 'info']).default('rfc4733'),
  /** How somebody's voicemail is dialled: `*86{number}`. */
  voicemail: z
    .string()
    .regex(/^[+\d*#]*\{number\}[\d*#]*$/, { error: 'expected digits with {number} in them, such as *86{number}' })
    .optional(),
  /** Whether colleagues are shown as free or on the phone, and how the exchange tells it. */
  lineState: z.enum(['dialog', 'presence', 'off']).default('off'),
  /** How many colleagues' lines are followed at a time: those in view. */
  lineStateLimit: z.int().min(1).max(500).default(50),
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
});

const csv = z.strictObject({
  kind: z.literal('csv'),
  file: z.string(),
  refreshSeconds: z.int().min(5).max(86_400).default(300),
});

/**
 * The settings file of a user, and the policy file of the machine: one shape; what the policy file says wins.
 * Secrets are never in it: they are typed once, or provisioned, into the Secrets port.
 */
export const settingsFile = z.strictObject({
  agent: z.strictObject({ id: z.string().min(1), name: z.string().min(1) }).optional(),
  telephone: telephone.optional(),
  crm: requestTracker.optional(),
  directory: z.discriminatedUnion('kind', [ldap, csv]).optional(),
  preferences: preferences.partial().optional(),
  policy: z
    .strictObject({
      requiredTags: z.int().min(0).max(10).optional(),
      suggestedTags: z.record(z.string(), z.array(z.string())).optional(),
      answerWithinSeconds: z.int().min(1).max(3600).optional(),
      /** safe: a target is called first, and the caller comes back when nobody answers · blind: the exchange is trusted. */
      transfer: z.enum(['safe', 'blind']).optional(),
      /** Seconds that the target of a safe transfer may ring. */
      transferAnswerSeconds: z.int().min(3).max(180).optional(),
      /** Whether the agent takes the next call while a safe transfer is under way. */
      nextCallDuringTransfer: z.boolean().optional(),
      /** Days after which a cached case that nobody opened is deleted. */
      keepCasesDays: z.int().min(1).max(3650).optional(),
      /** What a number without a country code is taken for (ISO 3166). */
      country: z.string().length(2).optional(),
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
