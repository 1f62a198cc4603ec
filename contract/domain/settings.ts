import { z } from 'zod';

export const language = z.enum(['nb', 'nn', 'en']);
/** What somebody must type before a server can be used. */
export const secretName = z.enum(['sip', 'crm', 'directory', 'calendar']);
export const theme = z.enum(['light', 'dark', 'system']);

/** What an agent may change; policy can fix any of it. */
export const preferences = z.object({
  language,
  theme,
  compact: z.boolean(),
  /** Overrides of the shortcut registry: action → keys (`F2`, `$mod+k`). */
  shortcuts: z.record(z.string(), z.string()),
  /** Microphone, speaker and ringer by what they are (the device's label), never by position. Empty: the system's own. */
  devices: z.object({ microphone: z.string(), speaker: z.string(), ringer: z.string() }),
  ringVolume: z.number().min(0).max(1),
});

export const preferencesPatch = preferences.partial();

export const preferencesView = z.object({
  preferences,
  /** Keys that the helpdesk's policy has fixed. */
  fixed: z.array(z.string()),
});

/** Something that the user must be told once; the words are the renderer's, by `code`. */
export const notice = z.object({
  code: z.enum(['database-moved-aside', 'outbox-recovered', 'directory-expired']),
  /** For the helpdesk ("kopier detaljer"). */
  details: z.string(),
});

/** What the window needs to begin. */
export const session = z.object({
  agent: z.object({ id: z.string(), name: z.string() }),
  version: z.string(),
  preferences: preferencesView,
  /** Secrets that somebody must type before the servers can be used. */
  missingSecrets: z.array(secretName),
  notices: z.array(notice),
  policy: z.object({
    /** Tags that wrap-up demands at least. */
    requiredTags: z.int(),
    /** Lines → tags offered with one key each; `*` for every line. */
    suggestedTags: z.record(z.string(), z.array(z.string())),
    /** Seconds within which a call should be answered. */
    answerWithinSeconds: z.int(),
    /** Signing out wipes what is kept on this machine; otherwise it forgets the passwords only. */
    wipeOnSignOut: z.boolean(),
  }),
  /** True on the embedded demo: the window says so and offers a caller. */
  demo: z.boolean(),
});

/**
 * done: nobody is signed in; the next `session.start` begins afresh · unsent: nothing was done, because wiping would lose notes that the
 * CRM does not have, or drafts (which whoever signs out may give up).
 */
export const signedOut = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('done'), wiped: z.boolean() }),
  z.object({ outcome: z.literal('unsent'), notes: z.int(), drafts: z.int() }),
]);

export type Language = z.infer<typeof language>;
export type Theme = z.infer<typeof theme>;
export type Preferences = z.infer<typeof preferences>;
export type PreferencesPatch = z.infer<typeof preferencesPatch>;
export type PreferencesView = z.infer<typeof preferencesView>;
export type Notice = z.infer<typeof notice>;
export type Session = z.infer<typeof session>;
export type SignedOut = z.infer<typeof signedOut>;
export type SecretName = z.infer<typeof secretName>;
