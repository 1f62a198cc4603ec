// Makes the demo's voices again: needs espeak-ng and sox. The results are committed; nobody needs to run this to use the demo.
// Each file is raw G.711 µ-law, 8,000 samples a second, one channel: what goes into PCMU packets as it is.
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = dirname(fileURLToPath(import.meta.url));
/** @type {Record<string, { voice: string, speed: number, pitch: number, text: string }>} */
const phrases = JSON.parse(readFileSync(join(folder, 'phrases.json'), 'utf8'));
let total = 0;
for (const [name, { voice, speed, pitch, text }] of Object.entries(phrases)) {
  const wave = join(tmpdir(), `samband-${process.pid}-${name}.wav`);
  const out = join(folder, `${name}.ulaw`);
  execFileSync('espeak-ng', ['-v', voice, '-s', String(speed), '-p', String(pitch), '-w', wave, text]);
  // As a telephone hears it: 300 to 3,400 Hz, levelled, with a breath of silence before and after.
  execFileSync('sox', [
    wave,
    '-t',
    'raw',
    '-e',
    'mu-law',
    '-b',
    '8',
    '-r',
    '8000',
    '-c',
    '1',
    out,
    'gain',
    '-6',
    'highpass',
    '250',
    'lowpass',
    '3400',
    'norm',
    '-4',
    'pad',
    '0.15',
    '0.25',
  ]);
  rmSync(wave);
  total += statSync(out).size;
  process.stdout.write(`${name}: ${(statSync(out).size / 8000).toFixed(1)} s\n`);
}
process.stdout.write(`${(total / 1024).toFixed(0)} KiB\n`);
