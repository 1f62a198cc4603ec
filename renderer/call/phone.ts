/**
 * The Phone port: what the call controller needs of a telephone, whatever speaks SIP behind it. It imports nothing; the only
 * implementation that talks to a network lives in sip/.
 */

/** The other side, as the signalling names it. */
export interface RemoteParty {
  /** The user part of the identity (a number, mostly); null: withheld. */
  readonly number: string | null;
  readonly name: string | null;
}

/** offline: no connection · connecting: socket or REGISTER under way · registered: calls can come · refused: the server says no. */
export type LineState =
  | { readonly kind: 'offline'; readonly since: number }
  | { readonly kind: 'connecting'; readonly since: number }
  | { readonly kind: 'registered'; readonly since: number }
  | { readonly kind: 'refused'; readonly since: number; readonly status: number };

/** Why a call is over. */
export type EndReason =
  | 'hungUp' // by this agent
  | 'remoteHungUp'
  | 'rejected' // by this agent
  | 'missed' // the caller gave up
  | 'answeredElsewhere'
  | 'busy'
  | 'refused' // the other side said no
  | 'noAnswer'
  | 'notFound'
  | 'transferred'
  | 'lost' // media or signalling died
  | 'noMicrophone'
  | 'failed';

export type PhoneEvent =
  | { readonly type: 'line'; readonly state: LineState }
  | {
      readonly type: 'incoming';
      readonly callId: string;
      readonly remote: RemoteParty;
      /** The service line that was called, and how long the caller waited: from the configured headers. */
      readonly line: string | null;
      readonly waitedSeconds: number | null;
      /** performance.now() when the INVITE left the socket. */
      readonly receivedAt: number;
    }
  | { readonly type: 'ringing'; readonly callId: string } // the far end of an outgoing call rings
  | { readonly type: 'established'; readonly callId: string }
  | { readonly type: 'hold'; readonly callId: string; readonly on: boolean }
  | { readonly type: 'mute'; readonly callId: string; readonly on: boolean }
  | { readonly type: 'remote'; readonly callId: string; readonly remote: RemoteParty }
  | { readonly type: 'transfer'; readonly callId: string; readonly progress: TransferProgress }
  | { readonly type: 'ended'; readonly callId: string; readonly reason: EndReason; readonly status: number | null };

/** requested: REFER accepted · ringing: the target rings · done: the target answered · refused: the caller is still ours. */
export type TransferProgress =
  | { readonly kind: 'requested' }
  | { readonly kind: 'ringing' }
  | { readonly kind: 'done' }
  | { readonly kind: 'refused'; readonly status: number | null };

/** What an action came to. `reason` is for the log: it holds no personal data. */
export type PhoneResult = { readonly ok: true } | PhoneFailure;
export interface PhoneFailure {
  readonly ok: false;
  readonly code: PhoneFault;
  readonly reason: string;
}
export type PhoneFault = 'noMicrophone' | 'noSuchCall' | 'wrongState' | 'notRegistered' | 'badTarget' | 'refused' | 'failed';

export interface PhoneAccount {
  readonly uri: string;
  readonly displayName: string;
  readonly authorizationUser: string;
  readonly password: string;
  readonly servers: readonly string[];
  readonly registerExpiresSeconds: number;
  readonly iceGatheringTimeoutMs: number;
  readonly headers: { readonly line: string; readonly waitedSeconds: string };
  /** Who plays to a caller on hold: this telephone, or the exchange by itself. */
  readonly hold: 'client' | 'exchange';
  /** How digits go: in the sound (RFC 4733), or by INFO (application/dtmf-relay). */
  readonly dtmf: 'rfc4733' | 'info';
}

/** Which devices to use, by label; empty: the system's own. One that is not there now falls back to the system's own. */
export interface AudioDevices {
  readonly microphone: string;
  readonly speaker: string;
}

export interface Phone {
  /** Connects and registers, and goes on trying until `stop`. */
  start(account: PhoneAccount): void;
  /** Unregisters, ends what is left and closes the socket. */
  stop(): Promise<void>;
  /**
   * Calls a number or a SIP address; the call's id is known at once. When `done` fails, no event has come and none will.
   * `quiet`: nothing is said and nothing heard in it until it is joined with another.
   */
  dial(
    target: string,
    options?: { readonly quiet?: boolean },
  ): { readonly ok: true; readonly callId: string; readonly done: Promise<PhoneResult> } | PhoneFailure;
  /** Without a microphone the call goes on ringing and the result says `noMicrophone`. */
  answer(callId: string): Promise<PhoneResult>;
  reject(callId: string): Promise<PhoneResult>;
  /** Ends a call in whatever state: BYE, CANCEL or a refusal. */
  hangUp(callId: string): Promise<PhoneResult>;
  /** Music, or silence, takes the microphone's place at once; the far end is told by re-INVITE (RFC 3264 §8.4). */
  hold(callId: string, on: boolean): Promise<PhoneResult>;
  mute(callId: string, on: boolean): PhoneResult;
  /** Digits: 0-9 * # A-D. */
  sendDigits(callId: string, digits: string): PhoneResult;
  /** Blind transfer (RFC 5589 §6): progress comes as events; the call ends as `transferred` when the target answered. */
  transfer(callId: string, target: string): Promise<PhoneResult>;
  /**
   * Attended transfer (RFC 5589 §7): `callId`'s far end takes our place in `consultId` (RFC 3891). Progress comes as events of `callId`:
   * `done` only when a final NOTIFY and the end of one of the two calls have both been seen, and then both end as `transferred`;
   * `refused` leaves both as they are. Fails with `refused` when one of the far ends cannot do it.
   */
  complete(callId: string, consultId: string): Promise<PhoneResult>;
  /**
   * Two calls hear each other, mixed here; `withAgent`: and the agent hears and is heard by both (a conference). Both are taken off hold.
   * It lasts until one of them ends, is put on hold, or `part`.
   */
  join(callId: string, otherId: string, withAgent: boolean): Promise<PhoneResult>;
  /** Takes a conference apart: each of the two hears the agent alone. */
  part(callId: string): PhoneResult;
  /** Takes effect at once, in live calls too. */
  useDevices(devices: AudioDevices): void;
  /** Listens until the returned function is called. */
  on(listener: (event: PhoneEvent) => void): () => void;
}

/** What is asked about a colleague's line: the calls on it (RFC 4235), or its owner's presence (RFC 3856). */
export type LineEvents = 'dialog' | 'presence';

/** unknown: nothing has been said about the line. It is never taken for free without that. */
export type LineUse = 'free' | 'ringing' | 'onPhone' | 'unknown';

export type LineReport =
  | { readonly kind: 'use'; readonly use: LineUse }
  /** Nothing more comes. `status`: the refusal's (RFC 3261 §21); null: it ended, or the connection did. */
  | { readonly kind: 'over'; readonly status: number | null; readonly retryAfterSeconds: number | null };

/** The second port of a telephone: what it hears about others' lines. */
export interface LineWatcher {
  /** Subscribes to a line until the returned function is called; `listener` hears each state, and once the end. */
  watchLine(target: string, events: LineEvents, listener: (report: LineReport) => void): () => void;
}
