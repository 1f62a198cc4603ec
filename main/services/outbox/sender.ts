import type { Note, OutboxStatus } from '#contract';
import type { Database } from '../../db/client.ts';
import type { Sending, Step } from '../../db/queries/notes.ts';
import type { CrmFault, CrmPort, CrmResult } from '../crm/index.ts';
import type { Clock, Log, Random } from '../ports.ts';
import { createLanes } from './lanes.ts';

export interface SenderTimings {
  readonly baseMs: number;
  readonly capMs: number;
  /** Notes of different cases that may be under way at once. */
  readonly parallel: number;
  /**
   * When an attempt may have arrived and is not found, how long to wait before looking once more and only then sending again: the
   * server may still be at work on it (a frozen server takes up what stood in its queue).
   */
  readonly settleMs: number;
}

export const defaultTimings: SenderTimings = { baseMs: 500, capMs: 30_000, parallel: 3, settleMs: 3000 };

export interface SenderPorts {
  readonly database: Database;
  readonly crm: CrmPort;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Something that the outbox's status shows has changed. */
  readonly onChange: () => void;
  /** A note has arrived whole. */
  readonly onSent: (note: Note) => void;
  readonly timings: SenderTimings;
}

export interface Sender {
  /** Something may have become possible: look now. */
  wake(): void;
  /** Somebody signed in: go on. */
  resume(): void;
  status(): Pick<OutboxStatus, 'unreachableSince' | 'paused'>;
  close(): void;
}

/** How many cases are looked at in one round. */
const mostLanes = 1000;
/** After the database failed. */
const databaseRetryMs = 1000;

type Outcome = 'done' | 'stopped';

function laneOf(note: Note): string {
  return note.caseId ?? note.id;
}

/**
 * Sends what the outbox holds: first in first out for each case, different cases side by side. Every step of a note is recorded
 * when it is done, and recorded as tried before it is sent; a step that was tried without a seen answer is looked for first.
 */
export function createSender(ports: SenderPorts): Sender {
  const { database, crm, clock, random, log, timings } = ports;
  const lanes = createLanes(timings, timings.parallel);
  const active = new Set<string>();
  /** Steps that were looked for and not found, and since when. */
  const missing = new Map<string, number>();
  let paused: OutboxStatus['paused'] = null;
  let unreachableSince: string | null = null;
  let closed = false;
  let looking = false;
  let lookAgain = false;
  let cancelTimer: (() => void) | null = null;

  const now = () => clock.now().getTime();

  function answered(): void {
    lanes.answered();
    if (unreachableSince === null) return;
    unreachableSince = null;
    ports.onChange();
  }

  /** What a failure means for everything else. */
  function failed(lane: string, fault: CrmFault): void {
    switch (fault.code) {
      case 'unreachable':
      case 'timeout':
        unreachableSince ??= clock.now().toISOString();
        lanes.unanswered(lane, now(), random.fraction(), fault.retryAfterMs);
        break;
      case 'unauthorized':
      case 'secret-missing':
        paused = fault.code;
        answered();
        break;
      case 'rejected':
        lanes.clear(lane);
        answered();
        break;
      case 'conflict':
      case 'internal':
        answered();
        lanes.delay(lane, now(), random.fraction());
        break;
    }
  }

  async function stepFailed(note: Note, step: Step, fault: CrmFault, arrived: boolean): Promise<Outcome> {
    failed(laneOf(note), fault);
    log.warn('outbox.step-failed', { note: note.id, step: step.step, code: fault.code, cause: fault.message });
    const park = fault.code === 'rejected';
    await database.run('outbox.failed', { id: note.id, position: step.position, fault: fault.message, arrived, park });
    ports.onChange();
    return 'stopped';
  }

  async function stepDone(note: Note, step: Step, caseId: string | null): Promise<Note> {
    missing.delete(`${note.id} ${step.position}`);
    answered();
    const after = await database.run('outbox.stepDone', {
      id: note.id,
      position: step.position,
      caseId,
      at: clock.now().toISOString(),
    });
    log.info('outbox.step-done', { note: note.id, step: step.step });
    return after;
  }

  /** Whether an earlier attempt of this step arrived: the case's id for a creation, true for a note. */
  function lookFor(note: Note, step: Step): Promise<CrmResult<string | boolean | null>> {
    return step.step === 'create' ? crm.findCreated(note.id) : crm.hasNote(note.caseId ?? '', note.id);
  }

  async function send(note: Note, step: Step): Promise<CrmResult<string | null>> {
    const caseId = note.caseId ?? '';
    if (step.step === 'comment') return crm.addNote({ clientId: note.id, caseId, text: note.text });
    if (step.step === 'create') {
      if (note.target.kind !== 'newCase') throw new Error('Only a new case is created.');
      const { subject, contactId, number, queue, origin } = note.target;
      return crm.createCase({ clientId: note.id, subject, contactId, number, queue, origin });
    }
    const changed = await crm.changeTags({ caseId, add: note.tags, remove: [] });
    return changed.ok ? { ok: true, value: null } : changed;
  }

  async function runStep(note: Note, step: Step): Promise<Outcome | Note> {
    const key = `${note.id} ${step.position}`;
    // Tags are a set: adding them twice is adding them once.
    if (step.tried && step.step !== 'tags') {
      const found = await lookFor(note, step);
      if (closed) return 'stopped';
      if (!found.ok) return stepFailed(note, step, found.error, true);
      answered();
      if (typeof found.value === 'string') return stepDone(note, step, found.value);
      if (found.value === true) return stepDone(note, step, null);
      const since = missing.get(key) ?? now();
      missing.set(key, since);
      if (now() < since + timings.settleMs) {
        lanes.delayUntil(laneOf(note), since + timings.settleMs);
        return 'stopped';
      }
    }
    await database.run('outbox.attempt', { id: note.id, position: step.position });
    if (closed) return 'stopped';
    const sent = await send(note, step);
    if (closed) return 'stopped';
    if (sent.ok) return stepDone(note, step, sent.value);
    if (sent.error.mayHaveArrived) missing.delete(key);
    return stepFailed(note, step, sent.error, sent.error.mayHaveArrived);
  }

  async function runNote(sending: Sending, holds: Set<string>): Promise<void> {
    let { note } = sending;
    for (const step of sending.steps) {
      if (closed || paused !== null) return;
      const outcome = await runStep(note, step);
      if (outcome === 'stopped' || outcome === 'done') return;
      note = outcome;
      // A case that was just made may be written to by later notes; they wait until this one is whole.
      holds.add(laneOf(note));
      active.add(laneOf(note));
    }
    lanes.clear(laneOf(note));
    ports.onChange();
    if (note.state === 'sent') ports.onSent(note);
  }

  async function work(sending: Sending): Promise<void> {
    const holds = new Set([laneOf(sending.note)]);
    for (const lane of holds) active.add(lane);
    try {
      await runNote(sending, holds);
    } catch (error) {
      if (closed) return;
      log.error('outbox.database-failed', { cause: error instanceof Error ? error.message : String(error) });
      for (const lane of holds) lanes.delayUntil(lane, now() + databaseRetryMs);
    } finally {
      for (const lane of holds) active.delete(lane);
      look();
    }
  }

  function lookAt(instant: number): void {
    cancelTimer?.();
    cancelTimer = clock.after(Math.max(0, instant - now()), look);
  }

  async function round(): Promise<void> {
    if (paused !== null) return;
    const heads = await database.run('outbox.pending', { most: mostLanes });
    let next = Number.POSITIVE_INFINITY;
    for (const sending of heads) {
      const lane = laneOf(sending.note);
      // By its own id too: a case that was made in this very moment has a lane that nobody holds yet.
      if (active.has(lane) || active.has(sending.note.id)) continue;
      const readyAt = lanes.readyAt(lane);
      if (readyAt > now()) next = Math.min(next, readyAt);
      else if (active.size < lanes.parallel()) void work(sending);
    }
    if (next !== Number.POSITIVE_INFINITY) lookAt(next);
  }

  function look(): void {
    if (closed) return;
    if (looking) {
      lookAgain = true;
      return;
    }
    looking = true;
    cancelTimer?.();
    cancelTimer = null;
    void round()
      .catch((error: unknown) => {
        if (closed) return;
        log.error('outbox.database-failed', { cause: error instanceof Error ? error.message : String(error) });
        lookAt(now() + databaseRetryMs);
      })
      .finally(() => {
        looking = false;
        if (!lookAgain) return;
        lookAgain = false;
        look();
      });
  }

  return {
    wake() {
      lanes.wake();
      look();
    },
    resume() {
      if (paused !== null) {
        paused = null;
        ports.onChange();
      }
      lanes.wake();
      look();
    },
    status: () => ({ unreachableSince, paused }),
    close() {
      closed = true;
      cancelTimer?.();
    },
  };
}
