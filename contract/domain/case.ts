import { z } from 'zod';
import { instant } from './person.ts';

/** A citizen, or whoever calls, as the CRM knows them. */
export const contact = z.object({
  id: z.string(),
  name: z.string(),
  /** E.164 where it could be read as a number. */
  numbers: z.array(z.string()),
  email: z.string().nullable(),
  address: z.string().nullable(),
});

export const caseStatus = z.enum(['open', 'waiting', 'closed']);

/** A case (Request Tracker: a ticket). */
export const caseItem = z.object({
  id: z.string(),
  /** Whose case it is; null: nobody known. */
  contactId: z.string().nullable(),
  subject: z.string(),
  status: caseStatus,
  queue: z.string(),
  /** Name of whoever has it; null: nobody. */
  owner: z.string().nullable(),
  tags: z.array(z.string()),
  createdAt: instant,
  updatedAt: instant,
});

/** Why somebody is proposed as the caller. `shared`: the number belongs to more than one contact. */
export const candidateReason = z.object({
  kind: z.enum(['number', 'shared-number']),
  number: z.string(),
});

export const candidate = z.object({ contact, reason: candidateReason });

/** Where what is shown comes from. `asOf` is the last time that the CRM confirmed it; null: never. */
export const freshness = z.object({
  state: z.enum(['cache', 'refreshing', 'fresh', 'failed']),
  asOf: instant.nullable(),
  /** Set when `state` is failed. */
  fault: z
    .enum(['unreachable', 'unauthorized', 'timeout', 'rejected', 'not-configured', 'secret-missing', 'internal'])
    .nullable(),
});

/**
 * The screen pop: who may be calling, and their cases. Nobody is guessed: with several candidates the agent chooses.
 * hidden: the caller withholds the number · unknown: no contact has it · contact: exactly one · candidates: several.
 */
export const pop = z.object({
  callId: z.string(),
  /** E.164, or as received when it cannot be read as a number; null when hidden. */
  number: z.string().nullable(),
  kind: z.enum(['hidden', 'unknown', 'contact', 'candidates']),
  candidates: z.array(candidate),
  /** Open first, then newest; each with its `contactId`. */
  cases: z.array(caseItem),
  freshness,
});

export type Contact = z.infer<typeof contact>;
export type CaseStatus = z.infer<typeof caseStatus>;
export type CaseItem = z.infer<typeof caseItem>;
export type Candidate = z.infer<typeof candidate>;
export type Freshness = z.infer<typeof freshness>;
export type Pop = z.infer<typeof pop>;
