/** `npm run bench -- search [--people N] [--count KEYSTROKES] [--seed N]` */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generatePeople } from '../../demo/people/index.ts';
import { sourcePerson } from '../database/people-samples.ts';
import { key, openOrFail } from '../database/support.ts';
import { scratch } from '../lab/process.ts';
import { latencies, type Bench, type Figures } from '../lib/bench.ts';
import { peers } from './peers/index.ts';
import { keystrokes } from './search/keystrokes.ts';
import { rounded } from './search/measure.ts';

const LIMIT = 20;

/** Runs a script of search/ and takes the figures that it prints. */
async function inProcess(script: string, ...given: string[]): Promise<Figures> {
  const file = join(import.meta.dirname, 'search', script);
  const child = spawn(process.execPath, ['--max-old-space-size=6000', file, ...given], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${script} ${given[0] ?? ''} ended with ${code}.`);
  return JSON.parse(out) as Figures;
}

/** Keystrokes through the search on the app's encrypted database, beside other searches. */
export const bench: Bench = async ({ seed, people: size = 100_000, count = 20_000, say }) => {
  const folder = scratch('bench-search');
  const now = new Date().toISOString();
  say(`making ${size} people`);
  const people = generatePeople({ count: size, seed });
  const typed = keystrokes(people, count, seed + 1);

  say('loading them through the worker');
  const client = await openOrFail(folder, key);
  const load = await client.run('people.begin', null);
  const batches: number[] = [];
  const loading = performance.now();
  for (let at = 0; at < people.length; at += 250) {
    const batch = people.slice(at, at + 250).map(sourcePerson);
    const start = performance.now();
    await client.run('people.stage', { load, people: batch, readAt: now });
    batches.push(performance.now() - start);
  }
  const committing = performance.now();
  await client.run('people.commit', { load, source: 'bench', cursor: null, asOf: now });
  const loaded = performance.now();
  say('typing, through the worker');
  const roundTrips: number[] = [];
  for (const query of typed) {
    const start = performance.now();
    await client.run('people.search', { query, limit: LIMIT, now });
    roundTrips.push(performance.now() - start);
  }
  await client.close();

  const keysFile = join(folder, 'keystrokes.json');
  writeFileSync(keysFile, JSON.stringify({ warming: keystrokes(people, 2000, seed + 2), typed }));
  say('typing, as the worker does, in a process of its own');
  const own = await inProcess('own.ts', folder, keysFile);
  const others: Record<string, Figures> = {};
  for (const name of Object.keys(peers)) {
    say(`typing, in ${name}`);
    others[name] = await inProcess('peer.ts', name, String(size), String(seed), keysFile);
  }
  const fts = others['fts5-bm25']!;
  return {
    figures: {
      ...own,
      people: size,
      roundtrip_p50_ms: latencies(roundTrips).p50_ms,
      roundtrip_p99_ms: latencies(roundTrips).p99_ms,
      load_ms: rounded(loaded - loading),
      load_step_p99_ms: latencies(batches).p99_ms,
      load_step_max_ms: latencies(batches).max_ms,
      commit_ms: rounded(loaded - committing),
      p99_vs_fts5_ratio: rounded(own['p99_ms']! / fts['p99_ms']!),
      max_vs_fts5_ratio: rounded(own['max_ms']! / fts['max_ms']!),
    },
    peers: others,
    notes: [
      `${typed.length} keystrokes, letter by letter, a quarter of the searches with a typing error; ${LIMIT} hits each, ours read from the encrypted database, with what matched; the others answer places in a list.`,
      'Each in a process of its own: rss_mb: all of it; index_mb: what JavaScript holds for the index (FTS5 holds its own beside). A peer types as many keystrokes as twenty seconds allow.',
      'undisturbed: the least of three rounds (peers: of one), for busy machines; ours remembers the answers to single letters from the first round on. roundtrip: from the asking thread.',
    ],
  };
};
