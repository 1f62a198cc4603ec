import { mixedTrack, musicTrack, type MadeTrack } from './sound.ts';

/** What a call's far end can be given to hear. */
type Kind = 'microphone' | 'music' | 'mix';

/**
 * What the far end of one call hears: on hold music or silence; joined with another call, that one (and the agent, in a conference);
 * else the microphone, unless the call is muted or quiet. The microphone is shut at once and by itself (`enabled`), before any other
 * track takes its place: it is never heard by somebody who is on hold.
 */
export class Outgoing {
  readonly #music: boolean;
  #microphone: MediaStreamTrack | null = null;
  #sender: RTCRtpSender | null = null;
  /** What the sender was told last: what it has follows a moment later. */
  #sent: MediaStreamTrack | null = null;
  #held = false;
  #muted = false;
  #quiet: boolean;
  #joined: { readonly others: readonly MediaStreamTrack[]; readonly withAgent: boolean } | null = null;
  #kind: Kind = 'microphone';
  #made: MadeTrack | null = null;

  /** `music`: what a caller on hold hears; else silence. */
  constructor(options: { readonly music: boolean; readonly quiet: boolean }) {
    this.#music = options.music;
    this.#quiet = options.quiet;
  }

  get microphone(): MediaStreamTrack | null {
    return this.#microphone;
  }

  /** The microphone, for the first time or another one. The old one is its owner's to stop. */
  take(microphone: MediaStreamTrack): void {
    this.#microphone = microphone;
    this.#apply(true);
  }

  /** Where the sound goes, once there is a connection. */
  attach(sender: RTCRtpSender): void {
    this.#sender = sender;
    this.#sent = sender.track;
    this.#apply(true);
  }

  hold(on: boolean): void {
    this.#held = on;
    this.#apply();
  }

  mute(on: boolean): void {
    this.#muted = on;
    this.#apply();
  }

  quiet(on: boolean): void {
    this.#quiet = on;
    this.#apply();
  }

  /** `null`: no longer joined with anybody. */
  join(joined: { readonly others: readonly MediaStreamTrack[]; readonly withAgent: boolean } | null): void {
    this.#joined = joined;
    this.#apply(true);
  }

  close(): void {
    this.#microphone?.stop();
    this.#made?.stop();
    this.#made = null;
  }

  /** `again`: what is made of tracks has to be made anew. */
  #apply(again = false): void {
    const microphone = this.#microphone;
    if (microphone === null) return;
    const joined = this.#held ? null : this.#joined;
    const open = joined === null ? !this.#held && !this.#quiet : joined.withAgent;
    microphone.enabled = open && !this.#muted;
    const kind: Kind = joined !== null ? 'mix' : this.#held && this.#music ? 'music' : 'microphone';
    if (kind === this.#kind && !again) return;
    if (kind !== 'music' || this.#kind !== 'music') {
      this.#made?.stop();
      this.#made =
        kind === 'music'
          ? musicTrack()
          : joined !== null
            ? mixedTrack([...joined.others, ...(joined.withAgent ? [microphone] : [])])
            : null;
    }
    this.#kind = kind;
    const track = this.#made?.track ?? microphone;
    if (this.#sender === null || this.#sent === track) return;
    this.#sent = track;
    // Refused only when the connection is closed, and then there is nobody to hear it.
    this.#sender.replaceTrack(track).catch(() => undefined);
  }
}
