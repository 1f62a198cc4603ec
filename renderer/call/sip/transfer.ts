import type { Session, URI } from 'sip.js';
import type { TransferProgress } from '../phone.ts';
import { transferProgressOf } from './outcome.ts';

/** A transfer of which nothing was heard for so long (ms) has failed: the caller is offered back. */
const SILENCE = 40_000;
/** Between the two signs that an attended transfer is done, in ms; and how long the first may take. */
const PROOF = 4000;
const ATTENDED_SILENCE = 8000;

/** One REFER and the NOTIFYs that follow it (RFC 3515). */
export class Referral {
  readonly #session: Session;
  readonly #onProgress: (progress: TransferProgress) => void;
  readonly #silence: number;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(session: Session, onProgress: (progress: TransferProgress) => void, silence = SILENCE) {
    this.#session = session;
    this.#onProgress = onProgress;
    this.#silence = silence;
  }

  /**
   * To an address (blind), or to take our place in a session (Replaces: RFC 3891). The status of the answer to the REFER; 500 when it
   * could not be sent. A refused one has no progress.
   */
  send(target: URI | Session): Promise<number> {
    this.#watch();
    return new Promise((resolve) => {
      const refused = (status: number) => {
        this.stop();
        resolve(status);
      };
      this.#session
        .refer(target, {
          requestDelegate: {
            onAccept: ({ message }) => {
              this.#onProgress({ kind: 'requested' });
              resolve(message.statusCode ?? 202);
            },
            onReject: ({ message }) => refused(message.statusCode ?? 500),
          },
          onNotify: (notification) => {
            void notification.accept();
            this.#onNotify(notification.request.body, notification.request.getHeader('Subscription-State') ?? '');
          },
        })
        .catch(() => refused(500));
    });
  }

  /** The call is over: nothing is waited for any more. */
  stop(): void {
    clearTimeout(this.#timer);
  }

  #onNotify(body: string, subscriptionState: string): void {
    const progress = transferProgressOf(body, subscriptionState);
    if (progress === null || progress.kind === 'ringing') this.#watch();
    else this.stop();
    if (progress !== null) this.#onProgress(progress);
  }

  #watch(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#onProgress({ kind: 'refused', status: null }), this.#silence);
  }
}

/**
 * An attended transfer, believed only on two signs: the final NOTIFY says 2xx (Asterisk has said so of transfers that hung the caller
 * up), and the far end has ended one of our two calls, as whoever takes our place does (RFC 3891 §3).
 */
export class AttendedTransfer {
  readonly #referral: Referral;
  readonly #onProgress: (progress: TransferProgress) => void;
  #notified = false;
  #ended = false;
  #over = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(session: Session, onProgress: (progress: TransferProgress) => void) {
    this.#onProgress = onProgress;
    this.#referral = new Referral(session, (progress) => this.#onReferral(progress), ATTENDED_SILENCE);
  }

  /** As `Referral.send`. */
  send(consult: Session): Promise<number> {
    return this.#referral.send(consult);
  }

  /** The far end has ended one of the two calls. */
  callEnded(): void {
    this.#ended = true;
    this.#weigh();
  }

  stop(): void {
    this.#over = true;
    clearTimeout(this.#timer);
    this.#referral.stop();
  }

  #onReferral(progress: TransferProgress): void {
    if (progress.kind === 'done') {
      this.#notified = true;
      this.#weigh();
    } else if (progress.kind === 'refused') this.#finish(progress);
    else if (progress.kind === 'requested' && !this.#over) this.#onProgress(progress);
  }

  #weigh(): void {
    if (this.#notified && this.#ended) return this.#finish({ kind: 'done' });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#finish({ kind: 'refused', status: null }), PROOF);
  }

  #finish(progress: TransferProgress): void {
    if (this.#over) return;
    this.stop();
    this.#onProgress(progress);
  }
}
