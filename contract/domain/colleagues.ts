/** What the directory offers around a person: whom to try first, whom instead, and how its data gets better. */
import { z } from 'zod';
import { note } from './note.ts';
import { instant, person } from './person.ts';

/** Somebody to try first, and since when that is so (favourite), or when it last was (spoken to, transferred to). */
export const suggestion = z.object({ person, at: instant });

export const suggestions = z.object({
  /** Whom this caller was passed on to before, last first. */
  spokenTo: z.array(suggestion),
  favourites: z.array(suggestion),
  lastTransferred: z.array(suggestion),
});

/** Somebody who may help instead, and why: the same unit, and the keywords that both have. */
export const alternative = z.object({ person, why: z.object({ unit: z.boolean(), keywords: z.array(z.string()) }) });

/** Something wrong or missing, for whoever looks after the directory. `id` is the client's own and makes it idempotent. */
export const directoryReport = z.object({
  id: z.uuid(),
  personId: z.string().min(1),
  kind: z.enum(['wrongNumber', 'missingKeywords', 'left', 'other']),
  text: z.string().max(2000),
});

/** crm: it is in the outbox as the case that it becomes · mail: the link opens the agent's own mail program with it. */
export const reported = z.discriminatedUnion('by', [
  z.object({ by: z.literal('crm'), note }),
  z.object({ by: z.literal('mail'), href: z.string() }),
]);

/** The agent's own entry, and what it lacks that others find or reach people by. */
export const profile = z.object({
  person,
  missing: z.array(z.enum(['keywords', 'deputy', 'mobile', 'hours', 'calendar'])),
});

/** A message that can be written to a person; the words are the helpdesk's. */
export const messageTemplate = z.object({
  id: z.string(),
  name: z.object({ nb: z.string(), nn: z.string(), en: z.string() }),
  kind: z.enum(['mail', 'sms']),
});

export type Suggestion = z.infer<typeof suggestion>;
export type Suggestions = z.infer<typeof suggestions>;
export type Alternative = z.infer<typeof alternative>;
export type DirectoryReport = z.infer<typeof directoryReport>;
export type Reported = z.infer<typeof reported>;
export type Profile = z.infer<typeof profile>;
export type MessageTemplate = z.infer<typeof messageTemplate>;
