import { readFileSync } from 'node:fs';

/** Names of the files in demo/sounds. */
export const soundNames = [
  'barnehage',
  'flytting',
  'fagbrev',
  'broyting',
  'hjemmehjelp',
  'avlop',
  'skjult',
  'hallo',
  'hallo-mann',
  'takk',
  'takk-mann',
  'kollega',
  'kollega-barnehage',
] as const;
export type SoundName = (typeof soundNames)[number];

/** 20 ms at 8,000 samples a second. */
export const frameSize = 160;
/** G.711 µ-law's zero. */
export const silence = 0xff;

const loaded = new Map<SoundName, Buffer>();

/** A phrase as raw G.711 µ-law. */
export function sound(name: SoundName): Buffer {
  const known = loaded.get(name);
  if (known) return known;
  const data = readFileSync(new URL(`../sounds/${name}.ulaw`, import.meta.url));
  loaded.set(name, data);
  return data;
}

/** One µ-law byte as a linear sample of 16 bits (ITU-T G.711). */
export function linear(byte: number): number {
  const u = ~byte & 0xff;
  const magnitude = ((((u & 0x0f) << 3) + 0x84) << ((u & 0x70) >> 4)) - 0x84;
  return u & 0x80 ? -magnitude : magnitude;
}

/** How loud some µ-law bytes are: the root of the mean square, 0 to 1. */
export function loudness(bytes: Uint8Array): number {
  if (bytes.length === 0) return 0;
  let sum = 0;
  for (const byte of bytes) sum += linear(byte) ** 2;
  return Math.sqrt(sum / bytes.length) / 32_768;
}
