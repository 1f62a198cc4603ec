/**
 * kill -9 at any moment: the services submit notes to a CRM while answers are lost and, with Request Tracker, the server itself is
 * killed; the process is killed at random and started again on the same folder. In the end every note that was taken is in the
 * CRM exactly once, and none that was not taken is there twice.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { dice, type Dice } from '../../demo/people/index.ts';
import { requestTrackerWorld, startDemoWorld, type CrmWorld } from '../lab/crm-world.ts';
import { startFaultProxy, type FaultProxy } from '../lab/fault-proxy.ts';
import { scratch } from '../lab/process.ts';
import { hasRequestTracker, startRequestTracker } from '../lab/servers/request-tracker.ts';
import type { Soak, SoakOptions } from '../lib/soak.ts';

const writer = fileURLToPath(new URL('../lab/fixtures/note-writer.ts', import.meta.url));

interface Written {
  /** Note → its case, or `new`. */
  readonly begun: Map<string, string>;
  readonly acknowledged: Set<string>;
}

interface Child {
  /** Resolves when so many notes were taken. */
  acknowledged(count: number): Promise<void>;
  /** Resolves when it has ended and everything that it said was read. */
  readonly ended: Promise<{ code: number | null; last: string }>;
  kill(): void;
}

function startWriter(args: readonly string[], written: Written): Child {
  const child = spawn(process.execPath, [writer, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let count = 0;
  const waiting: { count: number; go: () => void }[] = [];
  const ended = (async () => {
    let last = '';
    for await (const line of createInterface({ input: child.stdout })) {
      const [what, id = '', where = ''] = line.split(' ');
      last = line;
      if (what === 'begin') written.begun.set(id, where);
      if (what !== 'ack') continue;
      written.acknowledged.add(id);
      count += 1;
      for (const one of waiting) if (count >= one.count) one.go();
    }
    for (const one of waiting) one.go();
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    return { code: child.exitCode, last };
  })();
  return {
    acknowledged: (wanted) =>
      new Promise((resolve) => {
        if (count >= wanted) resolve();
        else waiting.push({ count: wanted, go: resolve });
      }),
    ended,
    kill: () => void child.kill('SIGKILL'),
  };
}

/** Every note of these cases and every case that a note made. Throws for what is lost or doubled. */
async function check(world: CrmWorld, written: Written, cases: readonly string[]): Promise<void> {
  const found = new Map<string, number>();
  for (const id of cases) {
    for (const { content } of await world.comments(id)) {
      const note = content.trim().replace('soak ', '');
      found.set(note, (found.get(note) ?? 0) + 1);
      if (written.begun.get(note) !== id) throw new Error(`Note ${note} is in case ${id}, where it does not belong.`);
    }
  }
  for (const [note, where] of written.begun) {
    if (where !== 'new') continue;
    const made = await world.ticketsBySubject(`soak ${note}`);
    if (made.length > 1) throw new Error(`Note ${note} made ${made.length} cases.`);
    const comments = made[0] === undefined ? [] : await world.comments(made[0]);
    found.set(note, comments.length);
  }
  for (const [note, count] of found) if (count > 1) throw new Error(`Note ${note} is there ${count} times.`);
  for (const note of written.acknowledged) if (found.get(note) !== 1) throw new Error(`Note ${note} was taken and is lost.`);
}

interface Place {
  readonly name: string;
  readonly world: CrmWorld;
  /** Kills the CRM and starts it again; null: it is not killed. */
  readonly restart: (() => Promise<void>) | null;
}

async function round(
  place: Place,
  proxy: FaultProxy,
  folder: string,
  random: Dice,
): Promise<{ kills: number; written: Written }> {
  const { world } = place;
  const cases = await Promise.all([1, 2, 3].map((n) => world.seedTicket({ subject: `Soak ${n}`, requestor: [] })));
  const written: Written = { begun: new Map(), acknowledged: new Set() };
  const kills = 2;
  for (let kill = 0; kill < kills; kill += 1) {
    const child = startWriter([folder, proxy.url, world.token, 'write', ...cases], written);
    for (const matches of [/POST .*\/ticket$/, /POST .*comment/, /PUT /]) {
      // Lost or not, nothing waits for it.
      if (random.fraction() < 0.5) void proxy.loseAnswers(matches, 1 + random.below(2));
    }
    await child.acknowledged(1 + random.below(20));
    if (place.restart && random.fraction() < 0.4) await place.restart();
    const pause = random.below(150);
    await new Promise((resolve) => setTimeout(resolve, pause));
    child.kill();
    await child.ended;
  }
  const drain = startWriter([folder, proxy.url, world.token, 'drain'], written);
  const { code, last } = await drain.ended;
  if (code !== 0 || last !== 'drained 0') throw new Error(`The outbox did not drain (code ${code}, last words: ${last}).`);
  await check(world, written, cases);
  return { kills, written };
}

async function soakAt(
  place: Place,
  options: SoakOptions,
  rounds: number,
  until: number,
): Promise<{ kills: number; notes: number }> {
  const random = dice(options.seed);
  const proxy = await startFaultProxy(place.world.url);
  const folder = scratch('soak-outbox');
  let kills = 0;
  let notes = 0;
  try {
    for (let number = 1; options.slice ? number <= rounds : performance.now() < until; number += 1) {
      const done = await round(place, proxy, folder, random);
      kills += done.kills;
      notes += done.written.acknowledged.size;
      if (!options.slice) options.say(`${place.name}: ${kills} kills, ${notes} notes taken, each there once`);
    }
  } finally {
    await proxy.stop();
    await place.world.stop();
  }
  return { kills, notes };
}

/** Half of the time on the demo's CRM, half on Request Tracker where it is installed. A slice is two rounds of the first and one of the second. */
export const soak: Soak = async (options) => {
  const start = performance.now();
  const half = options.minutes * 30_000;
  const demo = await soakAt({ name: 'demo', world: await startDemoWorld(), restart: null }, options, 2, start + half);
  if (!hasRequestTracker()) return { ...demo, lost: 0, doubled: 0 };
  const rt = await startRequestTracker();
  const restart = async () => {
    await rt.stop('SIGKILL');
    await rt.start();
  };
  const real = await soakAt({ name: 'Request Tracker', world: requestTrackerWorld(rt), restart }, options, 1, start + 2 * half);
  return {
    kills: demo.kills + real.kills,
    notes: demo.notes + real.notes,
    notes_in_request_tracker: real.notes,
    lost: 0,
    doubled: 0,
  };
};
