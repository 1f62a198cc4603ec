/**
 * Makes the sounds that ship (`node resources/sounds/make.ts`): two soft bell-like notes in the Norwegian cadence of 1 s sound and
 * 4 s pause, a low double knock for a second call, the tone that says that a dialled telephone rings, and what a caller on hold hears.
 * 16 kHz mono, 16 bit: small, and good enough for any headset; what goes over the telephone needs 8 kHz.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const RATE = 16_000;

/** One struck note: a fundamental with two soft partials that fade, without clicks at either end. */
function strike(samples: Float64Array, atSeconds: number, hertz: number, seconds: number, level: number, rate = RATE): void {
  const first = Math.round(atSeconds * rate);
  const count = Math.round(seconds * rate);
  for (let i = 0; i < count; i++) {
    const t = i / rate;
    const envelope = Math.min(1, t / 0.008) * Math.exp((-4 * t) / seconds) * Math.min(1, (count - i) / (0.02 * rate));
    const wave = Math.sin(2 * Math.PI * hertz * t) + 0.35 * Math.sin(4 * Math.PI * hertz * t) + 0.12 * Math.sin(6 * Math.PI * hertz * t);
    // A loop's last notes fade over its beginning.
    samples[(first + i) % samples.length]! += (level * envelope * wave) / 1.47;
  }
}

/** RIFF/WAVE, PCM. */
function wav(samples: Float64Array, rate: number): Buffer {
  const data = Buffer.alloc(samples.length * 2);
  samples.forEach((value, i) => data.writeInt16LE(Math.round(Math.max(-1, Math.min(1, value)) * 32_767), i * 2));
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + data.length, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(rate * 2, 28);
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

// Broken chords over four bars (D, B minor, G, A), softly: nobody is to be tired of it after five minutes.
const TELEPHONE_RATE = 8000;
const chords = [[293.7, 370, 587.3], [246.9, 293.7, 493.9], [196, 246.9, 392], [220, 277.2, 554.4]] as const;
const beat = 0.375;
const hold = new Float64Array(chords.length * 8 * beat * TELEPHONE_RATE);
chords.forEach(([low, middle, high], bar) => {
  [low, middle, high, middle, low * 2, middle, high, middle].forEach((hertz, at) => {
    strike(hold, (bar * 8 + at) * beat, hertz, 1.4, at === 0 ? 0.22 : 0.14, TELEPHONE_RATE);
  });
});

for (const [name, samples, rate] of [
  ['ring', ring, RATE],
  ['knock', knock, RATE],
  ['ringback', ringback, RATE],
  ['hold', hold, TELEPHONE_RATE],
] as const) {
  writeFileSync(fileURLToPath(new URL(`${name}.wav`, import.meta.url)), wav(samples, rate));
}
