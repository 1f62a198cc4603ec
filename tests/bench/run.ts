/** `npm run bench -- NAME [--json] [--people N] [--count N] [--seed N]`: runs tests/bench/NAME.ts. */
import { readdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Bench, BenchReport } from '../lib/bench.ts';
import { releaseAll } from '../lab/process.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    people: { type: 'string' },
    count: { type: 'string' },
    seed: { type: 'string', default: '1' },
  },
});

const names = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && entry.name !== 'run.ts')
  .map((entry) => entry.name.slice(0, -3));
const name = positionals[0];
if (name === undefined || !names.includes(name)) {
  console.error(`usage: npm run bench -- NAME [--json] [--people N] [--count N] [--seed N]   NAME: ${names.join(', ')}`);
  process.exit(2);
}

function print({ figures, peers, notes }: BenchReport): void {
  const rows = Object.entries({ [name!]: figures, ...peers });
  for (const [who, row] of rows) {
    console.log(
      `${who}: ${Object.entries(row)
        .map(([key, value]) => `${key} ${value}`)
        .join('  ')}`,
    );
  }
  for (const note of notes ?? []) console.log(`  ${note}`);
}

const { bench } = (await import(`./${name}.ts`)) as { bench: Bench };
try {
  const report = await bench({
    seed: Number(values.seed),
    // Progress never gets between a program and the one line that it reads.
    say: (line) => console.error(line),
    ...(values.people === undefined ? {} : { people: Number(values.people) }),
    ...(values.count === undefined ? {} : { count: Number(values.count) }),
  });
  print(report);
  if (values.json)
    console.log(JSON.stringify({ bench: name, ...report.figures, ...(report.peers ? { peers: report.peers } : {}) }));
} finally {
  await releaseAll();
}
process.exit();
