/**
 * What the services need from a case system, whoever makes it. Every write carries the client's own id; whoever repeats one asks
 * first whether an earlier attempt arrived (`findCreated`, `hasNote`).
 */
import type { CaseItem, Contact, FaultCode } from '#contract';
import type { NormalisedNumber } from '../numbers/index.ts';

/**
 * unreachable, timeout: try again later, the attempt may have arrived · unauthorized, secret-missing: nothing will be accepted
 * until somebody signs in · rejected: understood and refused, repeating it is no use · conflict: changed by somebody else again
 * and again · internal: the server's answer is not what this version knows.
 */
export type CrmFaultCode = Extract<
  FaultCode,
  'unreachable' | 'timeout' | 'unauthorized' | 'secret-missing' | 'rejected' | 'conflict' | 'internal'
>;

export interface CrmFault {
  readonly code: CrmFaultCode;
  /** For the helpdesk. Never the text of a note nor a number. */
  readonly message: string;
  /** The server's own Retry-After, in milliseconds; null when it gave none. */
  readonly retryAfterMs: number | null;
  /** For a write: false when it certainly did nothing (never connected, or refused); true when it may have, or may yet. */
  readonly mayHaveArrived: boolean;
}

export type CrmResult<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: CrmFault };

/** Whom a number belongs to, and all their cases that matter: every open one and the newest of the rest. */
export interface CallerRecords {
  readonly contacts: readonly Contact[];
  readonly cases: readonly CaseItem[];
}

export interface NewCase {
  /** The client's own id (UUID): one case a client id, however often it is sent. */
  readonly clientId: string;
  readonly subject: string;
  readonly contactId: string | null;
  /** Kept in the case's first text when the contact is not known. */
  readonly number: string | null;
  /** Another queue than the settings' own. */
  readonly queue?: string | undefined;
  /** What it came of, where that is not a call. */
  readonly origin?: 'directory' | undefined;
}

export interface NewNote {
  readonly clientId: string;
  readonly caseId: string;
  readonly text: string;
}

export interface TagChange {
  readonly caseId: string;
  readonly add: readonly string[];
  readonly remove: readonly string[];
}

export interface CrmPort {
  /** Contacts with this number, and their cases. An empty answer means that the CRM knows nobody by it. */
  findByNumber(number: NormalisedNumber): Promise<CrmResult<CallerRecords>>;
  /** A contact's cases. The contact itself is among `contacts` when the CRM still has it. */
  findByContact(contactId: string): Promise<CrmResult<CallerRecords>>;
  /** The signed-in agent's own open cases, newest change first, at most 100. */
  findMine(): Promise<CrmResult<readonly CaseItem[]>>;

  /** The case that this client id made, if it arrived. */
  findCreated(clientId: string): Promise<CrmResult<string | null>>;
  /** Whether the note with this client id is in the case. */
  hasNote(caseId: string, clientId: string): Promise<CrmResult<boolean>>;

  /** Makes a case that `findCreated` finds by its client id; answers the case's id. */
  createCase(input: NewCase): Promise<CrmResult<string>>;
  /** Adds an internal note that `hasNote` finds by its client id. */
  addNote(input: NewNote): Promise<CrmResult<null>>;
  /** Adds and removes tags and leaves everybody else's alone; answers all tags as read back. */
  changeTags(input: TagChange): Promise<CrmResult<readonly string[]>>;
}

export function crmOk<T>(value: T): CrmResult<T> {
  return { ok: true, value };
}

export function crmFail(
  code: CrmFaultCode,
  message: string,
  more: { readonly retryAfterMs?: number | null; readonly mayHaveArrived?: boolean } = {},
): { readonly ok: false; readonly error: CrmFault } {
  const { retryAfterMs = null, mayHaveArrived = false } = more;
  return { ok: false, error: { code, message, retryAfterMs, mayHaveArrived } };
}
