/**
 * Makes the sounds that ship (`node resources/sounds/make.ts`): two soft bell-like notes in the Norwegian cadence of 1 s sound and
 * 4 s pause, a low double knock for a second call, and the tone that says that a dialled telephone rings. 16 kHz mono, 16 bit: small, and good enough for any headset.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const RATE = 16_000;

/** One struck note: a fundamental with two soft partials that fade, without clicks at either end. */
function strike(samples: Float64Array, atSeconds: number, hertz: number, seconds: number, level: number): void {
  const first = Math.round(atSeconds * RATE);
  const count = Math.round(seconds * RATE);
  for (let i = 0; i < count && first + i < samples.length; i++) {
    const t = i / RATE;
    const envelope = Math.min(1, t / 0.008) * Math.exp((-4 * t) / seconds) * Math.min(1, (count - i) / (0.02 * RATE));
    const wave = Math.sin(2 * Math.PI * hertz * t) + 0.35 * Math.sin(4 * Math.PI * hertz * t) + 0.12 * Math.sin(6 * Math.PI * hertz * t);
    samples[first + i]! += (level * envelope * wave) / 1.47;
  }
}

/** RIFF/WAVE, PCM. */
function wav(samples: Float64Array): Buffer {
  const data = Buffer.alloc(samples.length * 2);
  samples.forEach((value, i) => data.writeInt16LE(Math.round(Math.max(-1, Math.min(1, value)) * 32_767), i * 2));
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + data.length, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(RATE, 24);
  head.writeUInt32LE(RATE * 2, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36);
  head.writeUInt32LE(data.length, 40);
  return Buffer.concat([head, data]);
}

const ring = new Float64Array(5 * RATE);
for (const [at, hertz] of [[0, 659.3], [0.16, 830.6], [0.5, 659.3], [0.66, 830.6]] as const) strike(ring, at, hertz, 0.5, 0.5);

const knock = new Float64Array(4 * RATE);
for (const at of [0, 0.18]) strike(knock, at, 415.3, 0.16, 0.3);

// ETS 300 001's tone as Norway has it: 425 Hz, 1 s on, 4 s off; its edges softened.
const ringback = new Float64Array(5 * RATE);
for (let i = 0; i < RATE; i++) {
  const edge = Math.min(1, i / (0.02 * RATE), (RATE - i) / (0.02 * RATE));
  ringback[i] = 0.12 * edge * Math.sin((2 * Math.PI * 425 * i) / RATE);
}

for (const [name, samples] of [['ring', ring], ['knock', knock], ['ringback', ringback]] as const) {
  writeFileSync(fileURLToPath(new URL(`${name}.wav`, import.meta.url)), wav(samples));
}
