/**
 * kill -9 at any moment: a process writes to the database and to the outbox's export until it is killed; whatever it had
 * acknowledged is there afterwards, and both files are sound. Again and again on the same folder.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { openInFolder } from '../../main/db/open.ts';
import { openOutboxExport } from '../../main/db/outbox-export.ts';
import { key } from '../database/support.ts';
import type { Soak } from '../lib/soak.ts';

const writer = fileURLToPath(new URL('../database/fixtures/writer.ts', import.meta.url));

/** Chance that can be had again (mulberry32). */
function chance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

interface Acknowledged {
  readonly calls: number[];
  readonly kept: Set<number>;
  /** Put or removed at the moment of the kill: either is right. */
  readonly open: Set<number>;
}

/** Lets a writer run from `first` on, kills it after `lines` lines and `microseconds` more, and tells what it had acknowledged. */
async function writeAndKill(folder: string, first: number, lines: number, delayMs: number): Promise<Acknowledged> {
  const child = spawn(process.execPath, [writer, folder, String(first)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const calls: number[] = [];
  const kept = new Set<number>();
  let seen = 0;
  let killing: NodeJS.Timeout | null = null;
  // Lines that were printed before the kill are read after it: they were acknowledged too.
  for await (const line of createInterface({ input: child.stdout })) {
    const [what, number] = line.split(' ');
    if (what === 'call') calls.push(Number(number));
    if (what === 'put') kept.add(Number(number));
    if (what === 'remove') kept.delete(Number(number));
    seen += 1;
    if (seen >= lines) killing ??= setTimeout(() => child.kill('SIGKILL'), delayMs);
  }
  if (killing) clearTimeout(killing);
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  if (child.signalCode !== 'SIGKILL') throw new Error(`The writer ended by itself (${child.exitCode}).`);
  const last = calls.at(-1) ?? first;
  return { calls, kept, open: new Set([last, last + 1]) };
}

function check(folder: string, all: readonly Acknowledged[]): void {
  const opened = openInFolder(folder, key, new Date());
  if (!opened.ok) throw new Error(opened.error.message);
  const { database, outboxExport, report } = opened.value;
  if (report.movedAside !== null) throw new Error(`The database was taken for damaged: ${report.damage}`);
  const stored = new Set(database.prepare('SELECT id FROM call_log').pluck().all());
  for (const { calls } of all) {
    for (const number of calls)
      if (!stored.has(`call-${number}`)) throw new Error(`call-${number} was acknowledged and is lost.`);
  }
  const sound = database.pragma('integrity_check', { simple: true });
  if (sound !== 'ok') throw new Error(`integrity_check: ${String(sound)}`);
  outboxExport.close();
  database.close();

  const outbox = openOutboxExport(join(folder, 'other.journal'), key);
  if (outbox.unreadable > 0) throw new Error(`${outbox.unreadable} lines of the export cannot be read.`);
  const found = new Set(outbox.entries().map(({ id }) => Number(id.slice('note-'.length))));
  outbox.close();
  const unsure = new Set(all.flatMap(({ open }) => [...open]));
  const wanted = new Set(all.flatMap(({ kept }) => [...kept]));
  for (const number of wanted)
    if (!found.has(number) && !unsure.has(number)) throw new Error(`note-${number} was kept and is lost.`);
  for (const number of found)
    if (!wanted.has(number) && !unsure.has(number)) throw new Error(`note-${number} was removed and is back.`);
}

/** A slice is five kills. */
export const soak: Soak = async ({ seed, minutes, slice, say }) => {
  const folder = mkdtempSync(join(tmpdir(), 'samband-kill-'));
  const random = chance(seed);
  const until = performance.now() + minutes * 60_000;
  const all: Acknowledged[] = [];
  let acknowledged = 0;
  try {
    for (let kills = 0; slice ? kills < 5 : performance.now() < until; kills += 1) {
      const first = (all.at(-1)?.calls.at(-1) ?? -1) + 2;
      const one = await writeAndKill(folder, first, 1 + Math.floor(random() * 400), random() * 3);
      all.push(one);
      acknowledged += one.calls.length;
      check(folder, all);
      if (kills % 20 === 19) say(`${kills + 1} kills, ${acknowledged} calls acknowledged, none lost`);
    }
    return { kills: all.length, acknowledged, lost: 0 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
