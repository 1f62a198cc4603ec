import type { BodyAndContentType, SessionDescriptionHandler } from 'sip.js';
import {
  MediaStreamTrack,
  RTCPeerConnection,
  RTCRtpCodecParameters,
  RTCSessionDescription,
  RtpHeader,
  RtpPacket,
} from 'werift';
import type { Metronome } from './metronome.ts';
import { frameSize, loudness, silence } from './sound.ts';

/** A party that is not on hold sends a packet every 20 ms; after this many milliseconds without any it is gone. */
const silentFor = 6000;
const payload = { pcmu: 0, digits: 101 };

/** Whether the side that sent this description will play what it is sent. */
export function listens(sdp: string): boolean {
  return !/^a=(sendonly|inactive)\s*$/m.test(sdp);
}

/**
 * The sound of one call for a party in Node: G.711 µ-law over WebRTC. It says what it is given to say and silence in between, and
 * measures what it hears. SIP.js drives the descriptions (offer, answer, hold).
 */
export class Media implements SessionDescriptionHandler {
  readonly #pc: RTCPeerConnection;
  readonly #track = new MediaStreamTrack({ kind: 'audio' });
  readonly #stopTicking: () => void;
  readonly #lost = new Set<() => void>();
  #saying: { readonly data: Buffer; at: number; readonly done: (finished: boolean) => void } | null = null;
  #sequence = Math.floor(Math.random() * 30_000);
  #timestamp = Math.floor(Math.random() * 2 ** 31);
  #flowing = false;
  #sending = true;
  #inactive = false;
  #closed = false;
  #packets = 0;
  #loudest = 0;
  #heardAt = 0;

  constructor(metronome: Metronome) {
    this.#pc = new RTCPeerConnection({
      codecs: {
        audio: [
          new RTCRtpCodecParameters({ mimeType: 'audio/PCMU', clockRate: 8000, channels: 1, payloadType: payload.pcmu }),
          new RTCRtpCodecParameters({
            mimeType: 'audio/telephone-event',
            clockRate: 8000,
            channels: 1,
            payloadType: payload.digits,
          }),
        ],
        video: [],
      },
      iceServers: [],
      // Without any network there is the loopback interface still.
      iceAdditionalHostAddresses: ['127.0.0.1'],
      iceUseIpv6: false,
    });
    this.#pc.onTrack.subscribe((track) => {
      track.onReceiveRtp.subscribe(({ header, payload: bytes }) => {
        if (header.payloadType !== payload.pcmu) return;
        this.#packets += 1;
        this.#heardAt = performance.now();
        this.#loudest = Math.max(this.#loudest, loudness(bytes));
      });
    });
    this.#pc.connectionStateChange.subscribe((state) => {
      this.#flowing = state === 'connected';
      this.#heardAt = performance.now();
      if (state === 'failed' || state === 'disconnected') for (const tell of this.#lost) tell();
    });
    this.#stopTicking = metronome.on(() => this.#tick());
  }

  /** Says a phrase. True when it was said to its end, false when the call ended or another phrase took over. */
  say(data: Buffer): Promise<boolean> {
    this.#saying?.done(false);
    if (this.#closed) return Promise.resolve(false);
    return new Promise((done) => {
      this.#saying = { data, at: 0, done };
    });
  }

  /** What has arrived: packets, and the loudest 20 ms (0 to 1). */
  get heard(): { readonly packets: number; readonly loudest: number } {
    return { packets: this.#packets, loudest: this.#loudest };
  }

  /** Hears when the other side's sound is gone for good: its window was closed, its network is down. */
  onLost(listener: () => void): void {
    this.#lost.add(listener);
  }

  async getDescription(): Promise<BodyAndContentType> {
    const offered = this.#pc.signalingState === 'have-remote-offer';
    if (!offered && this.#pc.getTransceivers().length === 0) this.#pc.addTransceiver(this.#track, { direction: 'sendrecv' });
    await this.#pc.setLocalDescription(offered ? await this.#pc.createAnswer() : await this.#pc.createOffer());
    const sdp = this.#pc.localDescription?.sdp ?? '';
    return { body: this.#inactive ? sdp.replace(/^a=recvonly/m, 'a=inactive') : sdp, contentType: 'application/sdp' };
  }

  async setDescription(sdp: string): Promise<void> {
    const type = this.#pc.signalingState === 'have-local-offer' ? 'answer' : 'offer';
    // werift answers an inactive stream by taking it away (port 0), and a browser then drops it for good; as sendonly it is kept.
    this.#inactive = /^a=inactive/m.test(sdp);
    await this.#pc.setRemoteDescription(new RTCSessionDescription(sdp.replace(/^a=inactive/m, 'a=sendonly'), type));
    const transceiver = this.#pc.getTransceivers()[0];
    if (transceiver && transceiver.sender.track !== this.#track) {
      await transceiver.sender.replaceTrack(this.#track);
      transceiver.setDirection('sendrecv');
    }
    this.#sending = listens(sdp);
    this.#heardAt = performance.now();
  }

  hasDescription(contentType: string): boolean {
    return contentType === 'application/sdp';
  }

  sendDtmf(): boolean {
    return false;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#stopTicking();
    this.#saying?.done(false);
    this.#lost.clear();
    this.#pc.close().catch(() => undefined);
  }

  #tick(): void {
    // On hold a phrase waits, as people do; the clock of the stream goes on.
    this.#timestamp = (this.#timestamp + frameSize) >>> 0;
    if (!this.#flowing || !this.#sending) return;
    // ICE consent needs half a minute to run out (RFC 7675); a closed window falls silent at once.
    if (performance.now() - this.#heardAt > silentFor) for (const tell of this.#lost) tell();
    const frame = Buffer.alloc(frameSize, silence);
    const saying = this.#saying;
    if (saying) {
      saying.data.copy(frame, 0, saying.at, saying.at + frameSize);
      saying.at += frameSize;
      if (saying.at >= saying.data.length) {
        this.#saying = null;
        saying.done(true);
      }
    }
    this.#sequence = (this.#sequence + 1) & 0xffff;
    this.#track.writeRtp(
      new RtpPacket(
        new RtpHeader({ payloadType: payload.pcmu, sequenceNumber: this.#sequence, timestamp: this.#timestamp }),
        frame,
      ),
    );
  }
}
