import type { BodyAndContentType, SessionDescriptionHandler } from 'sip.js';
import { outputDeviceId } from '../devices.ts';
import type { AudioDevices } from '../phone.ts';
import { gathered } from './gather.ts';
import { openMicrophone } from './microphone.ts';
import { Outgoing } from './outgoing.ts';

export interface MediaOptions {
  readonly iceGatheringTimeoutMs: number;
  readonly constraints: MediaTrackConstraints;
  readonly devices: AudioDevices;
  /** Whether a caller on hold hears music from here. */
  readonly music: boolean;
  /** Nothing is said and nothing heard until the call is joined with another. */
  readonly quiet: boolean;
}

/** RFC 4733 digits, in ms. */
const DIGIT = 120;
const GAP = 70;

/**
 * One call's audio: microphone, peer connection, loudspeaker; what SIP.js asks for session descriptions. What the far end hears is
 * outgoing.ts's, whatever the far end agreed to.
 */
export class CallMedia implements SessionDescriptionHandler {
  /** The path to the far end is gone and did not come back by itself. */
  onFailed: (() => void) | undefined;

  readonly #options: MediaOptions;
  #made: RTCPeerConnection | null = null;
  readonly #player = new Audio();
  #devices: AudioDevices;
  readonly #outgoing: Outgoing;
  #held = false;
  #quiet: boolean;
  /** Joined with another call, without the agent. */
  #away = false;
  #restartIce = false;
  #closed = false;
  /** An offer of ours is with the far end. */
  #offerOut = false;
  #answering = false;
  /** Counts what came from the far end, to notice what came while an offer was being made. */
  #round = 0;

  constructor(options: MediaOptions) {
    this.#options = options;
    this.#devices = options.devices;
    this.#quiet = options.quiet;
    this.#outgoing = new Outgoing(options);
    this.#listen();
    this.#route();
  }

  /** Does beforehand what takes time and needs no microphone, so that the answer is quick. */
  prepare(): void {
    if (!this.#closed) void this.#peer;
  }

  /** What is heard of the far end, for measuring and mixing. */
  get remoteStream(): MediaStream | null {
    return this.#player.srcObject instanceof MediaStream ? this.#player.srcObject : null;
  }

  /** Takes the microphone; false: there is none. Before that no description can be made. */
  async openMicrophone(): Promise<boolean> {
    if (this.#outgoing.microphone !== null) return true;
    const track = await openMicrophone(this.#devices.microphone, this.#options.constraints);
    if (track === null) return false;
    if (this.#closed) {
      track.stop();
      return false;
    }
    this.#take(track);
    return true;
  }

  useDevices(devices: AudioDevices): void {
    const before = this.#devices;
    this.#devices = devices;
    if (devices.speaker !== before.speaker) this.#route();
    if (devices.microphone !== before.microphone && this.#outgoing.microphone !== null) void this.#reopen();
  }

  hold(on: boolean): void {
    this.#held = on;
    this.#outgoing.hold(on);
    this.#listen();
  }

  mute(on: boolean): void {
    this.#outgoing.mute(on);
  }

  /** Nothing is said and nothing heard, while the far end need not know of it. */
  quiet(on: boolean): void {
    this.#quiet = on;
    this.#outgoing.quiet(on);
    this.#listen();
  }

  /** The far end hears other calls' far ends, and the agent or not; `null`: the agent alone again. */
  join(joined: { readonly others: readonly CallMedia[]; readonly withAgent: boolean } | null): void {
    this.#away = joined !== null && !joined.withAgent;
    if (joined !== null) this.#quiet = false;
    this.#outgoing.join(
      joined === null ? null : { others: joined.others.flatMap((other) => other.#remote ?? []), withAgent: joined.withAgent },
    );
    this.#listen();
  }

  get #remote(): MediaStreamTrack | null {
    return this.#made?.getReceivers()[0]?.track ?? null;
  }

  /** The next offer begins a new search for a path (RFC 8445 §2.4). */
  restartIce(): void {
    this.#restartIce = true;
  }

  /** False: the far end takes no telephone events. */
  sendDtmf(tones: string): boolean {
    const sender = this.#made?.getSenders()[0]?.dtmf;
    if (sender?.canInsertDTMF !== true) return false;
    // What is still waiting goes first.
    sender.insertDTMF(sender.toneBuffer + tones, DIGIT, GAP);
    return true;
  }

  hasDescription(contentType: string): boolean {
    return contentType.toLowerCase() === 'application/sdp';
  }

  /** True while the far end's offer is being answered: no time for one of our own. */
  get answering(): boolean {
    return this.#answering;
  }

  /** The far end's answer when an offer of ours is out, else its offer; an offer that we had not sent yet gives way to it. */
  async setDescription(sdp: string): Promise<void> {
    this.#stillOpen();
    const type = this.#offerOut ? 'answer' : 'offer';
    this.#offerOut = false;
    this.#answering = type === 'offer';
    this.#round++;
    try {
      await this.#peer.setRemoteDescription({ sdp, type });
    } catch (error) {
      this.#answering = false;
      throw error;
    }
  }

  async getDescription(): Promise<BodyAndContentType> {
    this.#stillOpen();
    const peer = this.#peer;
    const { microphone } = this.#outgoing;
    if (microphone === null) throw new Error('no microphone');
    if (peer.getSenders().every((sender) => sender.track === null)) this.#outgoing.attach(peer.addTrack(microphone));
    for (const transceiver of peer.getTransceivers()) transceiver.direction = this.#held ? 'sendonly' : 'sendrecv';
    const answering = this.#answering;
    const round = this.#round;
    try {
      await peer.setLocalDescription(answering ? await peer.createAnswer() : await this.#createOffer());
      await gathered(peer, this.#options.iceGatheringTimeoutMs);
    } finally {
      if (answering) this.#answering = false;
    }
    const body = peer.localDescription?.sdp;
    if (body === undefined || round !== this.#round) throw new Error('the far end asked first');
    this.#offerOut = !answering;
    return { body, contentType: 'application/sdp' };
  }

  /** Our offer was refused, or never sent: what was agreed before holds (RFC 8829 §4.1.10.2). */
  async rollbackDescription(): Promise<void> {
    this.#offerOut = false;
    if (this.#made?.signalingState === 'have-local-offer') await this.#made.setLocalDescription({ type: 'rollback' });
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#outgoing.close();
    this.#made?.close();
    this.#player.pause();
    this.#player.srcObject = null;
  }

  /** Made when it is needed: it takes longer than a ring may. */
  get #peer(): RTCPeerConnection {
    if (this.#made !== null) return this.#made;
    const peer = new RTCPeerConnection({ iceServers: [] });
    peer.addEventListener('track', (event) => {
      this.#player.srcObject = new MediaStream([event.track]);
      this.#player.play().catch(() => undefined);
    });
    peer.addEventListener('connectionstatechange', () => {
      if (peer.connectionState === 'failed') this.onFailed?.();
    });
    this.#made = peer;
    return peer;
  }

  #createOffer(): Promise<RTCSessionDescriptionInit> {
    const iceRestart = this.#restartIce;
    this.#restartIce = false;
    return this.#peer.createOffer({ iceRestart });
  }

  /** SIP.js may still ask while the call is being taken down. */
  #stillOpen(): void {
    if (this.#closed) throw new Error('the call is over');
  }

  #take(track: MediaStreamTrack): void {
    this.#outgoing.take(track);
    // Unplugged: go on with whatever there is now.
    track.addEventListener('ended', () => {
      if (track === this.#outgoing.microphone && !this.#closed) void this.#reopen();
    });
  }

  async #reopen(): Promise<void> {
    const track = await openMicrophone(this.#devices.microphone, this.#options.constraints);
    if (track === null) return;
    if (this.#closed) return track.stop();
    const old = this.#outgoing.microphone;
    this.#take(track);
    old?.stop();
  }

  #listen(): void {
    this.#player.muted = this.#held || this.#quiet || this.#away;
  }

  #route(): void {
    outputDeviceId(this.#devices.speaker)
      .then((id) => this.#player.setSinkId(id))
      .catch(() => undefined);
  }
}
