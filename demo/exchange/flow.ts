/** One connection of a user agent (RFC 5626 calls it a flow). */
export interface Flow {
  readonly open: boolean;
  /** Sends one SIP message; false: the connection is gone. */
  send(text: string): boolean;
}

/** Runs an action later; the returned function cancels. */
export type After = (milliseconds: number, action: () => void) => () => void;

/** Time as Node has it; a timer never keeps the process alive. */
export const realAfter: After = (milliseconds, action) => {
  const timer = setTimeout(action, milliseconds).unref();
  return () => clearTimeout(timer);
};
