/** What a window hears: an ear in the page listens to the remote track, and a Goertzel filter here tells the tones apart. */
import type { Page } from 'playwright-core';

interface Ear {
  /** Tracks from the far ends, each with what it sounds like. */
  readonly tracks: Map<MediaStreamTrack, AnalyserNode>;
  /** What plays them to the agent. */
  readonly players: Set<HTMLMediaElement>;
}

interface EarWindow extends Window {
  sambandEar?: Ear;
}

/**
 * Runs in the page, before a call: listens along to what the loudspeaker plays of the far ends, and leaves tones in the microphone alone
 * (the browser's noise suppression takes a steady tone for noise; speech passes).
 */
function growEar(): void {
  const view = window as EarWindow;
  // An empty page has no microphone to give.
  if (view.sambandEar || !('mediaDevices' in navigator)) return;
  const ear: Ear = { tracks: new Map(), players: new Set() };
  view.sambandEar = ear;
  const context = new AudioContext();

  const listen = (event: RTCTrackEvent) => {
    if (event.track.kind !== 'audio' || ear.tracks.has(event.track)) return;
    const analyser = context.createAnalyser();
    analyser.fftSize = 16_384;
    context.createMediaStreamSource(new MediaStream([event.track])).connect(analyser);
    ear.tracks.set(event.track, analyser);
    event.track.addEventListener('ended', () => ear.tracks.delete(event.track));
  };
  const Original = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Original {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      this.addEventListener('track', listen);
    }
  };
  const Player = window.Audio;
  window.Audio = class extends Player {
    constructor(source?: string) {
      super(source);
      ear.players.add(this);
    }
  };

  const original = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = (constraints) => {
    const audio = typeof constraints?.audio === 'object' ? constraints.audio : {};
    return original({
      ...constraints,
      audio: { ...audio, echoCancellation: false, noiseSuppression: false, autoGainControl: false },
    });
  };
}

/** Gives the page its ear, now and after each load. Call it before the first call. */
export async function addEar(page: Page): Promise<void> {
  await page.addInitScript(growEar);
  await page.evaluate(growEar);
}

/** The power of one frequency in the samples, relative to their whole power: a pure tone gives about 1, anything else about 0. */
export function toneShare(samples: readonly number[], sampleRate: number, frequency: number): number {
  const omega = (2 * Math.PI * frequency) / sampleRate;
  const coefficient = 2 * Math.cos(omega);
  let before = 0;
  let last = 0;
  let power = 0;
  for (const sample of samples) {
    const next = sample + coefficient * last - before;
    before = last;
    last = next;
    power += sample * sample;
  }
  if (power === 0) return 0;
  const magnitude = last * last + before * before - coefficient * last * before;
  return (2 * magnitude) / (samples.length * power);
}

/**
 * What the agent heard in the last third of a second, of all calls together: the share of each frequency, and the loudness (RMS, 1 is
 * full scale). A player that is muted is not heard.
 */
export async function heard(
  page: Page,
  frequencies: readonly number[],
): Promise<{ readonly rms: number; readonly shares: Readonly<Record<number, number>> }> {
  const { samples, rate } = await page.evaluate(() => {
    const ear = (window as EarWindow).sambandEar;
    let sum: Float32Array | null = null;
    let sampleRate = 48_000;
    for (const player of ear?.players ?? []) {
      const stream = player.srcObject;
      if (player.muted || player.paused || !(stream instanceof MediaStream)) continue;
      for (const track of stream.getTracks()) {
        const analyser = ear?.tracks.get(track);
        if (analyser === undefined) continue;
        const buffer = new Float32Array(analyser.fftSize);
        analyser.getFloatTimeDomainData(buffer);
        sampleRate = analyser.context.sampleRate;
        sum = sum === null ? buffer : sum.map((value, at) => value + (buffer[at] ?? 0));
      }
    }
    return { samples: sum === null ? [] : [...sum], rate: sampleRate };
  });
  const rms = samples.length === 0 ? 0 : Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
  return { rms, shares: Object.fromEntries(frequencies.map((frequency) => [frequency, toneShare(samples, rate, frequency)])) };
}
