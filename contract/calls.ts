import { z } from 'zod';
import { callRecord, day, telephoneAccount } from './domain/call.ts';
import { caseItem, contact, pop } from './domain/case.ts';
import { alternative, directoryReport, messageTemplate, profile, reported, suggestions } from './domain/colleagues.ts';
import { draft, note, noteSubmission, outboxStatus } from './domain/note.ts';
import { directoryStatus, person, searchResult } from './domain/person.ts';
import { preferencesPatch, preferencesView, secretName, session, signedOut } from './domain/settings.ts';

function call<I extends z.ZodType, O extends z.ZodType>(input: I, output: O): { input: I; output: O } {
  return { input, output };
}

const nothing = z.null();

/**
 * Everything that the window can ask of the process that lasts: one table, served by main, called by the renderer.
 * Inputs are validated where they arrive; outputs are validated in every test.
 */
export const calls = {
  'session.start': call(nothing, session),
  /**
   * Forgets the passwords and, where policy says so, wipes everything that is kept on this machine; afterwards every call but
   * `session.start` is refused. `discardDrafts`: notes that were begun and not finished may go.
   */
  'session.signOut': call(z.object({ discardDrafts: z.boolean() }), signedOut),
  'secrets.set': call(z.object({ name: secretName, value: z.string().min(1).max(1000) }), nothing),
  'preferences.change': call(preferencesPatch, preferencesView),

  'telephone.account': call(nothing, telephoneAccount),
  'callLog.add': call(callRecord, nothing),
  'callLog.today': call(nothing, day),

  'directory.search': call(
    z.object({ query: z.string().max(200), limit: z.int().min(1).max(200), line: z.string().nullable() }),
    searchResult,
  ),
  'directory.person': call(z.object({ id: z.string() }), person),
  'directory.status': call(nothing, directoryStatus),
  'directory.refresh': call(nothing, directoryStatus),
  /** Ranks the people whom calls are passed on to, and remembers whom this caller spoke to. `number`: the caller's, as it came. */
  'directory.transferred': call(
    z.object({ personId: z.string(), number: z.string().max(200).nullable(), line: z.string().max(200).nullable() }),
    nothing,
  ),
  'directory.favourite': call(z.object({ personId: z.string(), on: z.boolean() }), nothing),
  /** Whom to try first, before anything is typed. `number`: the caller's, as it came; null: nobody calls. */
  'directory.suggested': call(
    z.object({ number: z.string().max(200).nullable(), line: z.string().max(200).nullable() }),
    suggestions,
  ),
  /** Who may help instead of this person: those who are there first. */
  'directory.alternatives': call(z.object({ personId: z.string() }), z.array(alternative)),
  'directory.report': call(directoryReport, reported),
  /** The agent's own entry; not-found: the settings do not tell which it is. */
  'directory.profile': call(nothing, profile),
  'directory.messages': call(nothing, z.array(messageTemplate)),
  /** A template filled in for a person, as a mailto: or sms: link. `number`, `name`: the caller's. */
  'directory.message': call(
    z.object({
      templateId: z.string(),
      personId: z.string(),
      number: z.string().max(200).nullable(),
      name: z.string().max(200).nullable(),
    }),
    z.object({ href: z.string() }),
  ),

  /** Answers from the cache at once; `pop.updated` follows as the CRM answers. */
  'pop.open': call(z.object({ callId: z.string().min(1), number: z.string().max(200).nullable() }), pop),
  'cases.mine': call(nothing, z.array(caseItem)),
  'contact.get': call(z.object({ id: z.string() }), contact),

  'drafts.list': call(nothing, z.array(draft)),
  'drafts.save': call(draft, nothing),
  'notes.submit': call(noteSubmission, note),
  'outbox.status': call(nothing, outboxStatus),
  'outbox.retry': call(z.object({ noteId: z.uuid() }), outboxStatus),

  'window.attention': call(z.object({ wanted: z.boolean() }), nothing),
  /** A line for the log. `details` must not hold personal data. */
  'log.write': call(
    z.object({ level: z.enum(['info', 'warn', 'error']), event: z.string().max(100), details: z.string().max(4000) }),
    nothing,
  ),
  /** Demo only: has somebody call now. Refused elsewhere. */
  'demo.call': call(nothing, nothing),
} as const;

export type Calls = typeof calls;
export type CallName = keyof Calls;
export type CallInput<N extends CallName> = z.infer<Calls[N]['input']>;
export type CallOutput<N extends CallName> = z.infer<Calls[N]['output']>;
