/** `npm run bench -- sync [--people N] [--count ROUNDS]`: the app's copy of a directory, beside a bare paged read of the same server. */
import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Attribute, Change } from 'ldapts';
import { build } from 'vite';
import { dice, generatePeople, type DemoPerson, type Dice } from '../../demo/people/index.ts';
import { attributesOf } from '../../main/services/directory/ldap/entry.ts';
import { settingsFile } from '../../main/services/settings/schema.ts';
import { percentile, type Bench } from '../lib/bench.ts';
import { scratch } from '../lab/process.ts';
import { startSlapd, type Slapd } from '../lab/servers/slapd.ts';
import type { Order, Start } from './fixtures/sync-client.ts';

const PAGE = 500;
const CHANGES = 1000;

interface Told {
  readonly value: unknown;
  readonly ms: number;
}

interface Client {
  ask(order: Order): Promise<Told>;
  end(): Promise<void>;
}

/** The client and the database worker as they ship, without TypeScript's types or the loader that strips them, which takes 60 MB. */
async function bundled(): Promise<string> {
  const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
  // In the project: what is not bundled is looked for from there.
  const folder = at(`../../out/bench-${process.pid}`);
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: true,
      outDir: folder,
      rollupOptions: {
        input: { client: at('fixtures/sync-client.ts'), worker: at('../../main/db/worker.ts') },
        output: { entryFileNames: '[name].mjs' },
      },
    },
    ssr: { noExternal: true, external: ['better-sqlite3'] },
  });
  return folder;
}

async function startClient(program: string, slapd: Slapd, bare = false): Promise<Client> {
  const { url, bindDn, password, baseDn } = slapd;
  const start: Start = { worker: './worker.mjs', folder: scratch('bench-sync'), url, bindDn, password, baseDn };
  const child = fork(join(program, 'client.mjs'), [JSON.stringify(start), ...(bare ? ['bare'] : [])], { stdio: 'inherit' });
  const exited = once(child, 'exit').then(() => {
    throw new Error('The client ended.');
  });
  exited.catch(() => undefined);
  const answer = async (): Promise<Told> => {
    const [message] = (await Promise.race([once(child, 'message'), exited])) as [Told | { error: string }];
    if ('error' in message) throw new Error(message.error);
    return message;
  };
  await answer();
  return {
    ask(order) {
      const told = answer();
      child.send(order);
      return told;
    },
    async end() {
      child.kill();
      await exited.catch(() => undefined);
    },
  };
}

/** A thousand changes: mostly facts, some who come and some who go. */
async function change(slapd: Slapd, people: DemoPerson[], roll: Dice, round: number): Promise<void> {
  await slapd.asAdmin(async (client) => {
    const some = new Set<DemoPerson>();
    const changes = Math.min(CHANGES, people.length / 2);
    while (some.size < changes) some.add(roll.pick(people));
    let n = 0;
    for (const person of some) {
      n += 1;
      if (n % 20 === 0) {
        await client.del(slapd.dn({ id: person.id, ou: 'people' }));
        people.splice(people.indexOf(person), 1);
      } else {
        const modification = new Attribute({ type: 'title', values: [`${person.title} ${round}`] });
        await client.modify(slapd.dn({ id: person.id, ou: 'people' }), new Change({ operation: 'replace', modification }));
      }
    }
  });
}

const rounded = (value: number) => Math.round(value * 100) / 100;
const middle = (values: readonly number[]) => rounded(percentile(values, 0.5));

/** What an agent types: names, letter by letter. */
function typed(people: readonly DemoPerson[], roll: Dice): string[] {
  return Array.from({ length: 200 }, () => roll.pick(people).name).flatMap((name) =>
    Array.from({ length: Math.min(8, name.length) }, (_, i) => name.slice(0, i + 1)),
  );
}

export const bench: Bench = async ({ seed, people: count = 100_000, count: rounds = 3, say }) => {
  const people = generatePeople({ count, seed });
  const roll = dice(seed + 1);
  say(`filling slapd with ${count} people`);
  const slapd = await startSlapd({ people });
  const settings = settingsFile.parse({ directory: { kind: 'ldap', url: slapd.url, baseDn: slapd.baseDn } }).directory;
  if (settings?.kind !== 'ldap') throw new Error('no LDAP settings');
  const attributes = attributesOf(settings.mapping, ['entryUUID', 'entryCSN']);

  const program = await bundled();
  const bares: number[] = [];
  const fulls: number[] = [];
  const searches: number[] = [];
  let memory = { now: 0, peak: 0 };
  let client = await startClient(program, slapd);
  // By turns, so that what else the machine does falls on both. The first of each finds the server cold.
  for (let round = 0; round <= rounds; round++) {
    const reader = await startClient(program, slapd, true);
    const bare = await reader.ask({ what: 'bare', attributes, pageSize: PAGE });
    await reader.end();
    await client.end();
    client = await startClient(program, slapd);
    const full = await client.ask({ what: 'refresh' });
    if (bare.value !== count || full.value !== count) throw new Error('Not everybody was read.');
    const began = performance.now();
    const login = ['-x', '-LLL', '-H', slapd.url, '-D', slapd.bindDn, '-w', slapd.password, '-b', slapd.baseDn];
    execFileSync('ldapsearch', [...login, '-E', `pr=${PAGE}/noprompt`, settings.filter, ...attributes], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const search = performance.now() - began;
    say(`bare ${Math.round(bare.ms)} ms, ldapsearch ${Math.round(search)} ms, full load ${Math.round(full.ms)} ms`);
    if (round === 0) continue;
    bares.push(bare.ms);
    fulls.push(full.ms);
    searches.push(search);
  }
  memory = (await client.ask({ what: 'memory' })).value as typeof memory;
  const loadPeak = memory.peak;

  const nothing: number[] = [];
  for (let i = 0; i < 50; i++) nothing.push((await client.ask({ what: 'refresh' })).ms);

  const deltas: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    await change(slapd, people, roll, round);
    const { ms, value } = await client.ask({ what: 'refresh' });
    if (value !== people.length) throw new Error(`The copy has ${String(value)} of ${people.length} people.`);
    say(`1,000 changes ${Math.round(ms)} ms`);
    if (round > 0) deltas.push(ms);
  }
  memory = (await client.ask({ what: 'memory' })).value as typeof memory;

  const queries = typed(people, roll);
  const waitsDuring = async (work: () => Promise<unknown>) => {
    await client.ask({ what: 'type', queries });
    await work();
    return (await client.ask({ what: 'quiet' })).value as number[];
  };
  await waitsDuring(() => new Promise((resolve) => setTimeout(resolve, 3000)));
  const alone = await waitsDuring(() => new Promise((resolve) => setTimeout(resolve, 10_000)));
  await change(slapd, people, roll, rounds + 1);
  const inDelta = await waitsDuring(() => client.ask({ what: 'refresh' }));
  await client.ask({ what: 'forget' });
  const inLoad = await waitsDuring(() => client.ask({ what: 'refresh' }));
  const after = (await client.ask({ what: 'memory' })).value as typeof memory;
  await client.end();
  rmSync(program, { recursive: true });

  const worst = (waits: readonly number[]) => rounded(Math.max(...waits));
  const p99 = (waits: readonly number[]) => rounded(percentile(waits, 0.99));
  return {
    figures: {
      people: count,
      full_ms: middle(fulls),
      full_vs_bare_ratio: rounded(middle(fulls) / middle(bares)),
      nothing_new_ms: middle(nothing),
      nothing_new_max_ms: worst(nothing),
      delta_1000_ms: middle(deltas),
      worst_stall_ms: worst([...inDelta, ...inLoad]),
      stall_in_delta_ms: worst(inDelta),
      stall_in_load_ms: worst(inLoad),
      stall_in_load_p99_ms: p99(inLoad),
      stall_alone_ms: worst(alone),
      stall_alone_p99_ms: p99(alone),
      rss_mb: rounded(memory.now),
      rss_load_peak_mb: rounded(loadPeak),
      rss_reload_peak_mb: rounded(after.peak),
    },
    peers: { 'bare-ldap': { full_ms: middle(bares) }, ldapsearch: { full_ms: middle(searches) } },
    notes: [
      `Medians of ${rounds} by turns, each in a new process. bare-ldap: ldapts, pages of ${PAGE}, the same attributes, nothing kept.`,
      'A stall: how long a search through the worker took, an agent typing all the while; alone: nothing is read.',
    ],
  };
};
