/**
 * Results cross the wire as values: Electron flattens a thrown Error to its message, and a user can only act on a code.
 */
export type FaultCode =
  | 'invalid-input' // the caller's input failed the schema
  | 'unknown-call' // no such call in the table
  | 'refused' // the sender, or policy, does not allow it
  | 'not-found'
  | 'not-configured' // the settings name no server for this
  | 'secret-missing' // a password has to be typed first
  | 'unauthorized' // the server says 401/403
  | 'unreachable' // no connection, or the server is down
  | 'timeout'
  | 'conflict' // changed by somebody else meanwhile
  | 'rejected' // the server understood and said no
  | 'damaged' // stored data cannot be read
  | 'newer-schema' // the data were written by a newer Samband
  | 'wrong-key'
  | 'internal';

/** What went wrong. `code` is for programs and for choosing the user's words; `message` is for the log and the helpdesk. */
export interface Fault {
  readonly code: FaultCode;
  readonly message: string;
}

export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: Fault };

/** A success carrying `value`. */
export function ok<T>(value: T): Result<T> {
  return { ok: true, value };
}

/** A failure that a caller can act on by its `code`. */
export function fail(code: FaultCode, message: string): { readonly ok: false; readonly error: Fault } {
  return { ok: false, error: { code, message } };
}
