import { z } from 'zod';
import { instant } from './person.ts';

/** A tag (merkelapp): one line of text, as the agent sees it. */
export const tag = z
  .string()
  .trim()
  .min(1)
  .max(80)
  .regex(/^[^\n\r]*$/);

/** Where a note goes. Never preset by guess: the agent chose it. */
export const noteTarget = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('case'), caseId: z.string().min(1) }),
  z.object({
    kind: z.literal('newCase'),
    subject: z.string().trim().min(1).max(200),
    /** Whom the case is about; null: the caller is not known. */
    contactId: z.string().nullable(),
    /** The caller's number, kept when the contact is not known. */
    number: z.string().nullable(),
    /** Another queue than the settings' own; for what is no citizen's case. */
    queue: z.string().min(1).max(200).optional(),
    /** What it came of, where that is not a call: a report about the person directory. */
    origin: z.literal('directory').optional(),
  }),
]);

export const noteText = z.string().max(20_000);

/** What the agent is writing during a call; survives a crash. One a call. */
export const draft = z.object({
  callId: z.string().min(1),
  target: noteTarget.nullable(),
  text: noteText,
  tags: z.array(tag),
});

/** A finished note. `id` is the client's own (UUID) and makes every send idempotent. */
export const noteSubmission = z.object({
  id: z.uuid(),
  callId: z.string().min(1),
  target: noteTarget,
  text: noteText,
  tags: z.array(tag).max(50),
});

/** pending: waits or is being sent · sent: the CRM has it · parked: the CRM said no; kept in sight until somebody acts. */
export const sendState = z.enum(['pending', 'sent', 'parked']);

export const note = noteSubmission.extend({
  createdAt: instant,
  state: sendState,
  /** The case that it ended up in (a new case gets its id when sent). */
  caseId: z.string().nullable(),
  attempts: z.int(),
  /** What the CRM answered last, for the helpdesk; null: nothing wrong so far. */
  fault: z.string().nullable(),
});

/** The outbox in one line, and all that has not arrived yet. */
export const outboxStatus = z.object({
  pending: z.int(),
  parked: z.int(),
  /** Since when the CRM has not answered; null: it answers. */
  unreachableSince: instant.nullable(),
  /** unauthorized: sending waits until somebody signs in again. */
  paused: z.enum(['unauthorized', 'secret-missing']).nullable(),
  lastSentAt: instant.nullable(),
  unsent: z.array(note),
});

export type NoteTarget = z.infer<typeof noteTarget>;
export type Draft = z.infer<typeof draft>;
export type NoteSubmission = z.infer<typeof noteSubmission>;
export type SendState = z.infer<typeof sendState>;
export type Note = z.infer<typeof note>;
export type OutboxStatus = z.infer<typeof outboxStatus>;
