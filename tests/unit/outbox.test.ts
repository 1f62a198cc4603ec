import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EventName, NoteSubmission, OutboxStatus } from '#contract';
import { createNotes } from '../../main/services/notes/index.ts';
import { fullJitterMs } from '../../main/services/outbox/backoff.ts';
import { createLanes } from '../../main/services/outbox/lanes.ts';
import type { Random } from '../../main/services/ports.ts';
import { fakeCrm, manualClock, memoryDatabase, noteFor, rest } from './outbox-fakes.ts';

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const timings = { baseMs: 1000, capMs: 30_000, parallel: 3, settleMs: 3000 };

function setUp(fraction: () => number = () => 0.5) {
  const clock = manualClock();
  const crm = fakeCrm();
  const database = memoryDatabase();
  const random: Random = { uuid: () => '', fraction };
  const told: OutboxStatus[] = [];
  const emit = (name: EventName, data: unknown) => {
    // Only the outbox speaks here.
    if (name === 'outbox.changed') told.push(data as OutboxStatus);
  };
  const start = () => createNotes({ database, crm, clock, random, log, emit, keepDays: 30, timings });
  const notes = start();
  const submit = async (note: NoteSubmission) => {
    const stored = await notes.handlers['notes.submit'](note);
    await rest();
    return stored;
  };
  const status = async () => {
    const answer = await notes.handlers['outbox.status'](null);
    if (!answer.ok) throw new Error(answer.error.message);
    return answer.value;
  };
  return { clock, crm, database, notes, start, submit, status, told };
}

describe('backing off', () => {
  test('full jitter: within the doubling ceiling and its cap', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100 }), fc.double({ min: 0, max: 0.999999, noNaN: true }), (failures, fraction) => {
        const wait = fullJitterMs({ baseMs: 500, capMs: 30_000 }, failures, fraction);
        expect(wait).toBeGreaterThanOrEqual(0);
        expect(wait).toBeLessThanOrEqual(Math.min(30_000, failures === 0 ? 0 : 500 * 2 ** (failures - 1)));
      }),
    );
  });

  test('a server that does not answer is asked one at a time, and waits for its Retry-After', () => {
    const lanes = createLanes(timings, 3);
    expect(lanes.parallel()).toBe(3);
    lanes.unanswered('a', 0, 0.5, 60_000);
    expect(lanes.parallel()).toBe(1);
    expect(lanes.readyAt('b')).toBe(60_000);
    lanes.wake();
    expect(lanes.readyAt('b')).toBe(60_000);
    lanes.answered();
    expect([lanes.parallel(), lanes.readyAt('a'), lanes.readyAt('b')]).toEqual([3, 0, 0]);
  });

  test('a lane of its own waits longer each time, and nobody else for it', () => {
    const lanes = createLanes(timings, 3);
    lanes.delay('a', 0, 0.5);
    expect([lanes.readyAt('a'), lanes.readyAt('b')]).toEqual([500, 0]);
    lanes.delay('a', 0, 0.5);
    expect(lanes.readyAt('a')).toBe(1000);
    lanes.clear('a');
    expect(lanes.readyAt('a')).toBe(0);
  });
});

describe('the sender', () => {
  test('case, note and tags, each once, and the draft and the journal are gone', async () => {
    const { crm, database, submit, notes, status } = setUp();
    const note = noteFor(null, { tags: ['A', 'B'] });
    await notes.handlers['drafts.save']({ callId: note.callId, target: null, text: 'uferdig', tags: [] });
    expect(await submit(note)).toMatchObject({ ok: true, value: { state: 'pending', caseId: null } });
    expect(crm.created).toEqual([{ id: '1000', clientId: note.id }]);
    expect(crm.comments).toEqual([{ caseId: '1000', clientId: note.id, text: note.text }]);
    expect([...(crm.tags.get('1000') ?? [])]).toEqual(['A', 'B']);
    expect(await status()).toMatchObject({ pending: 0, parked: 0, unsent: [], paused: null, unreachableSince: null });
    expect(await notes.handlers['drafts.list'](null)).toEqual({ ok: true, value: [] });
    expect(database.journal.size).toBe(0);
  });

  test('different cases side by side, three at most; one case in order', async () => {
    const { crm, submit } = setUp();
    const release = crm.hold();
    for (const id of ['1', '2', '3', '4', '1', '1']) await submit(noteFor(id));
    expect(crm.most()).toBe(3);
    release();
    await rest();
    expect(crm.comments).toHaveLength(6);
    const ofOne = crm.comments.filter(({ caseId }) => caseId === '1').map(({ text }) => Number(text.split(' ')[1]));
    expect(ofOne).toEqual(ofOne.toSorted((a, b) => a - b));
    expect(crm.most()).toBe(3);
  });

  test('waits longer and longer for a server that is down, then sends everything at once', async () => {
    const { clock, crm, submit, status } = setUp(() => 0.999);
    crm.down = 'unreachable';
    for (const id of ['1', '2', '3']) await submit(noteFor(id));
    expect(await status()).toMatchObject({ pending: 3, unreachableSince: '2026-11-22T10:00:00.000Z' });
    const waits: number[] = [];
    for (let round = 0; round < 8; round += 1) {
      const wait = clock.next() ?? 0;
      waits.push(wait);
      await clock.advance(wait);
    }
    expect(waits.at(-1)).toBeGreaterThan(10_000);
    expect(Math.max(...waits)).toBeLessThanOrEqual(30_000);
    crm.down = null;
    await clock.advance(30_000);
    expect(crm.comments).toHaveLength(3);
    expect(await status()).toMatchObject({ pending: 0, unreachableSince: null });
  });

  test('looks before it sends again, twice with a pause, when an answer was lost', async () => {
    const { clock, crm, submit, status } = setUp(() => 0);
    crm.spoil('comment', 'lost');
    await submit(noteFor('1'));
    await clock.advance(0);
    expect(crm.comments).toHaveLength(1);
    expect((await status()).pending).toBe(0);
    // And when it did not arrive: only after the pause.
    crm.spoil('comment', 'timeout', { mayHaveArrived: true });
    await submit(noteFor('2'));
    await clock.advance(0);
    await clock.advance(2900);
    expect(crm.comments).toHaveLength(1);
    await clock.advance(200);
    expect(crm.comments).toHaveLength(2);
  });

  test('needs no look where nothing can have arrived', async () => {
    const { clock, crm, submit } = setUp(() => 0);
    crm.spoil('comment', 'unreachable');
    await submit(noteFor('1'));
    await clock.advance(0);
    expect(crm.comments).toHaveLength(1);
  });

  test('a conflict delays its own case only', async () => {
    const { clock, crm, submit } = setUp();
    crm.spoil('tags', 'conflict');
    await submit(noteFor('1', { text: '', tags: ['A'] }));
    await submit(noteFor('2'));
    expect(crm.comments).toHaveLength(1);
    expect(crm.tags.has('1')).toBe(false);
    await clock.advance(500);
    expect([...(crm.tags.get('1') ?? [])]).toEqual(['A']);
  });

  test('pauses when the token is refused, whatever the time, until somebody signs in', async () => {
    const { clock, crm, notes, submit, status, told } = setUp();
    crm.down = 'unauthorized';
    await submit(noteFor('1'));
    expect((await status()).paused).toBe('unauthorized');
    crm.down = null;
    await clock.advance(3_600_000);
    await submit(noteFor('2'));
    expect(crm.comments).toEqual([]);
    notes.secretChanged?.('sip');
    await rest();
    expect(crm.comments).toEqual([]);
    notes.secretChanged?.('crm');
    await rest();
    expect(crm.comments).toHaveLength(2);
    expect(told.at(-1)).toMatchObject({ paused: null, pending: 0 });
  });

  test('parks what is refused, goes on with the rest, and retries from the step that failed', async () => {
    const { crm, notes, submit, status } = setUp();
    crm.spoil('tags', 'rejected');
    const note = noteFor('1', { tags: ['Ukjent'] });
    await submit(note);
    await submit(noteFor('1'));
    expect(await status()).toMatchObject({
      parked: 1,
      pending: 0,
      unsent: [{ id: note.id, state: 'parked', fault: 'rejected' }],
    });
    await notes.handlers['outbox.retry']({ noteId: note.id });
    await rest();
    expect(crm.comments).toHaveLength(2);
    expect([...(crm.tags.get('1') ?? [])]).toEqual(['Ukjent']);
    expect(await status()).toMatchObject({ parked: 0, pending: 0 });
  });

  test('a note with nothing to say is done at once', async () => {
    const { crm, submit } = setUp();
    expect(await submit(noteFor('1', { text: ' \n' }))).toMatchObject({ ok: true, value: { state: 'sent' } });
    expect(crm.comments).toEqual([]);
  });

  test('nothing configured: notes are kept, and the status says so by their number', async () => {
    const clock = manualClock();
    const database = memoryDatabase();
    const random: Random = { uuid: () => '', fraction: () => 0 };
    const notes = createNotes({ database, crm: null, clock, random, log, emit: () => undefined, keepDays: 30 });
    await notes.handlers['notes.submit'](noteFor('1'));
    expect(await notes.handlers['outbox.status'](null)).toMatchObject({ ok: true, value: { pending: 1, paused: null } });
    expect(database.journal.size).toBe(1);
  });

  test('closed, it sends nothing more', async () => {
    const { clock, crm, notes, submit } = setUp();
    crm.down = 'unreachable';
    await submit(noteFor('1'));
    await notes.close();
    crm.down = null;
    await clock.advance(600_000);
    expect(crm.comments).toEqual([]);
  });

  test('whatever is lost, refused or down, in whatever order: every note arrives once, those of a case in order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.oneof(
            fc.record({ do: fc.constant('note' as const), caseId: fc.constantFrom('1', '2', null), tags: fc.boolean() }),
            fc.record({
              do: fc.constant('spoil' as const),
              write: fc.constantFrom('create' as const, 'comment' as const, 'tags' as const),
              how: fc.constantFrom(
                'lost' as const,
                'unreachable' as const,
                'timeout' as const,
                'conflict' as const,
                'internal' as const,
              ),
              arrived: fc.boolean(),
            }),
            fc.record({
              do: fc.constant('down' as const),
              down: fc.constantFrom('unreachable' as const, 'timeout' as const, null),
            }),
            fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 5000 }) }),
            fc.record({ do: fc.constant('restart' as const) }),
          ),
          { maxLength: 25 },
        ),
        fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })),
        async (actions, fractions) => {
          const { clock, crm, database, start, notes: first } = setUp(() => fractions.next().value ?? 0);
          let notes = first;
          const submitted: NoteSubmission[] = [];
          for (const action of actions) {
            if (action.do === 'note') {
              const note = noteFor(action.caseId, { tags: action.tags ? ['T'] : [] });
              submitted.push(note);
              await notes.handlers['notes.submit'](note);
              await rest();
            } else if (action.do === 'spoil') {
              crm.spoil(action.write, action.how, { mayHaveArrived: action.arrived });
            } else if (action.do === 'down') {
              crm.down = action.down;
            } else if (action.do === 'wait') {
              await clock.advance(action.ms);
            } else {
              await notes.close();
              notes = start();
              await rest();
            }
          }
          crm.down = null;
          for (let round = 0; round < 60; round += 1) await clock.advance(30_000);
          expect(crm.comments.map(({ clientId }) => clientId).toSorted()).toEqual(submitted.map(({ id }) => id).toSorted());
          for (const caseId of ['1', '2']) {
            const ids = crm.comments.filter((one) => one.caseId === caseId).map(({ clientId }) => clientId);
            expect(ids).toEqual(ids.toSorted());
          }
          const made = submitted.filter(({ target }) => target.kind === 'newCase').map(({ id }) => id);
          expect(crm.created.map(({ clientId }) => clientId).toSorted()).toEqual(made.toSorted());
          expect(database.journal.size).toBe(0);
          await notes.close();
          database.sqlite.close();
        },
      ),
      { numRuns: 60 },
    );
  });
});
