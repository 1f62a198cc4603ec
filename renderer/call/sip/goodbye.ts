import type { Session } from 'sip.js';

type ByeMessage = Awaited<ReturnType<Session['bye']>>['message'];

/**
 * A BYE that arrives. While there is no connection, or when the server died before it answered, it is said (again) after the next
 * registration: a caller is not left in a call that the agent has ended. The same request twice does no harm: the second gets 481.
 */
export class Goodbye {
  readonly #session: Session;
  readonly #connected: () => boolean;
  readonly #onHeard: () => void;
  #said: ByeMessage | null = null;
  #heard = false;

  constructor(session: Session, connected: () => boolean, onHeard: () => void) {
    this.#session = session;
    this.#connected = connected;
    this.#onHeard = onHeard;
  }

  /** Sends synchronously where it can: when a window closes there is no later. */
  say(): void {
    if (this.#heard || !this.#connected()) return;
    const delegate = {
      onAccept: () => this.#settle(),
      onReject: ({ message }: { readonly message: { readonly statusCode?: number | undefined } }) => {
        // 408 and 503 are SIP.js's own words for "no answer" and "no connection".
        if (message.statusCode !== 408 && message.statusCode !== 503) this.#settle();
      },
    };
    if (this.#said !== null) {
      this.#session.userAgent.userAgentCore.request(this.#said, delegate);
      return;
    }
    this.#session.bye({ requestDelegate: delegate }).then(
      (request) => {
        this.#said = request.message;
      },
      // There is no dialog to end any more.
      () => this.#settle(),
    );
  }

  #settle(): void {
    if (this.#heard) return;
    this.#heard = true;
    this.#onHeard();
  }
}
