import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { noteSubmission, noteTarget, type Note, type NoteSubmission, type SendState } from '#contract';
import { outboxExportOf } from '../outbox-export.ts';
import { statement } from '../statement.ts';
import { draftQueries } from './drafts.ts';

const tagList = noteSubmission.shape.tags;

export type StepKind = 'create' | 'comment' | 'tags';

export interface Step {
  readonly position: number;
  readonly step: StepKind;
  /** An attempt may have arrived although no answer was seen. */
  readonly tried: boolean;
}

/** A note that has something left to do, with its steps that are not done. */
export interface Sending {
  readonly seq: number;
  readonly note: Note;
  readonly steps: readonly Step[];
}

export interface OutboxFigures {
  readonly pending: number;
  readonly parked: number;
  readonly lastSentAt: string | null;
  readonly unsent: readonly Note[];
}

interface NoteRow {
  seq: number;
  id: string;
  call_id: string;
  target: string;
  text: string;
  tags: string;
  created_at: string;
  state: SendState;
  case_id: string | null;
  attempts: number;
  fault: string | null;
}

function toNote(row: NoteRow): Note {
  return {
    id: row.id,
    callId: row.call_id,
    target: noteTarget.parse(JSON.parse(row.target)),
    text: row.text,
    tags: tagList.parse(JSON.parse(row.tags)),
    createdAt: row.created_at,
    state: row.state,
    caseId: row.case_id,
    attempts: row.attempts,
    fault: row.fault,
  };
}

function byId(database: Database, input: { id: string }): Note | null {
  const row = statement<[string], NoteRow>(database, 'SELECT * FROM notes WHERE id = ?').get(input.id);
  return row ? toNote(row) : null;
}

/** What has to be done at the CRM for a note, in order. */
function stepsOf(note: NoteSubmission): StepKind[] {
  const steps: StepKind[] = [];
  if (note.target.kind === 'newCase') steps.push('create');
  if (note.text.trim() !== '') steps.push('comment');
  if (note.tags.length > 0) steps.push('tags');
  return steps;
}

function insert(database: Database, note: NoteSubmission, at: string, tried: boolean): void {
  const steps = stepsOf(note);
  statement<[Record<string, string | null>]>(
    database,
    `INSERT INTO notes (id, call_id, target, text, tags, created_at, state, case_id, sent_at)
     VALUES (@id, @callId, @target, @text, @tags, @at, @state, @caseId, @sentAt)`,
  ).run({
    id: note.id,
    callId: note.callId,
    target: JSON.stringify(note.target),
    text: note.text,
    tags: JSON.stringify(note.tags),
    at,
    // Nothing to say is nothing to send.
    state: steps.length === 0 ? 'sent' : 'pending',
    caseId: note.target.kind === 'case' ? note.target.caseId : null,
    sentAt: steps.length === 0 ? at : null,
  });
  const add = statement<[string, number, StepKind, number]>(
    database,
    'INSERT INTO outbox (note_id, position, step, tried) VALUES (?, ?, ?, ?)',
  );
  steps.forEach((step, position) => add.run(note.id, position, step, tried ? 1 : 0));
}

/**
 * Takes a finished note: note, outbox rows and the removal of its draft in one transaction, then the sealed journal; both are on
 * disk when this returns. The same id again changes nothing and answers the note as it is.
 */
function submit(database: Database, input: { note: NoteSubmission; at: string }): Note {
  const { note, at } = input;
  database
    .transaction(() => {
      if (byId(database, { id: note.id }) === null) insert(database, note, at, false);
      statement<[string]>(database, 'DELETE FROM drafts WHERE call_id = ?').run(note.callId);
    })
    .immediate();
  const stored = byId(database, { id: note.id });
  if (!stored) throw new Error('The note was not stored.');
  if (stored.state !== 'sent') outboxExportOf(database).put(note.id, journalled(stored));
  return stored;
}

const journalEntry = z.object({ note: noteSubmission, createdAt: z.string(), caseId: z.string().nullable() });

/** What the journal keeps of a note: its submission, when it was made, and the case that it made, if any. */
function journalled(note: Note): z.infer<typeof journalEntry> {
  const { id, callId, target, text, tags, createdAt, caseId } = note;
  return { note: { id, callId, target, text, tags }, createdAt, caseId };
}

/**
 * After every opening: notes that only the journal has (the database was lost, or a kill came between the two) are taken up
 * again, as ones that may have arrived already; then the journal holds exactly what is unsent. Answers how many were taken up.
 */
function recover(database: Database, input: { at: string }): number {
  const journal = outboxExportOf(database);
  let recovered = 0;
  database
    .transaction(() => {
      for (const { value } of journal.entries()) {
        const kept = journalEntry.safeParse(value);
        if (!kept.success) continue; // stays in the journal, see below
        const { note, createdAt, caseId } = kept.data;
        if (byId(database, { id: note.id }) !== null) continue;
        insert(database, note, createdAt, true);
        if (caseId !== null && note.target.kind === 'newCase') {
          statement<[string, string]>(database, 'UPDATE notes SET case_id = ? WHERE id = ?').run(caseId, note.id);
          statement<[string, string]>(database, `UPDATE outbox SET done_at = ? WHERE note_id = ? AND step = 'create'`).run(
            input.at,
            note.id,
          );
        }
        recovered += 1;
      }
    })
    .immediate();
  // An entry of a shape that this version does not know (a newer one wrote it) is still somebody's note: it is kept.
  const unknown = journal.entries().filter(({ value }) => !journalEntry.safeParse(value).success);
  journal.replace([...unknown, ...unsent(database, 1_000_000).map((note) => ({ id: note.id, value: journalled(note) }))]);
  return recovered;
}

function unsent(database: Database, most: number): Note[] {
  return statement<[number], NoteRow>(database, `SELECT * FROM notes WHERE state <> 'sent' ORDER BY seq LIMIT ?`)
    .all(most)
    .map(toNote);
}

/**
 * The oldest pending note of each case (and each new case), oldest first, up to `most`: what may be sent now. Notes of one case go
 * one after another.
 */
function pending(database: Database, input: { most: number }): Sending[] {
  const rows = statement<[number], NoteRow>(
    database,
    `SELECT * FROM notes WHERE seq IN (
       SELECT min(seq) FROM notes WHERE state <> 'sent' AND state = 'pending' GROUP BY coalesce(case_id, id)
     ) ORDER BY seq LIMIT ?`,
  ).all(input.most);
  const steps = statement<[string], { position: number; step: StepKind; tried: number }>(
    database,
    'SELECT position, step, tried FROM outbox WHERE note_id = ? AND done_at IS NULL ORDER BY position',
  );
  return rows.map((row) => ({
    seq: row.seq,
    note: toNote(row),
    steps: steps.all(row.id).map((step) => ({ ...step, tried: step.tried === 1 })),
  }));
}

/** Before an attempt: counts it, and remembers that from now on it may arrive. */
function attempt(database: Database, input: { id: string; position: number }): null {
  database
    .transaction(() => {
      statement<[string]>(database, 'UPDATE notes SET attempts = attempts + 1 WHERE id = ?').run(input.id);
      statement<[string, number]>(database, 'UPDATE outbox SET tried = 1 WHERE note_id = ? AND position = ?').run(
        input.id,
        input.position,
      );
    })
    .immediate();
  return null;
}

/** After an attempt that failed. `arrived` false: it certainly did nothing. `park`: the CRM said no. */
function failed(
  database: Database,
  input: { id: string; position: number; fault: string; arrived: boolean; park: boolean },
): null {
  database
    .transaction(() => {
      if (!input.arrived) {
        statement<[string, number]>(database, 'UPDATE outbox SET tried = 0 WHERE note_id = ? AND position = ?').run(
          input.id,
          input.position,
        );
      }
      statement<[string, string, string]>(
        database,
        `UPDATE notes SET fault = ?, state = ? WHERE id = ? AND state <> 'sent'`,
      ).run(input.fault, input.park ? 'parked' : 'pending', input.id);
    })
    .immediate();
  return null;
}

/** A step is done; with the last one the note is sent. `caseId`: the case that it made. Answers the note as it is now. */
function stepDone(database: Database, input: { id: string; position: number; caseId: string | null; at: string }): Note {
  database
    .transaction(() => {
      const { id, position, caseId, at } = input;
      statement<[string, string, number]>(database, 'UPDATE outbox SET done_at = ? WHERE note_id = ? AND position = ?').run(
        at,
        id,
        position,
      );
      if (caseId !== null) statement<[string, string]>(database, 'UPDATE notes SET case_id = ? WHERE id = ?').run(caseId, id);
      statement<[string, string, string]>(
        database,
        `UPDATE notes SET state = 'sent', sent_at = ?, fault = NULL WHERE id = ?
           AND NOT EXISTS (SELECT 1 FROM outbox WHERE note_id = ? AND done_at IS NULL)`,
      ).run(at, id, id);
    })
    .immediate();
  const note = byId(database, { id: input.id });
  if (!note) throw new Error('The note is gone.');
  const journal = outboxExportOf(database);
  if (note.state === 'sent') journal.remove(note.id);
  else if (input.caseId !== null) journal.put(note.id, journalled(note));
  return note;
}

/** A parked note is to be tried again. False: there is no such parked note. */
function unpark(database: Database, input: { id: string }): boolean {
  return (
    statement<[string]>(database, `UPDATE notes SET state = 'pending' WHERE id = ? AND state = 'parked'`).run(input.id)
      .changes === 1
  );
}

/** The outbox's figures and the oldest `most` unsent notes. */
function figures(database: Database, input: { most: number }): OutboxFigures {
  const counts = statement<[], { pending: number; parked: number }>(
    database,
    `SELECT count(*) FILTER (WHERE state = 'pending') AS pending, count(*) FILTER (WHERE state = 'parked') AS parked
     FROM notes WHERE state <> 'sent'`,
  ).get();
  const last = statement<[], { at: string | null }>(
    database,
    `SELECT max(sent_at) AS at FROM notes WHERE state = 'sent'`,
  ).get();
  return {
    pending: counts?.pending ?? 0,
    parked: counts?.parked ?? 0,
    lastSentAt: last?.at ?? null,
    unsent: unsent(database, input.most),
  };
}

/**
 * What only this machine has: notes that are on their way, also those that only the journal knows, and drafts with something in them.
 */
function onlyHere(database: Database): { notes: number; drafts: number } {
  const count = (sql: string) => statement<[], { count: number }>(database, sql).get()?.count ?? 0;
  return {
    notes: Math.max(
      count(`SELECT count(*) AS count FROM notes WHERE state <> 'sent'`),
      outboxExportOf(database).entries().length,
    ),
    drafts: count(`SELECT count(*) AS count FROM drafts WHERE trim(text) <> '' OR tags <> '[]'`),
  };
}

/** Deletes notes that the CRM has had since before `before`. Nothing unsent is ever deleted. */
function purgeSent(database: Database, input: { before: string }): number {
  return statement<[string]>(database, `DELETE FROM notes WHERE state = 'sent' AND sent_at < ?`).run(input.before).changes;
}

export const noteQueries = {
  ...draftQueries,
  'notes.get': byId,
  'notes.submit': submit,
  'notes.purgeSent': purgeSent,
  'outbox.recover': recover,
  'outbox.pending': pending,
  'outbox.attempt': attempt,
  'outbox.failed': failed,
  'outbox.stepDone': stepDone,
  'outbox.unpark': unpark,
  'outbox.figures': figures,
  'outbox.onlyHere': (database: Database, _input: null) => onlyHere(database),
} as const;
