import type { BodyAndContentType, SessionDescriptionHandler } from 'sip.js';
import { outputDeviceId } from '../devices.ts';
import type { AudioDevices } from '../phone.ts';
import { openMicrophone } from './microphone.ts';

export interface MediaOptions {
  readonly iceGatheringTimeoutMs: number;
  readonly constraints: MediaTrackConstraints;
  readonly devices: AudioDevices;
}

/** Candidates of one machine come together; when none has come for so long (ms), the offer need not wait for the slow TCP ones. */
const ICE_QUIET = 20;
/** RFC 4733 digits, in ms. */
const DIGIT = 120;
const GAP = 70;

/**
 * One call's audio: microphone, peer connection, loudspeaker; what SIP.js asks for session descriptions. The microphone is heard at the
 * far end only while the call is neither muted nor on hold: `enabled` false sends silence, whatever the far end agreed to.
 */
export class CallMedia implements SessionDescriptionHandler {
  /** The path to the far end is gone and did not come back by itself. */
  onFailed: (() => void) | undefined;

  readonly #options: MediaOptions;
  #made: RTCPeerConnection | null = null;
  readonly #player = new Audio();
  #devices: AudioDevices;
  #microphone: MediaStreamTrack | null = null;
  #held = false;
  #muted = false;
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
    if (this.#microphone !== null) return true;
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
    if (devices.microphone !== before.microphone && this.#microphone !== null) void this.#reopen();
  }

  hold(on: boolean): void {
    this.#held = on;
    this.#player.muted = on;
    this.#apply();
  }

  mute(on: boolean): void {
    this.#muted = on;
    this.#apply();
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
    if (this.#microphone === null) throw new Error('no microphone');
    if (peer.getSenders().every((sender) => sender.track === null)) peer.addTrack(this.#microphone);
    for (const transceiver of peer.getTransceivers()) transceiver.direction = this.#held ? 'sendonly' : 'sendrecv';
    const answering = this.#answering;
    const round = this.#round;
    try {
      await peer.setLocalDescription(answering ? await peer.createAnswer() : await this.#createOffer());
      await this.#gathered();
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
    this.#microphone?.stop();
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

  #gathered(): Promise<void> {
    const peer = this.#peer;
    if (peer.iceGatheringState === 'complete') return Promise.resolve();
    return new Promise((resolve) => {
      let quiet: ReturnType<typeof setTimeout> | undefined;
      const done = () => {
        clearTimeout(late);
        clearTimeout(quiet);
        peer.removeEventListener('icegatheringstatechange', onState);
        peer.removeEventListener('icecandidate', onCandidate);
        resolve();
      };
      const onState = () => {
        if (peer.iceGatheringState === 'complete') done();
      };
      const onCandidate = () => {
        clearTimeout(quiet);
        quiet = setTimeout(done, ICE_QUIET);
      };
      const late = setTimeout(done, this.#options.iceGatheringTimeoutMs);
      peer.addEventListener('icegatheringstatechange', onState);
      peer.addEventListener('icecandidate', onCandidate);
    });
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
    this.#microphone = track;
    this.#apply();
    // Unplugged: go on with whatever there is now.
    track.addEventListener('ended', () => {
      if (track === this.#microphone && !this.#closed) void this.#reopen();
    });
  }

  async #reopen(): Promise<void> {
    const track = await openMicrophone(this.#devices.microphone, this.#options.constraints);
    if (track === null) return;
    if (this.#closed) return track.stop();
    const old = this.#microphone;
    this.#take(track);
    await this.#made
      ?.getSenders()
      .find((sender) => sender.track === old)
      ?.replaceTrack(track);
    old?.stop();
  }

  #apply(): void {
    if (this.#microphone !== null) this.#microphone.enabled = !this.#muted && !this.#held;
  }

  #route(): void {
    outputDeviceId(this.#devices.speaker)
      .then((id) => this.#player.setSinkId(id))
      .catch(() => undefined);
  }
}
