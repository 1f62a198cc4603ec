/** `npm run soak -- NAME [--seed N] [--minutes M] [--slice]`: runs tests/soak/NAME.ts. Exit code 1 when a promise was broken. */
import { readdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Soak } from '../lib/soak.ts';
import { keepScratch, releaseAll } from '../lab/process.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string' },
    minutes: { type: 'string', default: '10' },
    slice: { type: 'boolean', default: false },
  },
});

const names = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && entry.name !== 'run.ts')
  .map((entry) => entry.name.slice(0, -3));
const name = positionals[0];
if (name === undefined || !names.includes(name)) {
  console.error(`usage: npm run soak -- NAME [--seed N] [--minutes M]   NAME: ${names.join(', ')}`);
  process.exit(2);
}

// A slice is the same every time; a long run draws its own seed and says it.
const seed = values.seed === undefined ? (values.slice ? 1 : Math.floor(Math.random() * 1e9)) : Number(values.seed);
const { soak } = (await import(`./${name}.ts`)) as { soak: Soak };
const start = performance.now();
try {
  const minutes = values.slice ? 0.5 : Number(values.minutes);
  const report = await soak({ seed, minutes, slice: values.slice, say: (line) => console.log(line) });
  const seconds = Math.round((performance.now() - start) / 1000);
  console.log(
    `${name}: held for ${seconds} s (seed ${seed}): ${Object.entries(report)
      .map(([key, value]) => `${key} ${value}`)
      .join(', ')}`,
  );
} catch (error) {
  keepScratch();
  process.exitCode = 1;
  console.error(error);
  console.log(`${name}: broken (again with: npm run soak -- ${name} --seed ${seed})`);
} finally {
  await releaseAll();
}
process.exit();
