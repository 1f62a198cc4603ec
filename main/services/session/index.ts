/** One agent's session after another in one program: signing out ends one, and the next `session.start` begins another. */
import { fail, ok, type CallInput, type Result, type SignedOut } from '#contract';
import type { Log } from '../ports.ts';
import type { Dispatch } from '../router.ts';

export { finishWipe, forgetPasswords, wipe } from './wipe.ts';

/** What only this machine has. */
export interface OnlyHere {
  readonly notes: number;
  readonly drafts: number;
}

/** Everything that lasts, as long as one agent is signed in. */
export interface Session {
  readonly dispatch: Dispatch;
  /** Policy: signing out wipes. */
  readonly wipes: boolean;
  onlyHere(): Promise<OnlyHere>;
  /** Ends it; answers what was only here in the moment after which nothing more could come. */
  end(): Promise<OnlyHere>;
}

export type SignOut = (input: CallInput<'session.signOut'>) => Promise<Result<SignedOut>>;

export interface SessionPorts<S extends Session> {
  /** Begins a session; `signOut` serves the wire's call. */
  readonly open: (signOut: SignOut) => Promise<Result<S>>;
  readonly forgetPasswords: () => Promise<void>;
  readonly wipe: () => Promise<void>;
  readonly log: Log;
}

export interface Sessions<S extends Session> {
  readonly dispatch: Dispatch;
  /** Null: nobody is signed in. */
  readonly current: () => S | null;
  close(): Promise<void>;
}

/** The first session, and whatever follows it. Errors: those of `open`. */
export async function keepSessions<S extends Session>(ports: SessionPorts<S>): Promise<Result<Sessions<S>>> {
  const { log } = ports;
  let current: S | null = null;
  let closed = false;
  /** A change from one session to the next; calls wait for it. */
  let changing: Promise<unknown> | null = null;

  async function open(): Promise<Result<S>> {
    try {
      const opened = await ports.open(signOut);
      if (opened.ok) current = opened.value;
      return opened;
    } catch (error) {
      // The key store is locked, a folder cannot be made: the cause is all that can be told.
      return fail('internal', error instanceof Error ? error.message : String(error));
    }
  }

  const kept = (left: OnlyHere, discardDrafts: boolean) => left.notes > 0 || (left.drafts > 0 && !discardDrafts);

  async function leave(session: S, discardDrafts: boolean): Promise<Result<SignedOut>> {
    if (session.wipes) {
      const left = await session.onlyHere();
      if (kept(left, discardDrafts)) return ok({ outcome: 'unsent', ...left });
    }
    current = null;
    const left = await session.end();
    // A call that was under way has brought something: it is acknowledged, so it stays.
    if (session.wipes && kept(left, discardDrafts)) {
      const again = await open();
      return again.ok ? ok({ outcome: 'unsent', ...left }) : again;
    }
    try {
      await (session.wipes ? ports.wipe() : ports.forgetPasswords());
    } catch (error) {
      const cause = error instanceof Error ? error.message : String(error);
      log.error('session.wipe-failed', { cause });
      return fail('internal', `Signed out, but not everything could be wiped: ${cause} It is done at the next start.`);
    }
    log.info('session.signed-out', { wiped: session.wipes });
    return ok({ outcome: 'done', wiped: session.wipes });
  }

  /** One change at a time. */
  function change<T>(work: () => Promise<T>): Promise<T> {
    const done = (changing ?? Promise.resolve()).then(work, work).finally(() => {
      if (changing === done) changing = null;
    });
    changing = done;
    return done;
  }

  /** When no change is under way; whatever it came to, `current` says. */
  async function settled(): Promise<void> {
    const last = changing;
    if (last === null) return;
    await last.catch(() => undefined);
    await settled();
  }

  const signOut: SignOut = ({ discardDrafts }) => {
    const session = current;
    if (session === null) return Promise.resolve(fail('refused', 'Nobody is signed in.'));
    return change(async () => (current === session ? leave(session, discardDrafts) : fail('refused', 'Nobody is signed in.')));
  };

  const first = await open();
  if (!first.ok) return first;
  return ok({
    current: () => current,
    async dispatch(name, input) {
      await settled();
      if (current === null && name === 'session.start' && !closed) {
        const opened = await change(async () => (current === null ? open() : ok(current)));
        if (!opened.ok) return opened;
      }
      return current === null ? fail('refused', 'Nobody is signed in.') : current.dispatch(name, input);
    },
    async close() {
      closed = true;
      await settled();
      await current?.end();
    },
  });
}
