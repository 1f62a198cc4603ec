/** A process of its own: another search. `node peer.ts NAME PEOPLE SEED KEYSTROKES-FILE`; prints figures as one line of JSON. */
import { readFileSync } from 'node:fs';
import { generatePeople } from '../../../demo/people/index.ts';
import { peers, type PeerName } from '../peers/index.ts';
import { collect, figuresOf, inUse, measure, residentMb, rounded } from './measure.ts';

/** Slow searches are given so long, and then judged by what they got through. */
const SECONDS = 20;
const LIMIT = 20;
const [name = '', count = '', seed = '', file = ''] = process.argv.slice(2);
const { warming, typed } = JSON.parse(readFileSync(file, 'utf8')) as { warming: string[]; typed: string[] };

collect();
const before = inUse();
const search = peers[name as PeerName](generatePeople({ count: Number(count), seed: Number(seed) }), LIMIT);
collect();
const held = inUse() - before;
measure(warming, 1, search, 3);
const samples = measure(typed, 1, search, SECONDS);
console.log(
  JSON.stringify({
    ...figuresOf(samples),
    rss_mb: rounded(residentMb()),
    index_mb: rounded(held),
    keystrokes: samples.first.length,
  }),
);
