/** Tones and speechless sound files for the parties of a call: each has its own frequency, so that one can tell who hears whom. */
import { writeFileSync } from 'node:fs';
import { toneShare } from './ears.ts';

/** Writes a mono 16-bit wav file with one steady tone. Telephones read 8 kHz; a browser's microphone 48 kHz. */
export function writeToneWav(
  file: string,
  frequency: number,
  options: { readonly seconds: number; readonly rate?: number; readonly level?: number },
): void {
  const rate = options.rate ?? 8000;
  const count = Math.round(options.seconds * rate);
  const data = Buffer.alloc(44 + count * 2);
  data.write('RIFF', 0);
  data.writeUInt32LE(36 + count * 2, 4);
  data.write('WAVEfmt ', 8);
  data.writeUInt32LE(16, 16);
  data.writeUInt16LE(1, 20);
  data.writeUInt16LE(1, 22);
  data.writeUInt32LE(rate, 24);
  data.writeUInt32LE(rate * 2, 28);
  data.writeUInt16LE(2, 32);
  data.writeUInt16LE(16, 34);
  data.write('data', 36);
  data.writeUInt32LE(count * 2, 40);
  const level = (options.level ?? 0.4) * 32_767;
  for (let i = 0; i < count; i++)
    data.writeInt16LE(Math.round(level * Math.sin((2 * Math.PI * frequency * i) / rate)), 44 + i * 2);
  writeFileSync(file, data);
}

export interface Sound {
  /** Loudness, 1 is full scale. */
  readonly rms: number;
  /** Frequency → share of the whole power: about 1 for a pure tone. */
  readonly shares: Readonly<Record<number, number>>;
}

/** What 16-bit samples hold of each frequency. */
export function soundOf(samples: readonly number[], rate: number, frequencies: readonly number[]): Sound {
  const rms = samples.length === 0 ? 0 : Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
  return { rms, shares: Object.fromEntries(frequencies.map((frequency) => [frequency, toneShare(samples, rate, frequency)])) };
}

/** The tone is there, loud enough, and not only a trace of it. */
export function hasTone(sound: Sound, frequency: number): boolean {
  return sound.rms > 0.01 && (sound.shares[frequency] ?? 0) > 0.3;
}

/** Nothing that one could hear of this tone. */
export function lacksTone(sound: Sound, frequency: number): boolean {
  return sound.rms < 0.003 || (sound.shares[frequency] ?? 0) < 0.02;
}
