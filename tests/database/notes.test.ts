import { describe, expect, test } from 'vitest';
import { openDatabase } from '../../main/db/client.ts';
import { noteQueries } from '../../main/db/queries/notes.ts';
import { scratch } from '../lab/process.ts';
import { key, workerUrl } from './support.ts';
import { memoryDatabase, noteFor } from '../unit/outbox-fakes.ts';

const at = '2026-11-22T10:00:00.000Z';

describe('notes and their outbox', () => {
  test('a note, its steps and the removal of its draft are one transaction', () => {
    const { sqlite, journal } = memoryDatabase();
    const note = noteFor('1', { tags: ['A'] });
    noteQueries['drafts.save'](sqlite, { draft: { callId: note.callId, target: note.target, text: 'x', tags: ['A'] }, at });
    sqlite.exec(`CREATE TRIGGER broken BEFORE DELETE ON drafts BEGIN SELECT raise(ABORT, 'disk full'); END`);
    expect(() => noteQueries['notes.submit'](sqlite, { note, at })).toThrow('disk full');
    expect(noteQueries['notes.get'](sqlite, { id: note.id })).toBeNull();
    expect(noteQueries['outbox.pending'](sqlite, { most: 10 })).toEqual([]);
    expect(noteQueries['drafts.list'](sqlite, null)).toHaveLength(1);
    expect(journal.size).toBe(0);

    sqlite.exec('DROP TRIGGER broken');
    expect(noteQueries['notes.submit'](sqlite, { note, at })).toEqual({
      ...note,
      createdAt: at,
      state: 'pending',
      caseId: '1',
      attempts: 0,
      fault: null,
    });
    expect(noteQueries['drafts.list'](sqlite, null)).toEqual([]);
    expect([...journal.keys()]).toEqual([note.id]);
  });

  test('the same id again changes nothing, not even its text', () => {
    const { sqlite } = memoryDatabase();
    const note = noteFor('1');
    const first = noteQueries['notes.submit'](sqlite, { note, at });
    expect(
      noteQueries['notes.submit'](sqlite, { note: { ...note, text: 'noe annet' }, at: '2027-01-01T00:00:00.000Z' }),
    ).toEqual(first);
    expect(noteQueries['outbox.pending'](sqlite, { most: 10 })).toHaveLength(1);
  });

  test.each([
    ['a case', noteFor('1', { tags: ['A'] }), ['comment', 'tags']],
    ['a new case', noteFor(null, { tags: ['A'] }), ['create', 'comment', 'tags']],
    ['only tags', noteFor('1', { text: ' ', tags: ['A'] }), ['tags']],
    ['only text', noteFor('1'), ['comment']],
    ['a new case without words', noteFor(null, { text: '' }), ['create']],
  ])('the steps of %s', (_name, note, steps) => {
    const { sqlite } = memoryDatabase();
    noteQueries['notes.submit'](sqlite, { note, at });
    const [sending] = noteQueries['outbox.pending'](sqlite, { most: 10 });
    expect(sending?.steps).toEqual(steps.map((step, position) => ({ step, position, tried: false })));
    for (const [position] of steps.entries()) {
      expect(noteQueries['notes.get'](sqlite, { id: note.id })?.state).toBe('pending');
      noteQueries['outbox.attempt'](sqlite, { id: note.id, position });
      noteQueries['outbox.stepDone'](sqlite, { id: note.id, position, caseId: null, at });
    }
    expect(noteQueries['notes.get'](sqlite, { id: note.id })).toMatchObject({ state: 'sent', attempts: steps.length });
  });

  test('only the oldest note of each case is offered, and a new case is its own until it has an id', () => {
    const { sqlite } = memoryDatabase();
    const notes = [noteFor('1'), noteFor('2'), noteFor('1'), noteFor(null), noteFor(null)];
    for (const note of notes) noteQueries['notes.submit'](sqlite, { note, at });
    const heads = () =>
      noteQueries['outbox.pending'](sqlite, { most: 10 }).map(({ note }) => notes.findIndex(({ id }) => id === note.id));
    expect(heads()).toEqual([0, 1, 3, 4]);
    noteQueries['outbox.failed'](sqlite, { id: notes[0]?.id ?? '', position: 0, fault: 'nei', arrived: false, park: true });
    expect(heads()).toEqual([1, 2, 3, 4]);
    expect(noteQueries['outbox.unpark'](sqlite, { id: notes[0]?.id ?? '' })).toBe(true);
    expect(noteQueries['outbox.unpark'](sqlite, { id: notes[1]?.id ?? '' })).toBe(false);
    expect(heads()).toEqual([0, 1, 3, 4]);
    noteQueries['outbox.stepDone'](sqlite, { id: notes[3]?.id ?? '', position: 0, caseId: '2', at });
    expect(heads()).toEqual([0, 1, 4]);
  });

  test('an attempt that certainly did nothing leaves no doubt; one that may have arrived does', () => {
    const { sqlite } = memoryDatabase();
    const note = noteFor('1');
    noteQueries['notes.submit'](sqlite, { note, at });
    const tried = () => noteQueries['outbox.pending'](sqlite, { most: 1 })[0]?.steps[0]?.tried;
    noteQueries['outbox.attempt'](sqlite, { id: note.id, position: 0 });
    expect(tried()).toBe(true);
    noteQueries['outbox.failed'](sqlite, { id: note.id, position: 0, fault: 'x', arrived: false, park: false });
    expect(tried()).toBe(false);
    noteQueries['outbox.attempt'](sqlite, { id: note.id, position: 0 });
    noteQueries['outbox.failed'](sqlite, { id: note.id, position: 0, fault: 'x', arrived: true, park: false });
    expect(tried()).toBe(true);
    expect(noteQueries['notes.get'](sqlite, { id: note.id })).toMatchObject({ attempts: 2, fault: 'x', state: 'pending' });
  });

  test('what only the journal has is taken up, its created case with it; what an unknown version wrote stays there', () => {
    const lost = memoryDatabase();
    const [plain, made, sent] = [noteFor('1'), noteFor(null), noteFor('2')];
    for (const note of [plain, made, sent]) noteQueries['notes.submit'](lost.sqlite, { note, at });
    noteQueries['outbox.stepDone'](lost.sqlite, { id: made.id, position: 0, caseId: '77', at });
    noteQueries['outbox.stepDone'](lost.sqlite, { id: sent.id, position: 0, caseId: null, at });
    const fresh = memoryDatabase();
    for (const [id, value] of lost.journal) fresh.journal.set(id, value);
    fresh.journal.set('junk', { note: 'no note' });
    expect(noteQueries['outbox.recover'](fresh.sqlite, { at })).toBe(2);
    expect(noteQueries['outbox.pending'](fresh.sqlite, { most: 10 })).toMatchObject([
      { note: { id: plain.id, caseId: '1', createdAt: at }, steps: [{ step: 'comment', tried: true }] },
      { note: { id: made.id, caseId: '77' }, steps: [{ step: 'comment', tried: true }] },
    ]);
    expect([...fresh.journal.keys()].toSorted()).toEqual(['junk', plain.id, made.id].toSorted());
    expect(noteQueries['outbox.recover'](fresh.sqlite, { at })).toBe(0);
  });

  test('figures count everything and show the oldest; what was sent long ago is deleted, nothing else', () => {
    const { sqlite } = memoryDatabase();
    const notes = Array.from({ length: 5 }, () => noteFor('1'));
    for (const note of notes) noteQueries['notes.submit'](sqlite, { note, at });
    noteQueries['outbox.stepDone'](sqlite, { id: notes[0]?.id ?? '', position: 0, caseId: null, at });
    const figures = noteQueries['outbox.figures'](sqlite, { most: 2 });
    expect(figures).toMatchObject({ pending: 4, parked: 0, lastSentAt: at });
    expect(figures.unsent.map(({ id }) => id)).toEqual([notes[1]?.id, notes[2]?.id]);
    expect(noteQueries['notes.purgeSent'](sqlite, { before: '2027-01-01T00:00:00.000Z' })).toBe(1);
    expect(noteQueries['outbox.figures'](sqlite, { most: 2 }).pending).toBe(4);
    expect(sqlite.prepare('SELECT count(*) FROM outbox').pluck().get()).toBe(4);
  });

  test('a draft is one a call, and an empty one is none', () => {
    const { sqlite } = memoryDatabase();
    const save = (callId: string, text: string) =>
      noteQueries['drafts.save'](sqlite, { draft: { callId, target: null, text, tags: [] }, at });
    save('a', 'f');
    save('a', 'ferdig snart');
    save('b', 'b');
    expect(noteQueries['drafts.list'](sqlite, null)).toHaveLength(2);
    save('b', '');
    expect(noteQueries['drafts.list'](sqlite, null)).toEqual([{ callId: 'a', target: null, text: 'ferdig snart', tags: [] }]);
  });

  test('a draft that is saved after its own note was submitted does not come back; another one does', () => {
    const { sqlite } = memoryDatabase();
    const note = noteFor('1', { tags: ['A'] });
    noteQueries['notes.submit'](sqlite, { note, at });
    const save = (text: string) =>
      noteQueries['drafts.save'](sqlite, { draft: { callId: note.callId, target: note.target, text, tags: ['A'] }, at });
    save(note.text);
    expect(noteQueries['drafts.list'](sqlite, null)).toEqual([]);
    save('et notat til');
    expect(noteQueries['drafts.list'](sqlite, null)).toHaveLength(1);
  });

  test('in the worker, encrypted, across a restart', async () => {
    const options = { folder: scratch('notes'), key, worker: workerUrl };
    const first = await openDatabase(options);
    if (!first.ok) throw new Error(first.error.message);
    const note = noteFor('1', { tags: ['Æ'] });
    await first.value.run('notes.submit', { note, at });
    await first.value.close();
    const second = await openDatabase(options);
    if (!second.ok) throw new Error(second.error.message);
    expect(await second.value.run('outbox.recover', { at })).toBe(0);
    expect(await second.value.run('outbox.pending', { most: 10 })).toMatchObject([{ note: { id: note.id, tags: ['Æ'] } }]);
    await second.value.close();
  });
});
