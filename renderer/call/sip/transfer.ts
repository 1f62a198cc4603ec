import type { Session, URI } from 'sip.js';
import type { TransferProgress } from '../phone.ts';
import { transferProgressOf } from './outcome.ts';

/** A transfer of which nothing was heard for so long (ms) has failed: the caller is offered back. */
const SILENCE = 40_000;

/** One REFER and the NOTIFYs that follow it (RFC 3515). */
export class BlindTransfer {
  readonly #session: Session;
  readonly #onProgress: (progress: TransferProgress) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(session: Session, onProgress: (progress: TransferProgress) => void) {
    this.#session = session;
    this.#onProgress = onProgress;
  }

  /** The status of the answer to the REFER; 500 when it could not be sent. A refused one has no progress. */
  send(target: URI): Promise<number> {
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
    this.#timer = setTimeout(() => this.#onProgress({ kind: 'refused', status: null }), SILENCE);
  }
}
