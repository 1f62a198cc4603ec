/**
 * kill -9 at any moment, and now and then the loss of the database on top: a process writes calls and notes until it is killed.
 * Whatever it had acknowledged is there afterwards; a note that was sent does not come back. Again and again on one folder.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { databaseFiles } from '../../main/db/files.ts';
import { openInFolder } from '../../main/db/open.ts';
import { queries } from '../../main/db/queries/index.ts';
import { key, scribble } from '../database/support.ts';
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

/** What was acknowledged. `unsure`: under way at the kill; there or not, either is right. */
class Acknowledged {
  readonly calls = new Set<number>();
  readonly unsent = new Set<number>();
  readonly unsure = new Set<number>();
  next = 0;

  read(line: string): void {
    const [what, text] = line.split(' ');
    const number = Number(text);
    this.next = Math.max(this.next, number + 1);
    if (what === 'call') this.calls.add(number);
    if (what === 'note') this.unsent.add(number);
    if (what === 'sent') this.unsent.delete(number);
  }

  killed(): void {
    // The last one that was spoken of, or the one after it.
    for (const number of [this.next - 1, this.next]) this.unsure.add(number);
    this.next += 1;
  }
}

/** Lets a writer run, kills it after so many lines and a moment more, and reads on to the last line that it wrote. */
async function writeAndKill(folder: string, known: Acknowledged, lines: number, delayMs: number): Promise<void> {
  const child = spawn(process.execPath, [writer, folder, String(known.next)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  let seen = 0;
  let killing: NodeJS.Timeout | null = null;
  for await (const line of createInterface({ input: child.stdout })) {
    known.read(line);
    seen += 1;
    if (seen >= lines) killing ??= setTimeout(() => child.kill('SIGKILL'), delayMs);
  }
  await exited;
  if (killing) clearTimeout(killing);
  if (child.signalCode !== 'SIGKILL') throw new Error(`The writer ended by itself (${child.exitCode}).`);
  known.killed();
}

/** The database is lost, in one of several ways. */
function destroy(folder: string, how: number): void {
  const { database, log } = databaseFiles(folder);
  if (how < 1 / 3) scribble(database, 0, 100);
  else if (how < 2 / 3) truncateSync(database, Math.floor(statSync(database).size / 2) + 7);
  else rmSync(database);
  // Whole pages of the log would heal it.
  rmSync(log, { force: true });
}

function check(folder: string, known: Acknowledged, lost: boolean): void {
  const opened = openInFolder(folder, key, new Date());
  if (!opened.ok) throw new Error(opened.error.message);
  const { database, outboxExport, report } = opened.value;
  if (!lost && report.movedAside !== null) throw new Error(`The database was taken for damaged: ${report.damage}`);
  if (lost && !report.created) throw new Error('The loss of the database was not noticed.');
  if (report.unreadableNotes > 0) throw new Error(`${report.unreadableNotes} lines of the export cannot be read.`);
  if (lost) known.calls.clear();
  const recovered = queries['outbox.recover'](database, { at: '2026-11-22T12:00:00.000Z' });
  if (!lost && recovered > 0) throw new Error(`${recovered} notes were only in the export.`);

  const calls = new Set(database.prepare('SELECT id FROM call_log').pluck().all());
  for (const number of known.calls)
    if (!calls.has(`call-${number}`)) throw new Error(`call ${number} was acknowledged and is lost.`);
  const ids = database.prepare("SELECT id FROM notes WHERE state = 'pending'").pluck().all();
  const pending = new Set(ids.map((id) => Number(String(id).split('-').at(-1))));
  for (const number of known.unsent) {
    if (!pending.has(number) && !known.unsure.has(number)) throw new Error(`note ${number} was acknowledged and is lost.`);
  }
  for (const number of pending) {
    if (!known.unsent.has(number) && !known.unsure.has(number))
      throw new Error(`note ${number} was sent and is to be sent again.`);
  }
  const kept = outboxExport.entries().length;
  if (kept !== pending.size) throw new Error(`The export keeps ${kept} notes, the database ${pending.size}.`);
  const sound = database.pragma('integrity_check', { simple: true });
  if (sound !== 'ok') throw new Error(`integrity_check: ${String(sound)}`);
  outboxExport.close();
  database.close();
}

/** A slice is four kills, two of them with the loss of the database. */
export const soak: Soak = async ({ seed, minutes, slice, say }) => {
  const folder = mkdtempSync(join(tmpdir(), 'samband-kill-'));
  const random = chance(seed);
  const until = performance.now() + minutes * 60_000;
  const known = new Acknowledged();
  let kills = 0;
  let losses = 0;
  try {
    for (; slice ? kills < 4 : performance.now() < until; kills += 1) {
      await writeAndKill(folder, known, 1 + Math.floor(random() * 300), random() * 3);
      const lose = slice ? kills % 2 === 1 : kills % 3 === 2;
      if (lose) destroy(folder, random());
      losses += lose ? 1 : 0;
      check(folder, known, lose);
      if (kills % 20 === 19) say(`${kills + 1} kills, ${losses} lost databases, ${known.unsent.size} unsent notes, none lost`);
    }
    return { kills, databases_lost: losses, notes_unsent: known.unsent.size, notes_lost: 0, notes_doubled: 0 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
