/** What a window hears: an ear in the page listens to the remote track, and a Goertzel filter here tells the tones apart. */
import type { Page } from 'playwright-core';

interface EarWindow extends Window {
  sambandEar?: { analyser: AnalyserNode | null; tracks: number };
}

/**
 * Runs in the page, before a call: listens along on every remote track, and leaves tones in the microphone alone (the browser's
 * noise suppression takes a steady tone for noise; speech passes).
 */
function growEar(): void {
  const view = window as EarWindow;
  // An empty page has no microphone to give.
  if (view.sambandEar || !('mediaDevices' in navigator)) return;
  const ear: { analyser: AnalyserNode | null; tracks: number } = { analyser: null, tracks: 0 };
  view.sambandEar = ear;
  const context = new AudioContext();

  const listen = (event: RTCTrackEvent) => {
    if (event.track.kind !== 'audio') return;
    const analyser = context.createAnalyser();
    analyser.fftSize = 16_384;
    context.createMediaStreamSource(new MediaStream([event.track])).connect(analyser);
    ear.analyser = analyser;
    ear.tracks += 1;
  };
  const Original = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Original {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      this.addEventListener('track', listen);
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

/** What the page heard in the last third of a second: the share of each frequency, and the loudness (RMS, 1 is full scale). */
export async function heard(
  page: Page,
  frequencies: readonly number[],
): Promise<{ readonly rms: number; readonly shares: Readonly<Record<number, number>> }> {
  const { samples, rate } = await page.evaluate(() => {
    const analyser = (window as EarWindow).sambandEar?.analyser;
    if (!analyser) return { samples: [], rate: 48_000 };
    const buffer = new Float32Array(analyser.fftSize);
    analyser.getFloatTimeDomainData(buffer);
    return { samples: [...buffer], rate: analyser.context.sampleRate };
  });
  const rms = samples.length === 0 ? 0 : Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
  return { rms, shares: Object.fromEntries(frequencies.map((frequency) => [frequency, toneShare(samples, rate, frequency)])) };
}
