import { Core, type URI, type UserAgent } from 'sip.js';

export interface SubscriptionPorts {
  readonly agent: UserAgent;
  readonly target: URI;
  /** The event package's name. */
  readonly event: string;
  readonly accept: string;
  /** A NOTIFY's body, the first one too; empty: nothing is known. `again`: something was missed, the whole is asked for anew. */
  onBody(body: string): 'taken' | 'again';
  /** Nothing more comes. `status`: the refusal's; null: it ended. */
  onOver(status: number | null, retryAfterSeconds: number | null): void;
}

/** Seconds that are asked for; what the exchange grants counts. */
const EXPIRES = 600;
/** How long the NOTIFY that follows a goodbye is waited for, in ms. */
const LAST_NOTIFY = 5000;
/** What a subscription's end means (RFC 6665 §4.1.3), as the status that a refusal would have had. */
const ENDS: Readonly<Record<string, number>> = { rejected: 403, noresource: 404, invariant: 404 };

/**
 * One subscription (RFC 6665): SUBSCRIBE, its NOTIFYs, a refresh before it runs out, and its end. Built on SIP.js's core: the Subscriber
 * of its api does not say why it was refused, and subscribes again by itself without a pause.
 */
export class EventSubscription {
  readonly #ports: SubscriptionPorts;
  #request: Core.OutgoingSubscribeRequest | null = null;
  #dialog: Core.Subscription | null = null;
  #refresh: ReturnType<typeof setTimeout> | undefined;
  #over = false;

  constructor(ports: SubscriptionPorts) {
    this.#ports = ports;
  }

  start(expires = EXPIRES): void {
    const { agent, target } = this.#ports;
    const core = agent.userAgentCore;
    const message = core.makeOutgoingRequestMessage(
      'SUBSCRIBE',
      target,
      core.configuration.aor,
      target,
      {},
      this.#headers(expires),
    );
    this.#request = core.subscribe(message, {
      onNotify: ({ request, subscription }) => this.#begun(request, subscription),
      onNotifyTimeout: () => this.#end(408, null),
      onReject: (response) => this.#refused(response.message, expires),
      onRedirect: (response) => this.#end(response.message.statusCode ?? 300, null),
    });
  }

  /** `tell`: the exchange is told. Without that (the connection is gone) it finds out by itself. */
  stop(tell: boolean): void {
    if (this.#over) return;
    const dialog = this.#dialog;
    this.#close();
    if (!tell) this.#request?.waitNotifyStop();
    if (dialog === null) return;
    if (!tell) return dialog.dispose();
    // The last NOTIFY comes afterwards: it is answered, and then the dialog is gone; it goes without it, too.
    dialog.subscribe(undefined, { extraHeaders: this.#headers(0) });
    setTimeout(() => dialog.dispose(), LAST_NOTIFY);
  }

  #begun(request: Core.IncomingNotifyRequest, subscription: Core.Subscription | undefined): void {
    // It was on its way when nobody wanted it any more.
    if (this.#over) {
      void request.accept();
      if (subscription !== undefined) subscription.unsubscribe();
      return;
    }
    this.#dialog = subscription ?? null;
    if (subscription !== undefined)
      subscription.delegate = {
        onNotify: (next) => this.#notified(next),
        // Timer N, or a refusal of the refresh that ends the dialog.
        onTerminated: () => this.#end(null, null),
      };
    this.#notified(request);
  }

  #notified(request: Core.IncomingNotifyRequest): void {
    void request.accept();
    if (this.#over) return;
    const state = request.message.getHeader('Subscription-State') ?? '';
    if (request.message.body !== '' || !/^\s*terminated/i.test(state)) {
      if (this.#ports.onBody(request.message.body) === 'again') return this.#again();
    }
    if (/^\s*terminated/i.test(state)) {
      const reason = /;\s*reason\s*=\s*"?([\w-]+)/i.exec(state)?.[1]?.toLowerCase() ?? '';
      const after = /;\s*retry-after\s*=\s*(\d{1,6})/i.exec(state)?.[1];
      return this.#end(ENDS[reason] ?? null, after === undefined ? null : Number(after));
    }
    this.#plan();
  }

  #plan(): void {
    clearTimeout(this.#refresh);
    const seconds = this.#dialog?.subscriptionExpires ?? 0;
    if (seconds > 0) this.#refresh = setTimeout(() => this.#again(), seconds * 800);
  }

  #again(): void {
    const dialog = this.#dialog;
    if (this.#over || dialog === null) return;
    dialog.subscribe(
      { onAccept: () => this.#plan(), onReject: ({ message }) => this.#end(message.statusCode ?? null, null) },
      { extraHeaders: this.#headers(EXPIRES) },
    );
  }

  #refused(message: Core.IncomingResponseMessage, expires: number): void {
    const status = message.statusCode ?? 500;
    // 423: longer, then (RFC 6665 §4.2.1.1). Once: a server that asks for ever longer ones gets no more.
    const least = Number(message.getHeader('Min-Expires') ?? 0);
    if (status === 423 && expires === EXPIRES && least > expires && !this.#over) return this.start(least);
    const after = /^\s*(\d{1,6})/.exec(message.getHeader('Retry-After') ?? '')?.[1];
    this.#end(status, after === undefined ? null : Number(after));
  }

  #headers(expires: number): string[] {
    const { agent, event, accept } = this.#ports;
    const { contact } = agent.userAgentCore.configuration;
    return [`Event: ${event}`, `Expires: ${expires}`, `Accept: ${accept}`, `Contact: ${contact.toString()}`, 'Allow: NOTIFY'];
  }

  #end(status: number | null, retryAfterSeconds: number | null): void {
    if (this.#over) return;
    const dialog = this.#dialog;
    this.#close();
    if (dialog !== null && dialog.subscriptionState !== Core.SubscriptionState.Terminated) dialog.dispose();
    this.#ports.onOver(status, retryAfterSeconds);
  }

  #close(): void {
    this.#over = true;
    clearTimeout(this.#refresh);
    this.#dialog = null;
  }
}
