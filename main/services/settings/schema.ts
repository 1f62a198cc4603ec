import { z } from 'zod';
import { preferences } from '#contract';
import { caldav } from './calendar-schema.ts';
import { activeDirectory, csv, ldap } from './directory-schema.ts';
import { url } from './url.ts';

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
  directory: z.discriminatedUnion('kind', [ldap, activeDirectory, csv]).optional(),
  calendars: caldav.optional(),
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
export type {
  ActiveDirectorySettings,
  CsvSettings,
  DirectorySettings,
  LdapSettings,
  MessageSettings,
  ReportSettings,
  ServerSettings,
} from './directory-schema.ts';
export type { CalendarSettings } from './calendar-schema.ts';
export type AgentSettings = NonNullable<SettingsFile['agent']>;
