import { Inviter, SIPExtension, UserAgent, UserAgentState, type Invitation, type Session, type URI } from 'sip.js';
import type {
  AudioDevices,
  LineEvents,
  LineReport,
  LineWatcher,
  Phone,
  PhoneAccount,
  PhoneEvent,
  PhoneFailure,
  PhoneFault,
  PhoneResult,
} from '../phone.ts';
import { SipCall } from './call.ts';
import { remotePartyOf, secondsHeader, textHeader } from './identity.ts';
import { watchLine } from './line-watch.ts';
import { CallMedia } from './media.ts';
import { Registration } from './registration.ts';
import { loadMusic } from './sound.ts';
import { sipTarget } from './target.ts';
import { SocketTransport } from './transport.ts';

export interface SipPhonePorts {
  /** A line for the log, without personal data. */
  readonly log: (level: 'info' | 'warn' | 'error', event: string, details: string) => void;
  /** What the microphone is opened with; tests with pure tones turn the browser's processing off. */
  readonly constraints?: MediaTrackConstraints;
}

/** The Phone port over SIP (RFC 3261, RFC 7118) and WebRTC; the whole of SIP.js stays behind it. */
export function createSipPhone(ports: SipPhonePorts): SipPhone {
  return new SipPhone(ports);
}

interface Running {
  readonly account: PhoneAccount;
  readonly agent: UserAgent;
  readonly transport: SocketTransport;
  readonly registration: Registration;
  readonly domain: string;
}

const fail = (code: PhoneFault, reason: string): PhoneFailure => ({ ok: false, code, reason });

export class SipPhone implements Phone, LineWatcher {
  readonly #ports: SipPhonePorts;
  readonly #listeners = new Set<(event: PhoneEvent) => void>();
  readonly #calls = new Map<string, SipCall>();
  readonly #media = new WeakMap<Session, CallMedia>();
  /** Calls whose far ends hear each other. */
  readonly #joined: (readonly [SipCall, SipCall])[] = [];
  #devices: AudioDevices = { microphone: '', speaker: '' };
  #running: Running | null = null;

  constructor(ports: SipPhonePorts) {
    this.#ports = ports;
  }

  on(listener: (event: PhoneEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  start(account: PhoneAccount): void {
    const uri = UserAgent.makeURI(account.uri);
    if (uri === undefined) throw new Error('the account has no SIP address');
    if (this.#running !== null) this.#end(this.#running).catch(() => undefined);
    const transports: SocketTransport[] = [];
    const agent = new UserAgent({
      uri,
      displayName: account.displayName,
      authorizationUsername: account.authorizationUser,
      authorizationPassword: account.password,
      transportConstructor: class extends SocketTransport {
        constructor() {
          super();
          transports.push(this);
        }
      },
      delegate: { onInvite: (invitation) => this.#onInvite(invitation) },
      sessionDescriptionHandlerFactory: (session) => this.#mediaOf(session),
      sipExtensionReplaces: SIPExtension.Supported,
      userAgentString: 'Samband',
      // The exchange decides how long a call rings.
      noAnswerTimeout: 600,
      gracefulShutdown: false,
      logBuiltinEnabled: false,
      logConfiguration: false,
      logLevel: 'error',
      // Only SIP.js's own errors, without the messages' content: they hold numbers and names.
      logConnector: (level, category, _label, content) => {
        if (level === 'error') this.#ports.log('warn', category, content.split('\n', 1)[0] ?? '');
      },
    });
    const transport = transports[0]!;
    const registrar = uri.clone();
    registrar.user = undefined;
    const registration = new Registration({
      agent,
      transport,
      servers: account.servers,
      registrar,
      expiresSeconds: account.registerExpiresSeconds,
      // An account that another has replaced has nothing more to say.
      onLine: (state) => {
        if (this.#running === null || this.#running.agent === agent) this.#emit({ type: 'line', state });
      },
      onRegistered: () => this.#refreshCalls(),
      log: this.#ports.log,
    });
    this.#running = { account, agent, transport, registration, domain: uri.host };
    if (account.hold === 'client') void loadMusic();
    registration.run().catch((error: unknown) => this.#ports.log('error', 'telephone.bug', String(error)));
  }

  async stop(): Promise<void> {
    const running = this.#running;
    this.#running = null;
    if (running !== null) await this.#end(running);
  }

  dial(
    target: string,
    { quiet = false }: { readonly quiet?: boolean } = {},
  ): { readonly ok: true; readonly callId: string; readonly done: Promise<PhoneResult> } | PhoneFailure {
    const running = this.#running;
    if (running === null || !running.transport.isConnected()) return fail('notRegistered', 'no connection');
    const uri = this.#uriOf(target, running);
    if (uri === null) return fail('badTarget', 'neither a number nor an address');
    const session = new Inviter(running.agent, uri, {});
    this.#mediaOf(session, quiet);
    const call = this.#adopt(session, running);
    return { ok: true, callId: call.id, done: call.invite() };
  }

  answer(callId: string): Promise<PhoneResult> {
    return this.#with(callId, (call) => call.answer());
  }

  reject(callId: string): Promise<PhoneResult> {
    return this.#with(callId, (call) => call.reject());
  }

  hangUp(callId: string): Promise<PhoneResult> {
    return this.#with(callId, (call) => call.hangUp());
  }

  hold(callId: string, on: boolean): Promise<PhoneResult> {
    if (on) this.part(callId);
    return this.#with(callId, (call) => call.hold(on));
  }

  mute(callId: string, on: boolean): PhoneResult {
    return this.#calls.get(callId)?.mute(on) ?? fail('noSuchCall', 'mute');
  }

  sendDigits(callId: string, digits: string): PhoneResult {
    return this.#calls.get(callId)?.sendDigits(digits) ?? fail('noSuchCall', 'digits');
  }

  transfer(callId: string, target: string): Promise<PhoneResult> {
    const uri = this.#running === null ? null : this.#uriOf(target, this.#running);
    if (uri === null) return Promise.resolve(fail('badTarget', 'neither a number nor an address'));
    return this.#with(callId, (call) => call.transfer(uri));
  }

  complete(callId: string, consultId: string): Promise<PhoneResult> {
    const consult = this.#calls.get(consultId);
    if (consult === undefined) return Promise.resolve(fail('noSuchCall', consultId));
    this.part(callId);
    return this.#with(callId, (call) => call.complete(consult));
  }

  async join(callId: string, otherId: string, withAgent: boolean): Promise<PhoneResult> {
    const [one, other] = [this.#calls.get(callId), this.#calls.get(otherId)];
    if (one?.live !== true || other?.live !== true) return fail('wrongState', 'join');
    for (const id of [callId, otherId]) this.part(id);
    this.#joined.push([one, other]);
    const results = await Promise.all([
      one.join({ others: [other.media], withAgent }),
      other.join({ others: [one.media], withAgent }),
    ]);
    const failed = results.find((result) => !result.ok);
    if (failed !== undefined) this.part(callId);
    return failed ?? { ok: true };
  }

  part(callId: string): PhoneResult {
    const at = this.#joined.findIndex((pair) => pair.some((call) => call.id === callId));
    const [pair] = at < 0 ? [] : this.#joined.splice(at, 1);
    for (const call of pair ?? []) call.media.join(null);
    return { ok: true };
  }

  useDevices(devices: AudioDevices): void {
    this.#devices = { microphone: devices.microphone, speaker: devices.speaker };
    for (const call of this.#calls.values()) call.media.useDevices(this.#devices);
  }

  watchLine(target: string, events: LineEvents, listener: (report: LineReport) => void): () => void {
    const running = this.#running;
    const uri = running === null ? null : this.#uriOf(target, running);
    if (running === null || uri === null) {
      queueMicrotask(() => listener({ kind: 'over', status: running === null ? null : 484, retryAfterSeconds: null }));
      return () => undefined;
    }
    const subscription = watchLine(running.agent, uri, events, listener);
    return () => subscription.stop(running.transport.isConnected());
  }

  /** What is heard of a call's far end, for measuring and mixing; null before there is any. */
  remoteStream(callId: string): MediaStream | null {
    return this.#calls.get(callId)?.media.remoteStream ?? null;
  }

  #onInvite(invitation: Invitation): void {
    const running = this.#running;
    if (running === null || invitation.userAgent !== running.agent) return void invitation.reject({ statusCode: 480 });
    const { request } = invitation;
    const { headers } = running.account;
    const replaced = [...this.#calls.values()].find((one) => one.session === invitation.replacee);
    if (replaced?.live === true) return void this.#replace(replaced, invitation, running);
    const call = this.#adopt(invitation, running);
    this.#emit({
      type: 'incoming',
      callId: call.id,
      remote: remotePartyOf(request.getHeaders('P-Asserted-Identity'), request.getHeader('From') ?? ''),
      line: textHeader(request.getHeader(headers.line)),
      waitedSeconds: secondsHeader(request.getHeader(headers.waitedSeconds)),
      receivedAt: running.transport.lastReceivedAt,
    });
    setTimeout(() => call.media.prepare());
  }

  /** Somebody takes the place of a far end (RFC 3891): for the agent it is the same call, with another party. SIP.js ends the old one. */
  async #replace(old: SipCall, invitation: Invitation, running: Running): Promise<void> {
    const { held } = old;
    old.giveWay();
    const call = this.#adopt(invitation, running, old.id);
    const result = await call.answer();
    if (!result.ok) return this.#emit({ type: 'ended', callId: call.id, reason: 'lost', status: null });
    const { request } = invitation;
    this.#emit({
      type: 'remote',
      callId: call.id,
      remote: remotePartyOf(request.getHeaders('P-Asserted-Identity'), request.getHeader('From') ?? ''),
    });
    if (held) await call.hold(true);
  }

  #adopt(session: Session, running: Running, id: string = crypto.randomUUID()): SipCall {
    const call = new SipCall(id, session, this.#mediaOf(session), {
      connected: () => running.transport.isConnected(),
      emit: (event) => {
        if (event.type === 'ended') this.part(event.callId);
        this.#emit(event);
      },
      dtmf: running.account.dtmf,
      log: this.#ports.log,
      over: (over) => {
        if (this.#calls.get(over.id) === over) this.#calls.delete(over.id);
      },
    });
    this.#calls.set(call.id, call);
    return call;
  }

  #mediaOf(session: Session, quiet = false): CallMedia {
    let media = this.#media.get(session);
    if (media === undefined) {
      media = new CallMedia({
        iceGatheringTimeoutMs: this.#running?.account.iceGatheringTimeoutMs ?? 500,
        constraints: this.#ports.constraints ?? {},
        devices: this.#devices,
        music: this.#running?.account.hold === 'client',
        quiet,
      });
      this.#media.set(session, media);
    }
    return media;
  }

  #refreshCalls(): void {
    for (const call of this.#calls.values()) {
      call.refresh().catch((error: unknown) => this.#ports.log('warn', 'call.refresh', String(error)));
    }
  }

  #uriOf(target: string, running: Running): URI | null {
    const parsed = sipTarget(target, running.domain);
    return parsed.ok ? (UserAgent.makeURI(parsed.uri) ?? null) : null;
  }

  #with(callId: string, action: (call: SipCall) => Promise<PhoneResult>): Promise<PhoneResult> {
    const call = this.#calls.get(callId);
    return call === undefined ? Promise.resolve(fail('noSuchCall', callId)) : action(call);
  }

  #emit(event: PhoneEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  async #end(running: Running): Promise<void> {
    // Synchronously: when the window closes there is no later.
    const calls = [...this.#calls.values()];
    for (const call of calls) call.abandon();
    await running.registration.stop();
    if (running.agent.state === UserAgentState.Started) await running.agent.stop();
    for (const call of calls) this.#calls.delete(call.id);
  }
}
