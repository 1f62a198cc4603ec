import { Invitation, Inviter, SessionState, type Session } from 'sip.js';
import type { URI } from 'sip.js';
import type { EndReason, PhoneEvent, PhoneFault, PhoneResult, TransferProgress } from '../phone.ts';
import { sendByInfo } from './digits.ts';
import { Goodbye } from './goodbye.ts';
import { answeredElsewhere, remotePartyOf, takesReplaces } from './identity.ts';
import type { CallMedia } from './media.ts';
import { reasonOfRefusal } from './outcome.ts';
import { reinvite } from './reinvite.ts';
import { AttendedTransfer, Referral } from './transfer.ts';

/** Answers in a dialog that mean there is none any more (RFC 5057 §5.1). */
const DIALOG_GONE = [404, 410, 481, 604];

const OK: PhoneResult = { ok: true };
const fail = (code: PhoneFault, reason: string): PhoneResult => ({ ok: false, code, reason });

export interface CallPorts {
  connected(): boolean;
  emit(event: PhoneEvent): void;
  /** How digits go. */
  readonly dtmf: 'rfc4733' | 'info';
  readonly log: (level: 'info' | 'warn' | 'error', event: string, details: string) => void;
  /** Nothing more comes from this call. */
  over(call: SipCall): void;
}

/** One SIP session and its audio, in the Phone port's terms. */
export class SipCall {
  readonly id: string;
  readonly session: Session;
  readonly media: CallMedia;
  readonly #ports: CallPorts;
  /** Why it will have ended, known before SIP.js says that it has. */
  #reason: EndReason | null = null;
  #status: number | null = null;
  #ended = false;
  #held = false;
  /** Re-INVITEs and the REFER go one after another (RFC 3261 §14.1). */
  #queue: Promise<unknown> = Promise.resolve();
  #digits: Promise<unknown> = Promise.resolve();
  #transfer: Referral | AttendedTransfer | null = null;
  /** The transfer in which this call is to be replaced. */
  #replacing: AttendedTransfer | null = null;
  /** Whether the far end can be, or can take, another's place in a call (RFC 3891). */
  #replaces: boolean;
  #goodbye: Goodbye | null = null;

  constructor(id: string, session: Session, media: CallMedia, ports: CallPorts) {
    this.id = id;
    this.session = session;
    this.media = media;
    this.#ports = ports;
    this.#replaces = session instanceof Invitation && takesReplaces(session.request.getHeaders('Supported'));
    media.onFailed = () => void this.#repairMedia();
    session.delegate = {
      onBye: (bye) => {
        void bye.accept();
        this.#replacing?.callEnded();
        if (this.#transfer instanceof AttendedTransfer) this.#transfer.callEnded();
        this.#reason ??= this.#replacing === null ? 'remoteHungUp' : 'transferred';
      },
      onCancel: (cancel) => {
        this.#reason ??= answeredElsewhere(cancel.request.getHeaders('Reason')) ? 'answeredElsewhere' : 'missed';
      },
      // A stranger may not send this telephone elsewhere.
      onRefer: (referral) => void referral.reject({ statusCode: 603 }),
      onInvite: (request) => {
        const asserted = request.getHeaders('P-Asserted-Identity');
        if (asserted.length > 0)
          this.#ports.emit({
            type: 'remote',
            callId: this.id,
            remote: remotePartyOf(asserted, request.getHeader('From') ?? ''),
          });
      },
    };
    let answered = false;
    const unanswered = () => session instanceof Invitation && !answered;
    // Only after it has ended does SIP.js say with which status: the end is told a moment later.
    session.stateChange.addListener((state) => {
      if (state === SessionState.Established) {
        answered = true;
        // A call of ours is told when its answer has been read (`invite`).
        if (session instanceof Invitation) this.#established();
      } else if (state === SessionState.Terminated) queueMicrotask(() => this.#end(unanswered() ? 'missed' : 'failed'));
    });
  }

  get live(): boolean {
    return !this.#ended && this.session.state === SessionState.Established;
  }

  /** Sends the INVITE. A final refusal comes as `ended`. */
  async invite(): Promise<PhoneResult> {
    const inviter = this.session;
    if (!(inviter instanceof Inviter)) return fail('wrongState', 'not an outgoing call');
    if (!(await this.media.openMicrophone())) {
      this.#forget();
      return fail('noMicrophone', 'getUserMedia');
    }
    if (this.#ended) return OK;
    try {
      await inviter.invite({
        requestDelegate: {
          onProgress: ({ message }) => {
            if (message.statusCode === 180 || message.statusCode === 183)
              this.#ports.emit({ type: 'ringing', callId: this.id });
          },
          onAccept: ({ message }) => {
            this.#replaces = takesReplaces(message.getHeaders('Supported'));
            this.#established();
          },
          onReject: ({ message }) => this.#refusedWith(message.statusCode ?? 0),
          onRedirect: ({ message }) => this.#refusedWith(message.statusCode ?? 0),
        },
      });
      return OK;
    } catch (error) {
      return this.#ended ? OK : fail('failed', messageOf(error));
    }
  }

  async answer(): Promise<PhoneResult> {
    const invitation = this.session;
    if (!(invitation instanceof Invitation) || invitation.state !== SessionState.Initial)
      return fail('wrongState', `answer in ${invitation.state}`);
    if (!(await this.media.openMicrophone())) return this.#ended ? OK : fail('noMicrophone', 'getUserMedia');
    // The caller gave up while the microphone opened: `ended` has said so.
    if (this.#ended) return OK;
    try {
      await invitation.accept();
      return OK;
    } catch (error) {
      return this.#ended ? OK : fail('failed', messageOf(error));
    }
  }

  async reject(): Promise<PhoneResult> {
    const invitation = this.session;
    if (!(invitation instanceof Invitation) || this.#ended) return fail('wrongState', `reject in ${invitation.state}`);
    this.#reason = 'rejected';
    await invitation.reject({ statusCode: 486 });
    return OK;
  }

  /** Ends the call in any state. */
  async hangUp(): Promise<PhoneResult> {
    if (this.#ended) return fail('wrongState', 'the call is over');
    const { session } = this;
    if (session instanceof Invitation && session.state !== SessionState.Established) return this.reject();
    this.#reason = 'hungUp';
    if (session instanceof Inviter && (session.state === SessionState.Initial || session.state === SessionState.Establishing)) {
      // SIP.js waits for the 487; the agent does not.
      const cancelling = session.cancel();
      this.#end('hungUp');
      await cancelling.catch(() => undefined);
      return OK;
    }
    if (session.state !== SessionState.Established) return OK;
    this.#bye();
    return OK;
  }

  /** Local first: the microphone is silent, and the far end unheard, whatever the answer to the re-INVITE. */
  async hold(on: boolean): Promise<PhoneResult> {
    if (!this.live) return fail('wrongState', 'hold');
    if (on) this.#setHeld(true);
    else this.media.hold(false);
    const result = await this.#serially(() => this.#reinvite());
    if (this.#ended) return OK;
    if (on) return OK;
    if (result === 'refused') {
      this.media.hold(true);
      return fail('refused', 'the far end does not take the call back');
    }
    this.#setHeld(false);
    return OK;
  }

  mute(on: boolean): PhoneResult {
    if (this.#ended) return fail('wrongState', 'mute');
    this.media.mute(on);
    this.#ports.emit({ type: 'mute', callId: this.id, on });
    return OK;
  }

  sendDigits(digits: string): PhoneResult {
    if (!this.live || this.#held) return fail('wrongState', 'digits');
    if (!/^[0-9*#A-D]+$/i.test(digits)) return fail('badTarget', 'not a digit');
    if (this.#ports.dtmf === 'info') {
      this.#digits = this.#digits.then(async () => {
        if (this.live && !(await sendByInfo(this.session, digits.toUpperCase())))
          this.#ports.log('warn', 'call.digits-refused', '');
      });
      return OK;
    }
    return this.media.sendDtmf(digits.toUpperCase()) ? OK : fail('refused', 'the far end takes no digits');
  }

  /** Hold, then REFER; the answer to the REFER is the result, the rest comes as `transfer` events. */
  transfer(target: URI): Promise<PhoneResult> {
    const transfer = new Referral(this.session, (progress) => this.#onTransfer(progress));
    return this.#refer(transfer, () => transfer.send(target));
  }

  /** The far end takes our place in `consult`: see `Phone.complete`. */
  async complete(consult: SipCall): Promise<PhoneResult> {
    if (!consult.live) return fail('wrongState', 'complete');
    if (!this.#replaces || !consult.#replaces) return fail('refused', 'a far end without Replaces');
    // SIP.js puts the other's name into a header as it came.
    if (/["\\]/.test(consult.session.remoteIdentity.displayName)) return fail('refused', 'a name with quotes');
    consult.media.quiet(true);
    const transfer = new AttendedTransfer(this.session, (progress) => {
      if (progress.kind !== 'requested') consult.#replacing = null;
      if (progress.kind === 'done') consult.#leave();
      this.#onTransfer(progress);
    });
    consult.#replacing = transfer;
    const result = await this.#refer(transfer, () => transfer.send(consult.session));
    if (!result.ok) consult.#replacing = null;
    return result;
  }

  /** Takes part in a mix of calls, off hold; `null`: hears the agent alone. */
  async join(joined: Parameters<CallMedia['join']>[0]): Promise<PhoneResult> {
    if (!this.live) return fail('wrongState', 'join');
    this.media.join(joined);
    return joined !== null && this.#held ? this.hold(false) : OK;
  }

  /** After a reconnect: the far end must learn the new connection, or its BYE goes to the dead one. */
  async refresh(): Promise<void> {
    if (this.#goodbye !== null) this.#goodbye.say();
    else if (this.live) await this.#serially(() => this.#reinvite());
  }

  get held(): boolean {
    return this.#held;
  }

  /** Another session has taken this one's place: nothing more is told of it. */
  giveWay(): void {
    this.#ended = true;
    this.#transfer?.stop();
    this.media.close();
  }

  /** Our half of the window's end: no waiting. */
  abandon(): void {
    this.hangUp().catch(() => undefined);
  }

  #refer(transfer: Referral | AttendedTransfer, send: () => Promise<number>): Promise<PhoneResult> {
    if (!this.live) return Promise.resolve(fail('wrongState', 'transfer'));
    if (!this.#ports.connected()) return Promise.resolve(fail('notRegistered', 'no connection'));
    return this.#serially(async () => {
      if (!this.#held) {
        this.#setHeld(true);
        await this.#reinvite();
      }
      if (!this.live) return OK;
      this.#transfer?.stop();
      this.#transfer = transfer;
      const status = await send();
      return status < 300 ? OK : fail('refused', `REFER ${status}`);
    });
  }

  #onTransfer(progress: TransferProgress): void {
    if (this.#ended) return;
    this.#ports.emit({ type: 'transfer', callId: this.id, progress });
    if (progress.kind === 'done') this.#leave();
  }

  /** The others go on without us. */
  #leave(): void {
    if (this.#ended) return;
    this.#reason = 'transferred';
    this.#bye();
  }

  /** Here the call is over at once; that the far end learns it is the goodbye's business. */
  #bye(): void {
    this.#goodbye = new Goodbye(
      this.session,
      () => this.#ports.connected(),
      () => this.#ports.over(this),
    );
    this.#goodbye.say();
    this.#end('hungUp');
  }

  #setHeld(on: boolean): void {
    this.#held = on;
    this.media.hold(on);
    this.#ports.emit({ type: 'hold', callId: this.id, on });
  }

  /** `later`: there is no connection; it is done after the next registration. */
  async #reinvite(): Promise<'accepted' | 'refused' | 'later'> {
    if (!this.live) return 'refused';
    if (!this.#ports.connected()) return 'later';
    const status = await reinvite(this.session, this.media);
    if (DIALOG_GONE.includes(status) && this.live) {
      this.#reason = 'lost';
      this.#status = status;
      // There is no dialog left to say BYE in, but SIP.js has to clear up.
      const clearing = this.session.bye();
      this.#end('lost');
      await clearing.catch(() => undefined);
    }
    if (status >= 300) this.#ports.log('warn', 'call.reinvite-refused', String(status));
    return status < 300 ? 'accepted' : 'refused';
  }

  async #repairMedia(): Promise<void> {
    if (!this.live) return;
    this.#ports.log('warn', 'call.media-failed', '');
    this.media.restartIce();
    await this.#serially(() => this.#reinvite());
  }

  #serially<T>(work: () => Promise<T>): Promise<T> {
    const next = this.#queue.then(work, work);
    this.#queue = next.catch(() => undefined);
    return next;
  }

  #established(): void {
    if (this.live) this.#ports.emit({ type: 'established', callId: this.id });
  }

  #refusedWith(status: number): void {
    this.#reason ??= reasonOfRefusal(status);
    this.#status = status;
    this.#end('failed');
  }

  /** A call that never began: no event. */
  #forget(): void {
    this.#ended = true;
    this.media.close();
    void this.session.dispose();
    this.#ports.over(this);
  }

  #end(otherwise: EndReason): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#transfer?.stop();
    this.media.close();
    this.#ports.emit({ type: 'ended', callId: this.id, reason: this.#reason ?? otherwise, status: this.#status });
    if (this.#goodbye === null) this.#ports.over(this);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown';
}
