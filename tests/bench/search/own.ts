/** A process of its own: our search on a stored copy. `node own.ts FOLDER KEYSTROKES-FILE`; prints figures as one line of JSON. */
import { readFileSync } from 'node:fs';
import shipped from '../../../resources/synonyms.json' with { type: 'json' };
import { openInFolder } from '../../../main/db/open.ts';
import { peopleQueries } from '../../../main/db/queries/people.ts';
import { key } from '../../database/support.ts';
import { latencies } from '../../lib/bench.ts';
import { collect, figuresOf, inUse, measure, residentMb, rounded } from './measure.ts';

const ROUNDS = 3;
const LIMIT = 20;
const [folder = '', file = ''] = process.argv.slice(2);
const { warming, typed } = JSON.parse(readFileSync(file, 'utf8')) as { warming: string[]; typed: string[] };
const now = new Date().toISOString();

const opened = openInFolder(folder, key, new Date());
if (!opened.ok) throw new Error(opened.error.message);
const { database, outboxExport } = opened.value;
collect();
const before = inUse();
const steps: number[] = [];
for (let done = false; !done;) {
  const start = performance.now();
  done = peopleQueries['people.warm'](database, { rows: 500 });
  steps.push(performance.now() - start);
}
peopleQueries['people.synonyms'](database, shipped);
const search = (query: string) => peopleQueries['people.search'](database, { query, limit: LIMIT, now, line: null });
// The compiler's warming up is the start's cost, not a keystroke's.
measure(warming, 1, search);
const samples = measure(typed, ROUNDS, search);
collect();
const figures = {
  ...figuresOf(samples),
  rss_mb: rounded(residentMb()),
  index_mb: rounded(inUse() - before),
  keystrokes: samples.first.length,
  warm_ms: rounded(steps.reduce((sum, step) => sum + step, 0)),
  warm_step_max_ms: latencies(steps).max_ms,
};
const slowest = typed
  .map((query, i) => ({ query, least: samples.least[i] ?? 0 }))
  .toSorted((a, b) => b.least - a.least)
  .slice(0, 12);
console.error(`slowest: ${slowest.map(({ query, least }) => `${query} ${rounded(least)}`).join(' · ')}`);
database.close();
outboxExport.close();
console.log(JSON.stringify(figures));
